//! From a plan to LLB: every step becomes a vertex, every tree a merge.
//!
//! In come the steps of a [`Plan`](crate::plan::Plan) and the [`Ground`] they stand on (images that were resolved,
//! the context, the engine's settings); out come graph values. Nothing here asks the engine anything.
//!
//! Where the engine cannot merge (Docker's classic image store), the same trees become chains of copies: the same
//! files and the same config, but each layer then stands on those below it.

mod exec;
mod files;
mod ground;
mod measure;
mod name;
mod tree;

pub use files::TIMESTAMP;
pub use ground::Ground;

use std::collections::BTreeMap;

use buildkit_llb::{Git, Http, Meta, Output};

use crate::plan::{Action, DOWNLOADED, Download, GitCheckout, Keep, On, Step, StepId, Tree};

/// The graph of some steps.
#[derive(Debug)]
pub struct Lowered<'a> {
    steps: &'a [Step],
    ground: &'a Ground<'a>,
    made: Vec<Made>,
    trees: BTreeMap<Tree, Option<Output>>,
}

/// What became of a step.
#[derive(Debug, Clone)]
enum Made {
    /// Files that stand alone.
    Files(Option<Output>),
    /// A root with what a command changed on it.
    Root(Option<Output>),
}

/// Lowers `steps`, whose inputs come before their users.
pub fn lower<'a>(steps: &'a [Step], ground: &'a Ground<'a>) -> Lowered<'a> {
    let mut lowered = Lowered {
        steps,
        ground,
        made: Vec::with_capacity(steps.len()),
        trees: BTreeMap::new(),
    };
    for (index, step) in steps.iter().enumerate() {
        let made = lowered.step(index, step);
        lowered.made.push(made);
    }
    lowered
}

impl Lowered<'_> {
    /// The files that a step made, by themselves.
    pub fn files(&mut self, id: StepId) -> Option<Output> {
        match self.made.get(id.index()).cloned() {
            Some(Made::Files(output)) => output,
            Some(Made::Root(upper)) => self.changes(id, upper),
            None => None,
        }
    }

    fn step(&mut self, index: usize, step: &Step) -> Made {
        let meta = self.meta(index, step);
        match &step.action {
            Action::Image(reference) => Made::Files(self.ground.image(reference, step.platform)),
            Action::FrontendImage => Made::Files(self.ground.frontend_image.clone()),
            Action::Context { paths, exclude } => Made::Files(self.ground.files(paths, exclude, meta)),
            Action::Git(checkout) => Made::Files(Some(git(checkout).output(meta))),
            Action::Download(download) => Made::Files(Some(http(download).output(meta))),
            Action::Tree(tree) => Made::Files(self.tree(tree)),
            Action::Files(actions) => Made::Files(files::lower(self, actions, meta)),
            Action::Exec(exec) => {
                let outputs = exec::lower(self, exec, meta);
                match exec.keep {
                    Keep::Layer => Made::Files(outputs.mount(crate::plan::LAYER)),
                    Keep::Changes => Made::Root(outputs.root()),
                }
            }
        }
    }

    fn meta(&self, index: usize, step: &Step) -> Meta {
        Meta {
            name: Some(name::title(
                self.steps,
                index,
                self.ground.platform_prefix.as_deref(),
            )),
            ignore_cache: self.ground.no_cache.covers(step.stage),
            locations: vec![self.ground.spec.location(step.span)],
            platform: match step.platform {
                On::Target => Some(self.ground.target.clone()),
                On::Build => Some(self.ground.build.clone()),
                On::Any => None,
            },
            ..Meta::default()
        }
    }
}

/// The source of a checkout, which is also what the engine is asked about.
pub fn git(checkout: &GitCheckout) -> Git {
    Git {
        remote: checkout.url.clone(),
        reference: checkout.reference.clone(),
        checksum: checkout.commit.clone(),
        keep_git_dir: checkout.keep_git_dir,
        auth_token_secret: checkout.token.clone(),
        ssh_socket: checkout.agent.clone(),
        ..Git::default()
    }
}

/// The source of a file, which is also what is looked into where something is wrong with it.
pub fn http(download: &Download) -> Http {
    Http {
        url: download.url.clone(),
        checksum: Some(format!("sha256:{}", download.sha256)),
        filename: Some(DOWNLOADED.trim_start_matches('/').to_owned()),
        perm: Some(0o644),
        auth_header_secret: download.token.clone(),
        ..Http::default()
    }
}

impl Lowered<'_> {
    /// What another step takes files from: the whole root of a command, else the files.
    fn source(&mut self, id: StepId) -> Option<Output> {
        match self.made.get(id.index()) {
            Some(Made::Root(output) | Made::Files(output)) => output.clone(),
            None => None,
        }
    }
}
