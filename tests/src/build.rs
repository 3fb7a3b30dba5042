//! One `docker buildx build`.

use std::process::Command;

use chrono::{DateTime, Utc};

use crate::{Engine, Image, Layout, Output, Progress, Project, Vertex, Warning, unique};

/// What is built, as a user says it on the command line.
#[derive(Debug, Clone, Copy)]
pub struct Build<'a> {
    /// The context, with `modelcrate.yaml` in it.
    pub project: &'a Project,
    /// `--target`.
    pub target: Option<&'a str>,
    /// `--build-arg`s: `NAME=value`.
    pub args: &'a [String],
    /// All other options, word by word: `--secret`, `--platform`, `--cache-from`, ….
    pub options: &'a [&'a str],
    /// Variables of the client: `SOURCE_DATE_EPOCH`, values of secrets.
    pub env: &'a [(&'a str, &'a str)],
    /// How the client tells of the steps.
    pub progress: Progress,
}

/// A build that has ended.
#[derive(Debug, Clone)]
pub struct Built {
    /// How it ended, and what the client printed.
    pub output: Output,
    /// The steps, with [`Progress::Events`].
    pub vertices: Vec<Vertex>,
    /// The warnings, with [`Progress::Events`].
    pub warnings: Vec<Warning>,
    /// What the steps printed, with [`Progress::Events`].
    pub log: String,
}

impl<'a> Build<'a> {
    /// A plain build of a project.
    pub fn of(project: &'a Project) -> Self {
        Self {
            project,
            target: None,
            args: &[],
            options: &[],
            env: &[],
            progress: Progress::Events,
        }
    }

    /// Builds with these more options; it may fail.
    pub fn try_with(&self, engine: &Engine, more: &[&str]) -> Built {
        let began = Utc::now();
        let output = Output::of(self.command(engine).args(more).arg(self.project.path()));
        Built::read(output, began)
    }

    /// Builds with these more options; it must succeed.
    #[track_caller]
    pub fn with(&self, engine: &Engine, more: &[&str]) -> Built {
        self.try_with(engine, more).expect_success()
    }

    /// Builds the image into the engine.
    #[track_caller]
    pub fn load(&self, engine: &Engine) -> (Image, Built) {
        let name = format!("modelcrate-test/{}", unique("image"));
        let options = ["--load", "--tag", &name];
        let first = self.try_with(engine, &options);
        let built = if lost_a_race(&first) {
            self.with(engine, &options)
        } else {
            first.expect_success()
        };
        (Image::named(engine, &name), built)
    }

    /// Builds the image as a folder in the OCI layout. `attributes` go to the exporter: `rewrite-timestamp=true`.
    #[track_caller]
    pub fn layout(&self, engine: &Engine, attributes: &[&str]) -> (Layout, Built) {
        let layout = Layout::empty();
        let mut output = format!("type=oci,tar=false,dest={}", layout.path().display());
        for attribute in attributes {
            output.extend([",", attribute]);
        }
        let built = self.with(engine, &["--output", &output]);
        (layout, built)
    }

    fn command(&self, engine: &Engine) -> Command {
        let mut command = engine.docker(&["buildx", "build"]);
        command.arg("--file").arg(self.project.file("modelcrate.yaml"));
        command.args(["--progress", self.progress.word()]);
        if let Some(target) = self.target {
            command.args(["--target", target]);
        }
        for arg in self.args {
            command.args(["--build-arg", arg]);
        }
        command.args(self.options).envs(self.env.iter().copied());
        command
    }
}

/// Engine 28 unpacks an image on snapshots that it collects at the same moment, when another test removes the image that had
/// them. The build itself was done by then.
fn lost_a_race(built: &Built) -> bool {
    let said = &built.output.stderr;
    !built.output.status.success()
        && said.contains("failed to prepare extraction snapshot")
        && said.contains("does not exist: not found")
}

impl Built {
    #[track_caller]
    fn expect_success(self) -> Self {
        assert!(
            self.output.status.success(),
            "the build failed\n{}{}",
            self.log,
            self.output.stderr
        );
        self
    }

    fn read(output: Output, began: DateTime<Utc>) -> Self {
        let events = crate::progress::read(&output.stderr, began);
        Self {
            output,
            vertices: events.vertices,
            warnings: events.warnings,
            log: events.log,
        }
    }

    /// Names of the steps that did work, in the order of the alphabet (steps run side by side), without their
    /// `[stage 1/2]`. Merges are left out: they join layers by name and move no byte.
    pub fn ran(&self) -> Vec<&str> {
        let worked = self.vertices.iter().filter(|vertex| vertex.ran());
        let words = worked.map(|vertex| {
            vertex
                .name
                .split_once("] ")
                .map_or(vertex.name.as_str(), |(_, words)| words)
        });
        let mut ran: Vec<&str> = words.filter(|words| *words != "merge layers").collect();
        ran.sort_unstable();
        ran
    }

    /// The one step whose name contains `words`.
    #[track_caller]
    pub fn vertex(&self, words: &str) -> &Vertex {
        let found: Vec<&Vertex> = self
            .vertices
            .iter()
            .filter(|vertex| vertex.name.contains(words))
            .collect();
        match found.as_slice() {
            [vertex] => vertex,
            _ => panic!("{} steps contain `{words}`: {:#?}", found.len(), self.vertices),
        }
    }
}
