//! What people type.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::verify::Class;

/// The name of a spec.
pub const SPEC: &str = "modelcrate.yaml";

/// Images that run AI models, from one short YAML file.
///
/// `build` and the questions are `docker buildx build` with the frontend that the spec names on its first line: docker's options
/// work after `--`, and its exit code is passed on.
#[derive(Debug, Parser)]
#[command(name = "modelcrate", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Writes a first `modelcrate.yaml` from what lies in a folder; never over one that is there.
    Init {
        /// The folder.
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// Print it and write no file.
        #[arg(long)]
        print: bool,
    },
    /// Builds the image.
    Build(Build),
    /// Says what is wrong and what could be better in the spec.
    Check(Question),
    /// Prints the image as a Dockerfile, for engines that take no frontends.
    Dockerfile(Asked),
    /// Prints what is done to make the image, and what makes it run again.
    Plan(Plan),
    /// Prints what each layer will weigh, where locks and hubs know.
    Sizes(Question),
    /// Prints the args, secrets, agents and caches of a target.
    Outline(Question),
    /// Prints what `--target` takes.
    Targets(Question),
    /// Prints the graph that the engine solves.
    Llb(Question),
    /// Writes `modelcrate.lock` beside the spec: what its names stand for now.
    Lock(Lock),
    /// Looks at every byte of a finished image: secrets, tokens, user, labels, health check, sizes, models.
    ///
    /// Exit codes: 0 nothing is wrong, 3 something is, 4 a secret or a token is in it, 1 it cannot be read.
    Verify(Verify),
    /// Prints a `docker-bake.hcl`: every target, for one platform or several.
    Bake(Written),
    /// Prints a `compose.yaml`: a target as a service.
    Compose(Written),
    /// Prints manifests for Kubernetes: a target as a Deployment, or as a Job when it serves no port.
    K8s(Kubernetes),
    /// Prints a workflow that checks, builds, signs and scans the image.
    Ci {
        /// Where it runs.
        system: CiSystem,
        #[command(flatten)]
        written: Written,
    },
    /// Prints the JSON Schema of specs, for editors.
    Schema,
    /// Prints the completions of a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Writes the manual: a page for the command, one for each verb.
    Man {
        /// The folder that they go to.
        folder: PathBuf,
    },
}

/// A spec, and what docker must know to read it.
#[derive(Debug, Args)]
pub struct Asked {
    /// The spec; `modelcrate.yaml` in the context when not given.
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The target in the spec.
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// Platforms of the image, `linux/amd64,linux/arm64`.
    #[arg(long, value_name = "PLATFORMS")]
    pub platform: Option<String>,
    /// A value for one of the spec's `args`.
    #[arg(long = "build-arg", value_name = "NAME=VALUE")]
    pub build_args: Vec<String>,
    /// A secret: `id=hf_token,src=FILE` or `id=hf_token,env=VARIABLE`.
    #[arg(long = "secret", value_name = "SECRET")]
    pub secrets: Vec<String>,
    /// The builder of buildx.
    #[arg(long, value_name = "NAME")]
    pub builder: Option<String>,
    /// The folder with the files of the image, or the address of a repository.
    #[arg(default_value = ".")]
    pub context: String,
    /// Further options of `docker buildx build`.
    #[arg(last = true, value_name = "DOCKER OPTIONS")]
    pub docker: Vec<OsString>,
}

/// A question that programs ask too.
#[derive(Debug, Args)]
pub struct Question {
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub asked: Asked,
}

#[derive(Debug, Args)]
pub struct Plan {
    /// Draw it as a picture for Mermaid.
    #[arg(long, conflicts_with = "json")]
    pub mermaid: bool,
    #[command(flatten)]
    pub question: Question,
}

#[derive(Debug, Args)]
pub struct Build {
    /// The name of the image.
    #[arg(short, long = "tag", value_name = "IMAGE")]
    pub tags: Vec<String>,
    /// Push it to its registry.
    #[arg(long)]
    pub push: bool,
    /// Load it into the engine, with builders that keep their images elsewhere.
    #[arg(long)]
    pub load: bool,
    #[command(flatten)]
    pub asked: Asked,
}

#[derive(Debug, Args)]
pub struct Lock {
    /// Print it and write no file.
    #[arg(long)]
    pub print: bool,
    #[command(flatten)]
    pub asked: Asked,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// An OCI layout or what `docker save` wrote; else a name, of the engine or of a registry.
    pub image: String,
    /// A secret whose value must not be there: `id=hf_token,src=FILE` or `id=hf_token,env=VARIABLE`.
    #[arg(long = "secret", value_name = "SECRET")]
    pub secrets: Vec<String>,
    /// A platform to look at, such as `linux/arm64`; all that the image has without this.
    #[arg(long = "platform", value_name = "PLATFORM", value_delimiter = ',')]
    pub platforms: Vec<String>,
    /// The lock whose models must be there.
    #[arg(long, value_name = "FILE")]
    pub lock: Option<PathBuf>,
    /// Something that may be so.
    #[arg(long, value_name = "CLASS")]
    pub allow: Vec<Class>,
    /// Report in JSON.
    #[arg(long)]
    pub json: bool,
}

/// A spec that a file is written of; no engine is asked.
#[derive(Debug, Args)]
pub struct Written {
    /// The spec.
    #[arg(short, long, value_name = "FILE", default_value = SPEC)]
    pub file: PathBuf,
    /// The target in the spec.
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// A value for one of the spec's `args`.
    #[arg(long = "build-arg", value_name = "NAME=VALUE")]
    pub build_args: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Kubernetes {
    /// The image; the spec's name when not given.
    #[arg(long, value_name = "IMAGE")]
    pub image: Option<String>,
    /// An image that holds nothing but models, mounted as a volume (Kubernetes 1.33) for `deliver: volume`.
    #[arg(long, value_name = "IMAGE")]
    pub model_image: Option<String>,
    /// The image of `examples/model-cache`, which brings models of a hub from a bucket.
    #[arg(long, value_name = "IMAGE")]
    pub model_cache: Option<String>,
    #[command(flatten)]
    pub written: Written,
}

/// A system for continuous integration.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum CiSystem {
    /// `.github/workflows/image.yml`.
    Github,
    /// `.gitlab-ci.yml`.
    Gitlab,
}

impl Asked {
    /// The context, where it is a folder of this machine.
    pub fn folder(&self) -> Option<&Path> {
        let elsewhere =
            self.context == "-" || self.context.contains("://") || self.context.starts_with("git@");
        (!elsewhere).then(|| Path::new(&self.context))
    }

    /// The spec as docker takes it: a path of this machine, or one in a context that is elsewhere.
    pub fn spec(&self) -> PathBuf {
        match (&self.file, self.folder()) {
            (Some(file), _) => file.clone(),
            (None, Some(folder)) if folder != Path::new(".") => folder.join(SPEC),
            (None, _) => PathBuf::from(SPEC),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::Arguments;

    #[test]
    fn every_command_in_the_documents_is_one() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let texts = ["README.md", "docs/command.md"]
            .map(|name| std::fs::read_to_string(format!("{root}/{name}")).unwrap());
        let lines = texts
            .iter()
            .flat_map(|text| text.lines())
            .flat_map(|line| line.split(" && "));
        let commands: Vec<&str> = lines
            .map(str::trim)
            .filter(|line| line.starts_with("modelcrate "))
            .collect();
        assert!(commands.len() > 8, "{commands:?}");
        for command in commands {
            let command = command.split(" > ").next().unwrap().split("  #").next().unwrap();
            if let Err(error) = Arguments::try_parse_from(command.split_whitespace()) {
                panic!("{command}: {error}");
            }
        }
    }

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Arguments::command().debug_assert();
    }
}
