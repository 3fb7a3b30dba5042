//! The parts of a target with their places, those of targets that it takes files from among them.

use std::collections::BTreeMap;

use super::inventory::{crates, debian, image, interpreter, model, python, sources};
use super::places::{Place, Presence, moved};
use super::{Component, Model, Taken};
use crate::check::defaults::BIN;
use crate::check::{
    Checked, Cmake, CmakeInstall, Copy, CopyFrom, Deliver, ModelSource, MountFrom, Run, RunStage, Rust,
};
use crate::plan::{Facts, INTERPRETER, VENV};

/// Where CMake installs what says nothing else.
const INSTALLED: &str = "/usr/local";

/// Parts of an image.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Sorted, each once.
    pub components: Vec<Component>,
    pub models: Vec<Model>,
}

/// A part and where it lies.
#[derive(Debug, Clone)]
struct Part {
    what: What,
    place: Place,
    /// The target and the path in it that were taken, where nobody knows whether this part is in that.
    doubt: Option<(String, String)>,
}

#[derive(Debug, Clone)]
enum What {
    Component(Component),
    Model(Model),
}

/// The parts that a target has for certain, and those that it may have of other targets.
pub(super) fn parts(checked: &Checked, facts: &Facts) -> (Parts, Vec<Taken>) {
    let (mut certain, mut taken) = (Parts::default(), BTreeMap::<String, Taken>::new());
    let (doubted, known): (Vec<Part>, Vec<Part>) = all(checked, facts)
        .into_iter()
        .partition(|part| part.doubt.is_some());
    for part in known {
        match part.what {
            What::Component(component) => certain.components.push(component),
            What::Model(model) => certain.models.push(model),
        }
    }
    sort(&mut certain.components);
    for part in doubted {
        let Some((target, path)) = part.doubt else {
            continue;
        };
        if is_in(&part.what, &certain) {
            continue;
        }
        let taken = taken.entry(target.clone()).or_insert_with(|| Taken {
            target,
            paths: Vec::new(),
            components: Vec::new(),
            models: Vec::new(),
        });
        taken.paths.push(path);
        match part.what {
            What::Component(component) => taken.components.push(component),
            What::Model(model) if taken.models.contains(&model) => {}
            What::Model(model) => taken.models.push(model),
        }
    }
    let taken = taken.into_values().map(|mut taken| {
        taken.paths.sort();
        taken.paths.dedup();
        sort(&mut taken.components);
        taken
    });
    (certain, taken.collect())
}

fn sort(components: &mut Vec<Component>) {
    components.sort();
    components.dedup();
}

fn is_in(what: &What, certain: &Parts) -> bool {
    match what {
        What::Component(component) => certain.components.contains(component),
        What::Model(model) => certain.models.iter().any(|known| known.files == model.files),
    }
}

fn all(checked: &Checked, facts: &Facts) -> Vec<Part> {
    let mut parts = own(checked, facts);
    for copy in &checked.copies {
        match &copy.from {
            CopyFrom::Image(name) => {
                let dest = std::slice::from_ref(&copy.dest.value);
                parts.push(component(image(&name.value, facts), in_folders(dest, dest)));
            }
            CopyFrom::Target(name) => parts.extend(copied(copy, &name.value, checked, facts)),
            CopyFrom::Context => {}
        }
    }
    for run in &checked.runs {
        parts.extend(seen(run, checked, facts));
    }
    parts
}

/// What the target itself asks for.
fn own(checked: &Checked, facts: &Facts) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let base = checked.base.image.iter();
    parts.extend(base.map(|base| component(image(&base.value, facts), Place::anywhere())));
    let debian = debian(checked, facts).into_iter();
    parts.extend(debian.map(|package| component(package, Place::anywhere())));
    let interpreter = interpreter(checked, facts).into_iter();
    parts.extend(interpreter.map(|part| component(part, Place::alone(INTERPRETER))));
    let python = python(facts).into_iter();
    parts.extend(python.map(|package| component(package, Place::alone(VENV))));
    for (rust, workspace) in checked.rust.iter().zip(&facts.workspaces) {
        let place = programs(rust);
        let crates = crates(workspace).into_iter();
        parts.extend(crates.map(|part| component(part, place.clone())));
    }
    for project in &checked.cmake {
        let sources = sources(project, facts).into_iter();
        parts.extend(sources.map(|part| component(part, installed(project))));
    }
    for found in &checked.models {
        let place = match found.deliver {
            Deliver::Bake => Place::alone(found.folder.as_str()),
            _ => Place::default(),
        };
        if let ModelSource::Image(name) = &found.source {
            parts.push(component(image(&name.value, facts), place.clone()));
        }
        parts.push(Part {
            what: What::Model(model(found, facts)),
            place,
            doubt: None,
        });
    }
    parts
}

fn component(component: Component, place: Place) -> Part {
    Part {
        what: What::Component(component),
        place,
        doubt: None,
    }
}

/// Any one program has the crates in it.
fn programs(rust: &Rust) -> Place {
    let folder = [BIN.to_owned()];
    let places: Vec<String> = rust.install.values().cloned().collect();
    match places.as_slice() {
        [] => in_folders(&folder, &folder),
        places => in_folders(places, places),
    }
}

fn installed(project: &Cmake) -> Place {
    let folder = [INSTALLED.to_owned()];
    match &project.install {
        CmakeInstall::Files(files) => {
            let places: Vec<String> = files.iter().map(|(_, dest)| dest.value.clone()).collect();
            in_folders(&places, &places)
        }
        CmakeInstall::Targets => {
            let targets = project.targets.iter();
            let mut whole: Vec<String> = targets.map(|target| format!("{BIN}/{}", target.value)).collect();
            whole.extend(folder.clone());
            in_folders(&whole, &folder)
        }
        CmakeInstall::All | CmakeInstall::Component(_) => in_folders(&folder, &folder),
    }
}

fn in_folders(whole: &[String], within: &[String]) -> Place {
    Place {
        whole: whole.to_vec(),
        ..Place::somewhere(within)
    }
}

/// What a copy takes of another target.
fn copied(copy: &Copy, name: &str, checked: &Checked, facts: &Facts) -> Vec<Part> {
    let parts = of_target(name, checked, facts);
    let sources = copy.sources.iter();
    sources
        .flat_map(|source| {
            let found = present(&parts, source, copy.exclude.is_empty());
            found.map(|(part, presence)| match presence {
                Presence::Certain => part.moved(copy, source),
                _ => part.doubted(
                    name,
                    source,
                    Place::somewhere(std::slice::from_ref(&copy.dest.value)),
                ),
            })
        })
        .collect()
}

/// What a command sees of elsewhere: what it keeps of that is its own affair.
fn seen(run: &Run, checked: &Checked, facts: &Facts) -> Vec<Part> {
    let place = Place::somewhere(&kept(run));
    let mounts = run.mounts.iter();
    mounts
        .flat_map(|mount| match &mount.from {
            MountFrom::Target(name) => {
                let parts = of_target(&name.value, checked, facts);
                let found = present(&parts, &mount.src.value, true);
                found
                    .map(|(part, _)| part.doubted(&name.value, &mount.src.value, place.clone()))
                    .collect()
            }
            MountFrom::Image(name) => vec![component(image(&name.value, facts), place.clone())],
            MountFrom::Context | MountFrom::Step(_) | MountFrom::Stage(_) => Vec::new(),
        })
        .collect()
}

/// Where a command leaves files.
fn kept(run: &Run) -> Vec<String> {
    match run.stage {
        RunStage::Image => vec!["/".to_owned()],
        RunStage::Build => run
            .outputs
            .iter()
            .map(|output| output.dest.value.clone())
            .collect(),
    }
}

/// The parts of another target that can be taken of it. A command of the user's may put anything into what it leaves.
fn of_target(name: &str, checked: &Checked, facts: &Facts) -> Vec<Part> {
    let (Some(checked), Some(facts)) = (checked.sources.get(name), facts.sources.get(name)) else {
        return Vec::new();
    };
    let kept: Vec<String> = checked.runs.iter().flat_map(kept).collect();
    let mut parts = all(checked, facts);
    // A model that is not in the image lies nowhere.
    for part in parts.iter_mut().filter(|part| !part.place.within.is_empty()) {
        part.place.within.extend(Place::somewhere(&kept).within);
    }
    parts
}

/// The parts that are, or may be, in what lies at `source`.
fn present<'a>(
    parts: &'a [Part],
    source: &'a str,
    is_whole: bool,
) -> impl Iterator<Item = (&'a Part, Presence)> {
    let is_taken = parts.iter().any(|part| part.place.is_all_of(source));
    let found = parts.iter().map(move |part| {
        let presence = match is_taken && !part.place.alone {
            true => Presence::Absent,
            false => part.place.presence(source, is_whole),
        };
        (part, presence)
    });
    found.filter(|(_, presence)| *presence > Presence::Absent)
}

impl Part {
    fn moved(&self, copy: &Copy, source: &str) -> Self {
        let mut part = self.clone();
        part.place = self.place.moved(copy, source);
        if let (What::Model(model), None) = (&mut part.what, &self.doubt) {
            model.folder = moved(copy, source, &model.folder);
        }
        part
    }

    /// The doubt that was there before is the nearer to the part.
    fn doubted(&self, target: &str, path: &str, place: Place) -> Self {
        let mut part = self.clone();
        part.place = place;
        if part.doubt.is_none() {
            part.doubt = Some((target.to_owned(), path.to_owned()));
        }
        part
    }
}

impl Taken {
    /// What is known of it.
    pub(super) fn words(&self) -> String {
        format!(
            "files of {} are in the image, or were seen by a command that made some of it; whether they belong to this part is not known",
            self.paths.join(", ")
        )
    }
}
