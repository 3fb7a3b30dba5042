//! buildah and podman, in containers of an engine: those of Debian 13, whatever this machine has.

use std::path::Path;
use std::sync::OnceLock;

use crate::{Engine, Image, Output, Project, unique};

/// Where both programs are.
const IMAGE: &str = "modelcrate-test/buildah";

const DOCKERFILE: &str = "FROM debian:bookworm-slim\n\
    RUN sed -i s/bookworm/trixie/g $(grep -rl bookworm /etc/apt/sources.list /etc/apt/sources.list.d) && apt-get update -q && \
    DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends buildah podman crun netavark\n";

/// Images come from the engine's registry. The limits that both programs ask for are more than every machine gives.
const SETTINGS: &str = r#"
cat >/etc/containers/registries.conf <<END
[[registry]]
location = "docker.io"
[[registry.mirror]]
location = "$REGISTRY"
insecure = true
END
cat >/etc/containers/containers.conf <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
END
"#;

/// One build by one of the two programs.
#[derive(Debug, Clone, Copy)]
pub struct Buildah<'a> {
    /// `buildah` or `podman`.
    pub program: &'a str,
    /// The context.
    pub project: &'a Project,
    /// What stays out of the context, in the words of a `.dockerignore`.
    pub ignore: Option<&'a str>,
    /// Names and values of secrets, which become files.
    pub secrets: &'a [(&'a str, &'a str)],
}

impl Buildah<'_> {
    /// Builds the image that `text` says, and loads it into the engine.
    #[track_caller]
    pub fn load(&self, engine: &Engine, text: &str) -> Image {
        static MADE: OnceLock<()> = OnceLock::new();
        MADE.get_or_init(|| make_image(engine));
        let work = tempfile::tempdir().expect("a folder");
        std::fs::write(work.path().join("Containerfile"), text).expect("the file");
        let name = format!("modelcrate-test/{}", unique("image"));
        self.build(engine, work.path(), &name);
        let archive = work.path().join("image.tar").display().to_string();
        engine.ask(&["load", "--input", &archive]);
        Image::named(engine, &name)
    }

    #[track_caller]
    fn build(&self, engine: &Engine, work: &Path, name: &str) {
        let mut options = String::new();
        if let Some(ignore) = self.ignore {
            std::fs::write(work.join("ignore"), ignore).expect("the file");
            options += " --ignorefile /work/ignore";
        }
        for (id, value) in self.secrets {
            std::fs::write(work.join(id), value).expect("the secret");
            options += &format!(" --secret id={id},src=/work/{id}");
        }
        // A health check is no part of OCI's own image config; the label names buildah's version.
        let script = format!(
            "set -e\n{SETTINGS}\n{program} build --isolation chroot --format docker --identity-label=false --file /work/Containerfile{options} --tag {name} /project\n\
             {program} push {name} docker-archive:/work/image.tar:{name}",
            program = self.program,
        );
        let mut command = engine.docker(&["run", "--rm", "--privileged", "--network", "host"]);
        command.args(["--env", &format!("REGISTRY={}", engine.registry())]);
        command.args(["--volume", &format!("{}:/work", work.display())]);
        command.args([
            "--volume",
            &format!("{}:/project:ro", self.project.path().display()),
        ]);
        // Layers cannot lie on the container's own, which are layers already.
        command.args(["--volume", "/var/lib/containers", IMAGE, "sh", "-c", &script]);
        Output::of(&mut command).ok();
    }
}

fn make_image(engine: &Engine) {
    let project = Project::with(&[("Dockerfile", DOCKERFILE)]);
    let mut command = engine.docker(&["buildx", "build", "--load", "--tag", IMAGE]);
    Output::of(command.arg(project.path())).ok();
}
