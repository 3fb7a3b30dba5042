//! A container that runs until it is stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde::Deserialize;

use crate::{Container, Image, Output, Project, Run};

/// What it must do: become healthy, then all of this in order, and leave with this exit code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Where requests go that name no other port.
    port: u16,
    /// Folders of the example, made ones too, and where they are in the container, read-only.
    #[serde(default)]
    mount: BTreeMap<String, String>,
    /// Its exit code when it is stopped.
    exit: i32,
    /// Part of what it printed by then.
    #[serde(default)]
    logs: Vec<String>,
    #[serde(default)]
    request: Vec<Request>,
    #[serde(default)]
    talk: Vec<Talk>,
    #[serde(default)]
    client: Vec<Client>,
    #[serde(default)]
    upset: Vec<Upset>,
    last: Option<Last>,
}

/// An HTTP request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    port: Option<u16>,
    path: String,
    /// JSON to send; without it the request is a GET.
    post: Option<String>,
    status: u16,
    /// All that is answered.
    body: Option<String>,
    /// Parts of it.
    #[serde(default)]
    contains: Parts,
}

/// One text or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Parts {
    One(String),
    Several(Vec<String>),
}

/// A connection on which one line is said and one comes back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Talk {
    port: u16,
    say: String,
    /// How the line that comes back starts.
    starts: String,
}

/// A container of the same image beside it. `{PORT}` in its arguments is the address of that port on this machine.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Client {
    args: Vec<String>,
    #[serde(default)]
    exit: i32,
    /// Parts of what it prints.
    contains: Vec<String>,
}

/// A command in the container that disturbs it, and the request whose answer tells that it is well again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Upset {
    exec: Vec<String>,
    then: Request,
}

/// A client that the server still works for when it is stopped.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    client: Client,
    /// The answer that tells that the work has begun.
    begun: Request,
}

impl Server {
    /// Starts a container, checks everything, and stops it.
    #[track_caller]
    pub fn check(&self, image: &Image, project: &Project) {
        let container = self.start(image, project);
        container.becomes_healthy();
        for request in &self.request {
            self.answers(&container, request);
        }
        for talk in &self.talk {
            talk.check(&container);
        }
        for client in &self.client {
            client.check(&client.run(image, &container));
        }
        for upset in &self.upset {
            container.exec(&upset.exec).ok();
            while !self
                .reply(&container, &upset.then)
                .is_some_and(|reply| reply.is(&upset.then))
            {
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        let exit = match &self.last {
            Some(last) => self.stop_at_work(image, &container, last),
            None => container.stop(),
        };
        let logs = container.logs();
        assert_eq!(exit, self.exit, "{logs}");
        for part in &self.logs {
            assert!(logs.contains(part.as_str()), "no `{part}` in\n{logs}");
        }
    }

    fn start(&self, image: &Image, project: &Project) -> Container {
        let more = self.request.iter().filter_map(|request| request.port);
        let talks = self.talk.iter().map(|talk| talk.port);
        let clients = self
            .client
            .iter()
            .chain(self.last.iter().map(|last| &last.client));
        let mut ports: BTreeSet<u16> = clients.flat_map(Client::ports).collect();
        ports.extend(more.chain(talks).chain([self.port]));
        let mut options: Vec<String> = ports
            .iter()
            .flat_map(|port| ["--publish".to_owned(), format!("127.0.0.1::{port}")])
            .collect();
        for (folder, path) in &self.mount {
            let folder = project.file(folder);
            options.push(format!("--volume={}:{path}:ro", folder.display()));
        }
        Run {
            options: &options,
            ..Run::default()
        }
        .start(image)
    }

    #[track_caller]
    fn answers(&self, container: &Container, request: &Request) {
        let reply = self.reply(container, request).expect("a reply");
        assert!(reply.is(request), "{request:?}\n{reply:?}");
    }

    /// Nothing when nobody answers.
    fn reply(&self, container: &Container, request: &Request) -> Option<Reply> {
        let address = container.address(request.port.unwrap_or(self.port));
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        let url = format!("http://{address}{}", request.path);
        let reply = match &request.post {
            Some(json) => agent.post(url).content_type("application/json").send(json),
            None => agent.get(url).call(),
        };
        let mut reply = reply.ok()?;
        Some(Reply {
            status: reply.status().as_u16(),
            body: reply.body_mut().read_to_string().ok()?,
        })
    }

    /// Stops it as soon as it works for the client, who must get what it asked for all the same. One that is so quick
    /// that nobody sees it at work is sent again.
    #[track_caller]
    fn stop_at_work(&self, image: &Image, container: &Container, last: &Last) -> i32 {
        loop {
            let at_work = std::thread::scope(|scope| {
                let client = scope.spawn(|| last.client.run(image, container));
                while !client.is_finished() {
                    if self
                        .reply(container, &last.begun)
                        .is_some_and(|reply| reply.is(&last.begun))
                    {
                        return Some((container.stop(), client.join().expect("a client")));
                    }
                }
                last.client.check(&client.join().expect("a client"));
                None
            });
            if let Some((exit, output)) = at_work {
                last.client.check(&output);
                return exit;
            }
        }
    }
}

#[derive(Debug)]
struct Reply {
    status: u16,
    body: String,
}

impl Reply {
    /// Whether it is what the request expects.
    fn is(&self, request: &Request) -> bool {
        self.status == request.status
            && request.body.as_ref().is_none_or(|body| *body == self.body)
            && request.contains.are_in(&self.body)
    }
}

impl Default for Parts {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Parts {
    fn are_in(&self, text: &str) -> bool {
        match self {
            Self::One(part) => text.contains(part.as_str()),
            Self::Several(parts) => parts.iter().all(|part| text.contains(part.as_str())),
        }
    }
}

impl Talk {
    #[track_caller]
    fn check(&self, container: &Container) {
        let stream = TcpStream::connect(container.address(self.port)).expect("a connection");
        writeln!(&stream, "{}", self.say).expect("a peer that listens");
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).expect("a line");
        assert!(line.starts_with(&self.starts), "{self:?}\n{line}");
    }
}

impl Client {
    /// The ports that its arguments name.
    fn ports(&self) -> Vec<u16> {
        let names = self.args.iter().flat_map(|arg| arg.split('{').skip(1));
        names
            .filter_map(|rest| rest.split_once('}')?.0.parse().ok())
            .collect()
    }

    fn run(&self, image: &Image, container: &Container) -> Output {
        let mut args = self.args.clone();
        for port in self.ports() {
            for arg in &mut args {
                *arg = arg.replace(&format!("{{{port}}}"), &container.address(port));
            }
        }
        image.run(&Run {
            args: &args,
            options: &["--network".to_owned(), "host".to_owned()],
            ..Run::default()
        })
    }

    #[track_caller]
    fn check(&self, output: &Output) {
        let told = format!("{self:?}\n{}{}", output.stdout, output.stderr);
        assert_eq!(output.code(), Some(self.exit), "{told}");
        for part in &self.contains {
            assert!(output.stdout.contains(part.as_str()), "{told}");
        }
    }
}
