//! What commands and the image stand on: trees as `FROM` and `COPY --link`.

use super::view::{Line, Stage};
use super::{Unwritable, Writer, words};
use crate::image::ContainerConfig;
use crate::plan::{Action, Keep, StepId};

/// What a stage starts with.
pub(super) struct Root {
    /// An image or a stage.
    pub from: String,
    /// Where it runs, as the first of its files says.
    pub platform: Option<&'static str>,
    /// What is laid over that.
    pub lines: Vec<Line>,
    /// What its commands find.
    pub state: State,
}

/// The config that a stage has so far.
pub(super) type State = ContainerConfig;

/// What BuildKit gives a stage that starts from nothing (`frontend/dockerfile/dockerfile2llb/image.go`, `emptyImage`).
fn empty() -> State {
    let mut state = State::default();
    state.set_env(
        "PATH",
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    );
    state
}

impl Writer<'_> {
    /// A tree; one that several commands stand on becomes a stage.
    pub(super) fn shared_root(&mut self, tree: &[StepId], stage: &str) -> Result<Root, Unwritable> {
        if let Some((name, state)) = self.roots.get(tree) {
            return Ok(Root {
                from: name.clone(),
                platform: None,
                lines: Vec::new(),
                state: state.clone(),
            });
        }
        let root = self.root(tree)?;
        let is_shared = self.uses.get(tree).is_some_and(|uses| *uses > 1);
        if root.lines.is_empty() || !is_shared {
            return Ok(root);
        }
        let name = self.names.free(&format!("{stage}-root"));
        self.stages.push(Stage {
            comment: format!("what steps of {stage} run on; it does not ship"),
            platform: root.platform,
            from: root.from,
            name: Some(name.clone()),
            lines: root.lines,
        });
        self.roots
            .insert(tree.to_vec(), (name.clone(), root.state.clone()));
        Ok(Root {
            from: name,
            platform: None,
            lines: Vec::new(),
            state: root.state,
        })
    }

    /// A tree: the highest command that stands on just what is below it brings all of that along, the rest is laid over it.
    pub(super) fn root(&mut self, tree: &[StepId]) -> Result<Root, Unwritable> {
        let own_root = (0..tree.len())
            .rev()
            .find(|at| self.stands_on(tree[*at], &tree[..*at]));
        let (mut root, rest) = match own_root {
            Some(at) => (self.on_command(tree[at])?, &tree[at + 1..]),
            None => match tree.first().and_then(|id| self.on_image(*id)) {
                Some(root) => (root, &tree[1..]),
                None => (on_nothing(), tree),
            },
        };
        for id in rest {
            root.lines.extend(self.laid(*id)?);
        }
        Ok(root)
    }

    fn on_command(&mut self, id: StepId) -> Result<Root, Unwritable> {
        let (from, state) = self.changed(id)?;
        Ok(Root {
            from,
            platform: None,
            lines: Vec::new(),
            state,
        })
    }

    fn on_image(&self, id: StepId) -> Option<Root> {
        let step = self.plan.step(id);
        let Action::Image(reference) = &step.action else {
            return None;
        };
        let facts = self.ground.images.get(reference);
        Some(Root {
            from: self.ground.pinned(reference),
            platform: self.ground.platform(step.platform),
            lines: Vec::new(),
            state: facts.map(|facts| facts.config.config.clone()).unwrap_or_default(),
        })
    }

    /// The files of a step, laid over what is there.
    fn laid(&mut self, id: StepId) -> Result<Vec<Line>, Unwritable> {
        let step = self.plan.step(id).clone();
        match &step.action {
            Action::Exec(exec) if exec.keep == Keep::Changes => Err(Unwritable(format!(
                "what `{}` changes is laid over something else than it stands on, which a Dockerfile cannot say",
                step.name
            ))),
            Action::Files(actions) if actions.iter().all(|action| self.is_copy(action)) => {
                let mut lines = Vec::new();
                for action in actions {
                    lines.extend(self.copied(action, true)?);
                }
                Ok(lines)
            }
            _ => {
                let place = self.place(id)?;
                let mut flags = self.link();
                flags.extend(place.flag());
                let from = format!("{}/", place.folder);
                Ok(vec![Line::copy(flags, words::paths(&from, "/"))])
            }
        }
    }

    fn stands_on(&self, id: StepId, below: &[StepId]) -> bool {
        let Action::Exec(exec) = &self.plan.step(id).action else {
            return false;
        };
        exec.keep == Keep::Changes && exec.root == below
    }
}

fn on_nothing() -> Root {
    Root {
        from: "scratch".into(),
        platform: None,
        lines: Vec::new(),
        state: empty(),
    }
}
