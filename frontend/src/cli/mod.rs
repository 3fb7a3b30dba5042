//! The command line, `modelcrate`: the same program as the frontend, started by a person.
//!
//! It adds no second way to an image. A verb that needs the engine is `docker buildx build` with the frontend that the spec names
//! on its first line, so that it says what a build would do; its exit code is docker's own. The rest needs no engine.

mod arguments;
mod around;
mod attestations;
mod docker;
mod failure;
mod init;
mod lock;
mod looked;
mod shell;
mod verify;

pub use init::folder;

use std::ffi::OsString;
use std::io::Write as _;

use clap::Parser as _;

use crate::spec::schema::json_schema;
use arguments::{Arguments, Verb};
use failure::Failure;

/// Does what the arguments say, the program's own name first: the exit code.
///
/// clap itself ends the process with 0 after `--help` and `--version`, and with 2 after wrong usage.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> i32 {
    let outcome = match Arguments::parse_from(arguments).verb {
        Verb::Init { folder, print } => init::init(&folder, print),
        Verb::Build(build) => docker::build(&build),
        Verb::Check(question) => docker::ask("check", &question),
        Verb::Dockerfile(asked) => docker::ask_text("dockerfile", &asked),
        Verb::Plan(plan) => match plan.mermaid {
            true => docker::ask_text("plan.mermaid", &plan.question.asked),
            false => docker::ask("plan", &plan.question),
        },
        Verb::Sizes(question) => docker::ask("sizes", &question),
        Verb::Outline(question) => docker::ask("outline", &question),
        Verb::Targets(question) => docker::ask("targets", &question),
        Verb::Llb(question) => docker::ask("llb", &question),
        Verb::Lock(lock) => lock::lock(&lock),
        Verb::Verify(arguments) => verify::verify(&arguments),
        Verb::Bake(written) => around::bake(&written),
        Verb::Compose(written) => around::compose(&written),
        Verb::K8s(kubernetes) => around::kubernetes(kubernetes),
        Verb::Ci { system, written } => around::ci(system, &written),
        Verb::Schema => print(&json_schema()),
        Verb::Completions { shell } => print(&shell::completions(shell)),
        Verb::Man { folder } => shell::manual(&folder),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            anstream::eprintln!("{failure}");
            failure.code()
        }
    }
}

/// Prints a text. A reader that has seen enough (`| head`) is no failure.
fn print(text: &str) -> Result<i32, Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::new(format!(
            "standard output cannot be written: {cause}"
        ))),
        _ => Ok(0),
    }
}
