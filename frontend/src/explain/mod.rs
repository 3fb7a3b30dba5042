//! A plan as people and programs read it: its steps by stage, what each stands on and sees, the layers, and what runs again
//! when which file of the context changes. The third sibling of [`crate::lower`] and [`crate::render`].

mod changes;
mod mermaid;
mod path;
mod sizes;
mod step;
mod text;

pub use mermaid::mermaid;
pub use sizes::{Size, Sizes, sizes};
pub use text::text;

use serde::Serialize;

use crate::plan::{Action, Facts, FileAction, Plan, Step, StepId};
use crate::source::Source;
pub use changes::Change;
use changes::changes;
pub use step::{Explained, From, Mount, Seen};

/// A plan in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The target; left out for the spec itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The platform that the image is for, `linux/amd64`.
    pub platform: String,
    /// Steps by stage, in the order in which they are planned.
    pub stages: Vec<Stage>,
    /// The steps whose files are the image's layers, the lowest first.
    pub layers: Vec<usize>,
    /// What runs again, by file of the context.
    pub changes: Vec<Change>,
}

/// The steps of one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// `python`, `apt`, …
    pub name: &'static str,
    /// Its steps, inputs before users.
    pub steps: Vec<Explained>,
}

/// Puts a plan into words. Lines are those of `source`, the spec.
pub fn explain(
    plan: &Plan,
    facts: &Facts,
    source: &Source,
    target: Option<&str>,
    platform: &str,
) -> Explanation {
    let numbers = Numbers::of(plan);
    let mut stages: Vec<Stage> = Vec::new();
    for (id, step) in numbers.shown(plan) {
        let explained = step::explained(plan, &numbers, id, source);
        match stages.iter_mut().find(|stage| stage.name == step.stage) {
            Some(stage) => stage.steps.push(explained),
            None => stages.push(Stage {
                name: step.stage,
                steps: vec![explained],
            }),
        }
    }
    Explanation {
        target: target.map(str::to_owned),
        platform: platform.to_owned(),
        stages,
        layers: plan.image.iter().filter_map(|id| numbers.get(*id)).collect(),
        changes: changes(plan, facts, &numbers),
    }
}

impl Explanation {
    /// Every step, by stage.
    fn steps(&self) -> impl Iterator<Item = &Explained> {
        self.stages.iter().flat_map(|stage| &stage.steps)
    }

    /// What a step does.
    fn name(&self, number: usize) -> &str {
        let step = self.steps().find(|step| step.number == number);
        step.map_or("", |step| &step.name)
    }
}

/// The numbers of the steps that people care for. Small files that we write and files that are only taken from the context
/// have none: they are told where they are used.
struct Numbers(Vec<Option<usize>>);

impl Numbers {
    fn of(plan: &Plan) -> Self {
        let mut last = 0;
        let number = |(index, step): (usize, &Step)| {
            let is_layer = plan.image.iter().any(|id| id.index() == index);
            (is_layer || is_work(&step.action)).then(|| {
                last += 1;
                last
            })
        };
        Self(plan.steps.iter().enumerate().map(number).collect())
    }

    fn get(&self, id: StepId) -> Option<usize> {
        self.0.get(id.index()).copied().flatten()
    }

    /// The steps that have a number.
    fn shown<'a>(&self, plan: &'a Plan) -> impl Iterator<Item = (usize, &'a Step)> {
        let steps = plan.steps.iter().enumerate();
        steps.filter(|(index, _)| self.0.get(*index).is_some_and(Option::is_some))
    }
}

/// Whether a step does something by itself.
fn is_work(action: &Action) -> bool {
    match action {
        Action::Image(_) | Action::Git(_) | Action::Download(_) | Action::Exec(_) => true,
        Action::Files(actions) => actions.iter().any(|action| matches!(action, FileAction::Copy(_))),
        Action::FrontendImage | Action::Context { .. } | Action::Tree(_) => false,
    }
}
