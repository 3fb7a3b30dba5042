//! From a plan to the text of a Dockerfile, for engines that take no frontends and for people who want to read what is done.
//!
//! In come a [`Plan`] and the [`Ground`] it stands on; out comes text. It is the sibling of [`crate::lower`]: the same steps, in
//! the words that a Dockerfile has for them. What it cannot say is that layers stand alone below a command: a Dockerfile is a
//! tower, so `COPY --link` comes as close as it can.
//!
//! - a command becomes a stage, and what is kept of it the folder `/layer` of that stage;
//! - a command that changes the image becomes a stage that the image stands on;
//! - files that we write are here documents, so that the text needs nothing but itself and the context;
//! - a step that nothing is taken of is left out: the looks at weights. They run a program of the frontend's image, which those
//!   who build without a frontend may not be able to pull, for files whose digests `ADD` compares all the same.

mod config;
mod dialect;
mod exec;
mod files;
mod ground;
mod name;
mod root;
mod template;
mod view;
mod words;

use std::collections::BTreeMap;
use std::fmt;

pub use dialect::Dialect;
pub use ground::Ground;

use crate::plan::{Action, Keep, Plan, Step, StepId, Tree};
use name::Names;
use root::State;
use view::{Dockerfile, Line, Stage};

/// Something that a plan does and a Dockerfile cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritable(String);

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes a plan as a Dockerfile, in the dialect that the ground says.
///
/// # Errors
/// What cannot be said in a Dockerfile, in words for the user.
pub fn dockerfile(plan: &Plan, ground: &Ground<'_>) -> Result<String, Unwritable> {
    let mut writer = Writer::new(plan, ground);
    let image = writer.image()?;
    let mut stages = Vec::from_iter(writer.texts());
    stages.append(&mut writer.stages);
    stages.push(image);
    let dockerfile = Dockerfile {
        syntax: ground.dialect.syntax(),
        title: ground.title(),
        stages,
    };
    template::text(&dockerfile).map_err(|error| Unwritable(format!("this is a bug in modelcrate: {error}")))
}

/// A Dockerfile in the making.
struct Writer<'a> {
    plan: &'a Plan,
    ground: &'a Ground<'a>,
    /// Stages so far.
    stages: Vec<Stage>,
    /// Files that are only written, in a stage of their own.
    texts: Vec<Line>,
    names: Names,
    /// Where the files of steps are that were met before.
    made: BTreeMap<StepId, Place>,
    /// Stages that are what commands left of the image.
    changed: BTreeMap<StepId, (String, State)>,
    /// Stages of trees that several commands stand on.
    roots: BTreeMap<Tree, (String, State)>,
    /// How often commands stand on a tree.
    uses: BTreeMap<Tree, usize>,
}

/// Where files are.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// A stage or an image; the context when `None`.
    from: Option<String>,
    /// The folder in it, without a slash at its end.
    folder: String,
}

impl Place {
    fn stage(name: &str) -> Self {
        Self {
            from: Some(name.to_owned()),
            folder: String::new(),
        }
    }

    /// `--from=…`.
    fn flag(&self) -> Option<String> {
        self.from.as_ref().map(|from| format!("--from={from}"))
    }

    /// A path in it, as `COPY` names its source.
    fn path(&self, path: &str) -> String {
        let path = format!("{}/{}", self.folder, path.trim_start_matches('/'));
        match &self.from {
            Some(_) => path,
            None => match path.trim_start_matches('/') {
                "" => ".".into(),
                path => path.into(),
            },
        }
    }
}

impl<'a> Writer<'a> {
    fn new(plan: &'a Plan, ground: &'a Ground<'a>) -> Self {
        let mut uses: BTreeMap<Tree, usize> = BTreeMap::new();
        for step in &plan.steps {
            if let Action::Exec(exec) = &step.action {
                *uses.entry(exec.root.clone()).or_default() += 1;
            }
        }
        Self {
            plan,
            ground,
            stages: Vec::new(),
            texts: Vec::new(),
            names: Names::default(),
            made: BTreeMap::new(),
            changed: BTreeMap::new(),
            roots: BTreeMap::new(),
            uses,
        }
    }

    /// The last stage: the image.
    fn image(&mut self) -> Result<Stage, Unwritable> {
        let root = self.root(&self.plan.image.clone())?;
        let mut lines = root.lines;
        lines.extend(config::lines(&root.state, &self.plan.config.config)?);
        Ok(Stage {
            comment: "the image".into(),
            platform: None,
            from: root.from,
            name: None,
            lines,
        })
    }

    /// The files of a step, by themselves.
    fn place(&mut self, id: StepId) -> Result<Place, Unwritable> {
        if let Some(place) = self.made.get(&id) {
            return Ok(place.clone());
        }
        let place = self.new_place(id)?;
        self.made.insert(id, place.clone());
        Ok(place)
    }

    fn new_place(&mut self, id: StepId) -> Result<Place, Unwritable> {
        let step = self.plan.step(id).clone();
        match &step.action {
            Action::Image(reference) => Ok(self.image_place(&step, reference)),
            Action::FrontendImage => Ok(Place::stage(&self.ground.pinned(self.ground.frontend))),
            Action::Exec(exec) if exec.keep == Keep::Layer => {
                let (name, _) = self.command(&step, exec)?;
                Ok(Place {
                    folder: crate::plan::LAYER.into(),
                    ..Place::stage(&name)
                })
            }
            Action::Exec(_) => Ok(Place::stage(&self.changed(id)?.0)),
            Action::Tree(tree) => {
                let root = self.root(tree)?;
                let stage = self.stage(&step, None, root.from, root.lines);
                Ok(Place::stage(&stage))
            }
            Action::Context { .. } | Action::Git(_) | Action::Download(_) | Action::Files(_) => {
                self.files(&step)
            }
        }
    }

    /// The stage of a command that changes the image.
    fn changed(&mut self, id: StepId) -> Result<(String, State), Unwritable> {
        if let Some(known) = self.changed.get(&id) {
            return Ok(known.clone());
        }
        let step = self.plan.step(id).clone();
        let Action::Exec(exec) = &step.action else {
            return Err(Unwritable(format!("`{}` is no command", step.name)));
        };
        let made = self.command(&step, exec)?;
        self.changed.insert(id, made.clone());
        Ok(made)
    }

    /// An image as something to take files of. `--from` cannot say a platform, a stage can.
    fn image_place(&mut self, step: &Step, reference: &str) -> Place {
        let pinned = self.ground.pinned(reference);
        match self.ground.platform(step.platform) {
            None => Place::stage(&pinned),
            Some(_) => {
                Place::stage(&self.stage(step, self.ground.platform(step.platform), pinned, Vec::new()))
            }
        }
    }

    /// Adds a stage for a step, and says its name.
    fn stage(
        &mut self,
        step: &Step,
        platform: Option<&'static str>,
        from: String,
        lines: Vec<Line>,
    ) -> String {
        let name = self.names.of(step);
        self.stages.push(Stage {
            comment: self.ground.comment(step),
            platform,
            from,
            name: Some(name.clone()),
            lines,
        });
        name
    }
}
