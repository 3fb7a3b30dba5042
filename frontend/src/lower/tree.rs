//! Trees: files laid over each other.

use buildkit_llb::{Action, Copy, File, Meta, Output, diff, merge};

use super::{Lowered, Made};
use crate::plan::{self, Keep, StepId};

impl Lowered<'_> {
    /// The files of a tree; `None` is an empty root.
    pub fn tree(&mut self, tree: &[StepId]) -> Option<Output> {
        if let Some(known) = self.trees.get(tree) {
            return known.clone();
        }
        let output = self.laid(tree);
        self.trees.insert(tree.to_vec(), output.clone());
        output
    }

    /// What a command changed, apart from what it stood on.
    pub(super) fn changes(&mut self, id: StepId, upper: Option<Output>) -> Option<Output> {
        let plan::Action::Exec(exec) = &self.steps[id.index()].action else {
            return upper;
        };
        let root = exec.root.clone();
        let lower = self.tree(&root);
        diff(lower, upper, self.internal("[internal] take what was added"))
    }

    /// The highest command that stands on just what is below it in the tree brings all of that along; the rest is
    /// laid over it.
    fn laid(&mut self, tree: &[StepId]) -> Option<Output> {
        let own_root = (0..tree.len())
            .rev()
            .find(|at| self.stands_on(tree[*at], &tree[..*at]));
        let (first, rest) = match own_root {
            Some(at) => (self.root(tree[at]), &tree[at + 1..]),
            None => (None, tree),
        };
        let rest: Vec<Output> = rest.iter().filter_map(|id| self.files(*id)).collect();
        if self.ground.merges {
            self.merged(first, rest)
        } else {
            self.chained(first, rest)
        }
    }

    fn merged(&self, first: Option<Output>, rest: Vec<Output>) -> Option<Output> {
        let name = self.ground.prefixed("[image]", "merge layers");
        merge(
            first.into_iter().chain(rest).map(Some).collect::<Vec<_>>(),
            self.internal(&name),
        )
    }

    /// Without merges, each layer is copied onto those below it.
    fn chained(&self, first: Option<Output>, rest: Vec<Output>) -> Option<Output> {
        let mut layers = first.into_iter().chain(rest);
        let lowest = layers.next()?;
        Some(layers.fold(lowest, |below, layer| {
            let copy = Copy {
                from: Some(layer),
                src: "/".into(),
                dest: "/".into(),
                copy_dir_contents_only: true,
                always_replace: true,
                ..Copy::default()
            };
            let name = self.ground.prefixed("[image]", "copy a layer");
            File {
                base: Some(below),
                actions: vec![Action::Copy(copy)],
            }
            .output(self.internal(&name))
        }))
    }

    fn stands_on(&self, id: StepId, below: &[StepId]) -> bool {
        let plan::Action::Exec(exec) = &self.steps[id.index()].action else {
            return false;
        };
        exec.keep == Keep::Changes && exec.root == below
    }

    fn root(&self, id: StepId) -> Option<Output> {
        match &self.made[id.index()] {
            Made::Root(output) | Made::Files(output) => output.clone(),
        }
    }

    fn internal(&self, name: &str) -> Meta {
        Meta {
            name: Some(name.to_owned()),
            locations: vec![self.ground.spec.location(crate::source::Span::default())],
            ..Meta::default()
        }
    }
}
