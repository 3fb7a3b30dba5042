//! The examples of the repository, with all that building them needs.

use crate::hub::{Access, Hub};
use crate::{Build, Context, Engine, Project, PythonServer};

/// The token of somebody who accepted all licences.
pub const TOKEN: &str = "hf_ofWhoBuildsTheExamples";
/// The repository that is behind a gate.
const GATED: &str = "black-forest-labs/FLUX.1-schnell";

/// One example.
pub struct Example {
    /// Its folder.
    pub project: Project,
    /// What it is built from, where that is more.
    repository: Option<Project>,
    /// The spec.
    file: String,
    /// Build args that lead to what is played here, or keep the compilers short.
    args: Vec<String>,
    hub: Option<Hub>,
}

impl Example {
    /// An example that is built from `context`.
    pub fn open(engine: &Engine, name: &str, context: Context) -> Self {
        let project = Project::example(name);
        let repository = (context == Context::Repository).then(Project::repository);
        let file = match &repository {
            Some(repository) => repository.file(&format!("examples/{name}/modelcrate.yaml")),
            None => project.file("modelcrate.yaml"),
        };
        let hub = Hub::of_example(engine, &project);
        if let (Some(hub), "nsn-director") = (&hub, name) {
            hub.restrict(GATED, Access::gated(&[TOKEN]));
        }
        let python = PythonServer::new(engine);
        let own: &[&str] = match name {
            // What is compiled well is compiled for minutes.
            "model-cache" | "nsn-director" => &["PROFILE=trial", "LTO=false"],
            _ => &[],
        };
        let of_python: &[String] = match name {
            "model-cache" | "quickstart" | "tabular" => &[],
            "nemotron-hf" => python.addresses(),
            _ => &python.args,
        };
        let own = own.iter().map(|&arg| arg.to_owned());
        let endpoint = hub.iter().map(|hub| format!("HF_ENDPOINT={}", hub.url()));
        Self {
            args: own.chain(of_python.iter().cloned()).chain(endpoint).collect(),
            file: file.display().to_string(),
            hub,
            project,
            repository,
        }
    }

    /// Does something with the build of a target, `default` for the spec itself. Its models are locked before: without that each
    /// model of a branch is a warning.
    pub fn with_build<T>(&self, engine: &Engine, target: &str, work: impl FnOnce(&Build<'_>) -> T) -> T {
        let project = self.repository.as_ref().unwrap_or(&self.project);
        let build = Build {
            project,
            target: (target != "default").then_some(target),
            args: &self.args,
            options: &["--file", &self.file, "--secret", "id=hf_token,env=HF_TOKEN"],
            env: &[("HF_TOKEN", TOKEN)],
            progress: crate::Progress::Events,
        };
        if self.hub.is_some() {
            let lock = build.with(engine, &["--call", "lock"]).output.stdout;
            project.write("modelcrate.lock", &lock);
        }
        work(&build)
    }
}
