//! `docker buildx build`, as the verbs run it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use super::arguments::{Asked, Build, Question, SPEC};
use super::failure::Failure;

/// Builds an image.
pub(super) fn build(build: &Build) -> Result<i32, Failure> {
    become_docker(&build.asked, built(build))
}

/// Asks the frontend something that it also answers in JSON.
pub(super) fn ask(call: &str, question: &Question) -> Result<i32, Failure> {
    let format = if question.json { ",format=json" } else { "" };
    ask_text(&format!("{call}{format}"), &question.asked)
}

/// Asks the frontend something that is answered in text alone.
pub(super) fn ask_text(call: &str, asked: &Asked) -> Result<i32, Failure> {
    become_docker(asked, called(call, asked))
}

/// A question whose answer is wanted here.
pub(super) fn answer(call: &str, asked: &Asked) -> Result<Command, Failure> {
    spec_is_there(asked)?;
    let mut docker = Command::new("docker");
    docker.args(called(call, asked));
    Ok(docker)
}

/// What docker is told for a build.
fn built(build: &Build) -> Vec<OsString> {
    let mut words = Words::new();
    words.options("--tag", &build.tags);
    words.flag("--push", build.push);
    words.flag("--load", build.load);
    words.asked(&build.asked)
}

/// What docker is told for a question.
fn called(call: &str, asked: &Asked) -> Vec<OsString> {
    let mut words = Words::new();
    words.0.push(format!("--call={call}").into());
    words.asked(asked)
}

/// Lets docker take the place of this process: terminal, signals and exit code are then its own.
fn become_docker(asked: &Asked, words: Vec<OsString>) -> Result<i32, Failure> {
    spec_is_there(asked)?;
    Err(Failure::no_docker(&Command::new("docker").args(words).exec()))
}

/// Docker's own words for a missing file speak of a Dockerfile.
fn spec_is_there(asked: &Asked) -> Result<(), Failure> {
    let spec = asked.spec();
    if asked.folder().is_none() || spec.as_os_str() == "-" || spec.exists() {
        return Ok(());
    }
    let failure = Failure::new(format!("there is no `{}`", spec.display()));
    Err(match asked.file {
        Some(_) => failure.hint("`--file` names the spec"),
        None => failure.hint(format!(
            "write one, or let `modelcrate init` write a first `{SPEC}`"
        )),
    })
}

/// The arguments of `docker`.
struct Words(Vec<OsString>);

impl Words {
    fn new() -> Self {
        Self(vec!["buildx".into(), "build".into()])
    }

    fn flag(&mut self, name: &str, said: bool) {
        self.0.extend(said.then(|| name.into()));
    }

    fn options<T: Clone + Into<OsString>>(&mut self, name: &str, values: impl IntoIterator<Item = T>) {
        for value in values {
            self.0.extend([name.into(), value.into()]);
        }
    }

    fn asked(mut self, asked: &Asked) -> Vec<OsString> {
        self.options("--file", [asked.spec()]);
        self.options("--target", asked.target.clone());
        self.options("--platform", asked.platform.clone());
        self.options("--build-arg", asked.build_args.clone());
        self.options("--secret", asked.secrets.clone());
        self.options("--builder", asked.builder.clone());
        self.0.extend(asked.docker.clone());
        self.0.push(asked.context.clone().into());
        self.0
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::super::arguments::{Arguments, Verb};
    use super::{built, called};

    fn said(line: &str) -> String {
        let words = match Arguments::try_parse_from(line.split(' ')).unwrap().verb {
            Verb::Build(build) => built(&build),
            Verb::Llb(question) => called("llb", &question.asked),
            other => panic!("{other:?}"),
        };
        let words: Vec<String> = words
            .into_iter()
            .map(|word| word.into_string().unwrap())
            .collect();
        words.join(" ")
    }

    #[test]
    fn a_build_is_dockers_with_the_spec_named() {
        assert_eq!(said("modelcrate build"), "buildx build --file modelcrate.yaml .");
        assert_eq!(
            said(
                "modelcrate build -t a -t b --push --target cpu --build-arg A=1 --secret id=t,src=f examples/x -- --no-cache"
            ),
            "buildx build --tag a --tag b --push --file examples/x/modelcrate.yaml --target cpu --build-arg A=1 \
             --secret id=t,src=f --no-cache examples/x"
        );
    }

    #[test]
    fn a_question_is_a_call() {
        assert_eq!(
            said("modelcrate llb -f other.yaml --platform linux/arm64 dir"),
            "buildx build --call=llb --file other.yaml --platform linux/arm64 dir"
        );
    }

    #[test]
    fn the_spec_of_a_context_elsewhere_is_a_path_in_it() {
        let url = "https://git.example.com/team/app.git#main";
        assert_eq!(
            said(&format!("modelcrate build {url}")),
            format!("buildx build --file modelcrate.yaml {url}")
        );
    }
}
