//! From a checked spec and the engine's answers to a [`Plan`]: steps, and the files that they lay over each other.
//!
//! In come [`Checked`] and [`Facts`] (what was asked of the engine, as data); out comes one plan for one target on
//! one platform. A plan knows neither LLB nor Dockerfile. The same input gives the same plan.
//!
//! The image is a [`Tree`]: the system first (base, packages, user), then layers that stand alone, each made from
//! the least that determines it. A command that must see the image stands on the part of the tree below it.

mod apt;
mod cmake;
mod commands;
mod config;
mod copies;
mod cuda;
mod environment;
mod facts;
mod launcher;
mod models;
mod mounts;
mod outputs;
mod parents;
mod python;
mod rust;
mod settle;
mod sources;
mod ssh;
mod step;
mod system;
mod tools;

pub use cmake::checkout;
pub use config::rfc3339;
pub use facts::{Facts, ImageFacts, LockFacts, ProjectFacts, Vcs};
pub use launcher::asks_for_launcher;
pub use models::{
    Access, LISTING, ListingPlan, Piece, Transport, checked_pieces, is_check_of, is_fetched, is_of_host,
    listing_steps, pieces,
};
pub(crate) use python::VENV;
pub use python::{
    DOWNLOADS, Found, INTERPRETER, LockPlan, MIRROR, interpreter, interpreter_of, is_musl, lock_steps,
    python_version, tools_image,
};
pub use rust::{emulated_for, toolchain_images};
pub use settle::settle;
pub(crate) use sources::meet;
pub use step::*;

use crate::check::{Checked, RunAfter};
use crate::image::ImageConfig;
use crate::source::Span;

/// The time of every file that a step makes, in seconds since 1970: 1980-01-01, the oldest that a zip can hold.
/// `SOURCE_DATE_EPOCH` must not change it, or each commit would make every layer anew.
pub const MTIME: i64 = 315_532_800;

/// What is done to make one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Every step; inputs come before users.
    pub steps: Vec<Step>,
    /// The files of the image.
    pub image: Tree,
    /// Its config, history included.
    pub config: ImageConfig,
}

/// Plans the image that `checked` describes.
pub fn plan(checked: &Checked, facts: &Facts) -> Plan {
    let mut steps = Steps::default();
    let image = image(&mut steps, checked, facts);
    let config = config::config(checked, facts, &steps.0, &image);
    Plan {
        steps: steps.0,
        image,
        config,
    }
}

/// The files of the image, in the order in which they lie over each other.
fn image(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    let mut image = system::system(steps, checked, facts);
    let python = python::python(steps, checked, facts);
    let rust = rust::programs(steps, checked, facts);
    let cmake = cmake::projects(steps, checked, facts);
    let stages = [
        ("python", python.dependencies.clone()),
        ("rust", rust.clone()),
        ("cmake", cmake.clone()),
    ];
    let built = commands::in_build(steps, checked, facts, &stages);
    let made = mounts::Made {
        stages: &stages,
        outputs: &built.named,
    };
    let commands = |steps: &mut Steps, image: &mut Tree, after| {
        commands::on_image(steps, image, checked, facts, &made, after);
    };
    commands(steps, &mut image, RunAfter::System);
    image.extend(&python.dependencies);
    commands(steps, &mut image, RunAfter::Dependencies);
    image.extend(&built.outputs);
    image.extend(rust);
    image.extend(cmake);
    image.extend(tools::tools(steps, checked, facts));
    image.extend(launcher::launcher(steps, checked, facts));
    image.extend(&python.project);
    image.extend(copies::copies(steps, checked, facts));
    commands(steps, &mut image, RunAfter::All);
    // Above every command: weights are in nobody's way but their own.
    image.extend(models::models(steps, checked, facts));
    image
}

impl Plan {
    /// The step behind a handle.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.0]
    }
}

/// The steps so far.
#[derive(Debug, Default)]
pub(crate) struct Steps(Vec<Step>);

impl Steps {
    /// Adds a step, or finds the one that is just the same.
    fn add(&mut self, step: Step) -> StepId {
        let known = self
            .0
            .iter()
            .position(|old| old.action == step.action && old.platform == step.platform);
        StepId(known.unwrap_or_else(|| {
            self.0.push(step);
            self.0.len() - 1
        }))
    }

    /// An image as it is.
    fn image(&mut self, stage: &'static str, reference: &str, span: Span, platform: On) -> StepId {
        let action = Action::Image(reference.to_owned());
        self.add(Step {
            stage,
            name: format!("from {reference}"),
            span,
            platform,
            action,
        })
    }

    /// A program of the frontend's own image, `/NAME/ARCHITECTURE` there, as a layer with that file alone: the same in all images.
    fn program(
        &mut self,
        stage: &'static str,
        name: String,
        span: Span,
        source: String,
        dest: &str,
    ) -> StepId {
        let from = self.add(Step {
            stage,
            name: "from the frontend".into(),
            span,
            platform: On::Any,
            action: Action::FrontendImage,
        });
        let copy = FileAction::Copy(CopyAction {
            from,
            source,
            dest: dest.to_owned(),
            owner: None,
            mode: Some("0755".into()),
            exclude: Vec::new(),
        });
        self.add(Step {
            stage,
            name,
            span,
            platform: On::Any,
            action: Action::Files(vec![copy]),
        })
    }

    /// A small text file, to be mounted: `/NAME` of the step that is given back.
    fn text(&mut self, stage: &'static str, name: &str, text: &str, span: Span) -> StepId {
        let file = FileAction::File {
            path: format!("/{name}"),
            mode: 0o644,
            text: text.to_owned(),
        };
        let action = Action::Files(vec![file]);
        self.add(Step {
            stage,
            name: format!("write {name}"),
            span,
            platform: On::Any,
            action,
        })
    }

    /// A script, mounted where [`script_path`] says.
    fn script(&mut self, stage: &'static str, name: &str, text: &str, span: Span) -> Mount {
        let from = self.text(stage, name, text, span);
        let kind = MountKind::Files {
            from,
            selector: Some(format!("/{name}")),
            key: Key::Bytes,
        };
        Mount {
            path: script_path(name),
            kind,
        }
    }
}

/// Where a script of ours lies in a step.
fn script_path(name: &str) -> String {
    format!("/run/modelcrate/{name}")
}
