//! Commands: a stage for each.

use super::root::State;
use super::view::{Heredoc, Line, Run};
use super::{Unwritable, Writer, words};
use crate::check::{Network, Sharing};
use crate::plan::{Exec, Keep, LAYER, Mount, MountKind, SecretEnv, Step, StepId};

/// What `sh` is run with for a command of the spec, before its text.
const SCRIPT: [&str; 2] = ["/bin/sh", "-ec"];

impl Writer<'_> {
    /// The stage of a command, and what it leaves for those that stand on it.
    pub(super) fn command(&mut self, step: &Step, exec: &Exec) -> Result<(String, State), Unwritable> {
        let root = self.shared_root(&exec.root, step.stage)?;
        let (mut lines, mut state) = (root.lines, root.state);
        if exec.keep == Keep::Layer {
            folder(LAYER, &mut lines, &mut state);
        }
        folder(&exec.cwd, &mut lines, &mut state);
        if !is_root(&state.user) {
            lines.push(Line::setting("USER", "root"));
            state.user = "root".into();
        }
        let env = new_env(exec, &state);
        let mut flags = Vec::new();
        for mount in &exec.mounts {
            flags.push(self.mount(mount)?);
        }
        let env_of_secrets = self.ground.dialect.secret_env();
        let as_file = if env_of_secrets { secret_env } else { secret_file };
        flags.extend(exec.secret_env.iter().map(as_file));
        flags.extend(exec.network.map(network));
        let read: &[SecretEnv] = if env_of_secrets { &[] } else { &exec.secret_env };
        lines.extend(run(exec, env, read, flags)?);
        let name = self.stage(
            step,
            root.platform.or(self.ground.platform(step.platform)),
            root.from,
            lines,
        );
        Ok((name, state))
    }

    fn mount(&mut self, mount: &Mount) -> Result<String, Unwritable> {
        let mut fields = Vec::new();
        match &mount.kind {
            MountKind::Files { from, selector, .. } => {
                let place = self.mounted(*from, selector.as_deref())?;
                fields.push("type=bind".to_owned());
                fields.extend(place.from.map(|from| words::field("from", &from)));
                if !place.folder.is_empty() {
                    fields.push(words::field("source", &place.folder));
                }
            }
            MountKind::Cache { id, sharing } => {
                fields.extend(["type=cache".to_owned(), words::field("id", id)]);
                match sharing {
                    Sharing::Shared => {}
                    Sharing::Private => fields.push("sharing=private".into()),
                    Sharing::Locked => fields.push("sharing=locked".into()),
                }
            }
            MountKind::Secret { id, optional } => fields.extend(given("secret", id, *optional)),
            MountKind::Ssh { id, optional } => fields.extend(given("ssh", id, *optional)),
            MountKind::Tmpfs => fields.push("type=tmpfs".into()),
        }
        fields.push(words::field("target", &mount.path));
        Ok(format!("--mount={}", fields.join(",")))
    }

    /// Where the files of a mount are: a path of the context is mounted as it is.
    fn mounted(&mut self, from: StepId, selector: Option<&str>) -> Result<super::Place, Unwritable> {
        if let Some(selector) = selector
            && let Some(place) = self.direct(from, selector)
        {
            return Ok(place);
        }
        let mut place = self.place(from)?;
        if let Some(selector) = selector {
            place.folder = place.path(selector);
        }
        Ok(place)
    }
}

fn is_root(user: &str) -> bool {
    matches!(user.split(':').next(), None | Some("" | "root" | "0"))
}

/// A folder that must be there, as the one to work in.
fn folder(path: &str, lines: &mut Vec<Line>, state: &mut State) {
    let now = if state.working_dir.is_empty() {
        "/"
    } else {
        &state.working_dir
    };
    if now != path {
        lines.push(Line::setting("WORKDIR", words::path(path)));
        state.working_dir = path.to_owned();
    }
}

/// Variables that the stage does not have yet.
fn new_env<'a>(exec: &'a Exec, state: &State) -> Vec<(&'a str, &'a str)> {
    exec.env
        .iter()
        .filter(|(name, value)| state.env_var(name) != Some(value))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// Variables are the stage's where it does not ship, else the command's own: a stage that the image stands on would hand them on.
fn run(
    exec: &Exec,
    env: Vec<(&str, &str)>,
    read: &[SecretEnv],
    flags: Vec<String>,
) -> Result<Vec<Line>, Unwritable> {
    let mut lines = Vec::new();
    let mut exports = Vec::new();
    match exec.keep {
        Keep::Layer if !env.is_empty() => lines.push(super::config::pairs("ENV", env.into_iter())?),
        Keep::Layer => {}
        Keep::Changes => {
            exports = env
                .iter()
                .map(|(name, value)| format!("{name}={}", words::shell(value)))
                .collect()
        }
    }
    let script = exec.args.len() == 3 && exec.args[..2] == SCRIPT;
    let exported = || {
        let exports = exports.iter().map(|export| format!("export {export}"));
        exports.chain(read.iter().map(read_secret)).collect::<Vec<_>>()
    };
    let run = match exec.args.as_slice() {
        [_, _, text] if script => of_script(text, &exported(), flags),
        args if !read.is_empty() => of_script(&words::command(args), &exported(), flags),
        args if args.first().is_some_and(|program| program == SCRIPT[0]) => {
            let mut words = exports;
            words.push(words::command(args));
            one_line(words.join(" "), flags)
        }
        args if exports.is_empty() => one_line(words::json(args), flags),
        args => one_line(
            format!("env {} {}", exports.join(" "), words::command(args)),
            flags,
        ),
    };
    lines.push(Line::Run(run));
    Ok(lines)
}

fn of_script(text: &str, before: &[String], flags: Vec<String>) -> Run {
    let before = before.iter().map(|line| format!("{line}\n"));
    let text = format!("set -e\n{}{text}", before.collect::<String>());
    let script = Heredoc::of(&text);
    Run {
        flags,
        command: format!("<<'{}'", script.end),
        script: Some(script),
    }
}

/// A word with a line feed needs a here document too.
fn one_line(command: String, flags: Vec<String>) -> Run {
    if command.contains('\n') {
        return of_script(&command, &[], flags);
    }
    Run {
        flags,
        command,
        script: None,
    }
}

/// A secret or an agent of the client.
fn given(kind: &str, id: &str, optional: bool) -> Vec<String> {
    let mut fields = vec![format!("type={kind}"), words::field("id", id)];
    if !optional {
        fields.push("required=true".into());
    }
    fields
}

fn secret_env(secret: &SecretEnv) -> String {
    let mut fields = given("secret", &secret.id, secret.optional);
    fields.push(words::field("env", &secret.name));
    format!("--mount={}", fields.join(","))
}

/// The same secret as a file, at the path that builders choose by themselves.
fn secret_file(secret: &SecretEnv) -> String {
    format!(
        "--mount={}",
        given("secret", &secret.id, secret.optional).join(",")
    )
}

/// The line that makes a variable of such a file.
fn read_secret(secret: &SecretEnv) -> String {
    let path = words::shell(&format!("/run/secrets/{}", secret.id));
    let export = format!("export {}=\"$(cat {path})\"", secret.name);
    if secret.optional {
        return format!("[ ! -f {path} ] || {export}");
    }
    export
}

fn network(network: Network) -> String {
    let network = match network {
        Network::Default => "default",
        Network::None => "none",
        Network::Host => "host",
    };
    format!("--network={network}")
}
