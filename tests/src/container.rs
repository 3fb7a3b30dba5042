//! Containers.

use std::process::Command;
use std::time::Duration;

use crate::{Engine, Image, Output};

/// How a container is run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run<'a> {
    /// In place of the image's own.
    pub entrypoint: Option<&'a str>,
    /// Its arguments.
    pub args: &'a [String],
    /// All other options, word by word: `--volume`, `--env`, ….
    pub options: &'a [String],
}

/// A container that runs until it is stopped, and is removed with the value.
#[derive(Debug)]
pub struct Container {
    engine: Engine,
    id: String,
}

impl Run<'_> {
    pub(crate) fn to_end(self, image: &Image) -> Output {
        Output::of(&mut self.command(image, "--rm"))
    }

    /// Starts it and lets it run.
    #[track_caller]
    pub fn start(self, image: &Image) -> Container {
        let id = Output::of(&mut self.command(image, "--detach")).ok().stdout;
        Container {
            engine: image.engine.clone(),
            id: id.trim().to_owned(),
        }
    }

    fn command(self, image: &Image, how: &str) -> Command {
        let mut command = image.engine.docker(&["run", how]);
        command.args(self.options);
        if let Some(entrypoint) = self.entrypoint {
            command.args(["--entrypoint", entrypoint]);
        }
        command.arg(&image.name).args(self.args);
        command
    }
}

impl Container {
    fn inspect(&self, format: &str) -> String {
        self.engine.ask(&["inspect", "--format", format, &self.id])
    }

    /// Waits for its health to be settled. The image's own healthcheck says how long that may take.
    #[track_caller]
    pub fn becomes_healthy(&self) {
        loop {
            let state = self.inspect("{{.State.Status}} {{.State.Health.Status}}");
            match state.as_str() {
                "running healthy" => return,
                "running starting" => std::thread::sleep(Duration::from_millis(100)),
                _ => panic!(
                    "the container is {state}\n{}\n{}",
                    self.inspect("{{json .State.Health}}"),
                    self.logs()
                ),
            }
        }
    }

    /// Waits until it has printed `words`.
    #[track_caller]
    pub fn says(&self, words: &str) {
        while !self.logs().contains(words) {
            assert_eq!(self.inspect("{{.State.Status}}"), "running", "{}", self.logs());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// `HOST:PORT` at which this machine reaches a published port.
    pub fn address(&self, port: u16) -> String {
        let printed = self.engine.ask(&["port", &self.id, &port.to_string()]);
        printed.lines().next().expect("the port is published").to_owned()
    }

    /// Runs a command in it.
    pub fn exec(&self, command: &[String]) -> Output {
        let mut docker = self.engine.docker(&["exec", &self.id]);
        Output::of(docker.args(command))
    }

    /// What it has printed so far.
    pub fn logs(&self) -> String {
        let output = Output::of(&mut self.engine.docker(&["logs", &self.id]));
        output.stdout + &output.stderr
    }

    /// Waits for its end, and gives its exit code.
    pub fn exit_code(&self) -> i32 {
        self.engine
            .ask(&["wait", &self.id])
            .parse()
            .expect("an exit code")
    }

    /// Ends all of it at once, without a word to it.
    pub fn kill(&self) {
        self.engine.ask(&["kill", "--signal", "KILL", &self.id]);
        self.exit_code();
    }

    /// Stops it as the engine does, and gives its exit code.
    pub fn stop(&self) -> i32 {
        self.engine.ask(&["stop", &self.id]);
        self.inspect("{{.State.ExitCode}}").parse().expect("an exit code")
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        Output::of(&mut self.engine.docker(&["rm", "--force", "--volumes", &self.id]));
    }
}
