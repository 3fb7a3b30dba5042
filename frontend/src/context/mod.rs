//! Where the spec and the files of a build come from: options come in, the spec's text and sources of files go out.
//!
//! [`BuildContext::open`] decides between the client's folders, a git repository, a downloaded archive and the inputs of
//! a linked target (buildkit frontend/dockerui/context.go). Whatever it is, a [`Context`] gives files the same way: the
//! caller names the paths that a step needs, and gets a source of those and nothing else. Nothing is transferred
//! before a step that needs it runs.

mod archive;
mod files;
mod frontend_image;
mod git;
mod ignore;
mod named;
mod origin;
mod spec;

use buildkit_llb::{Differ, Meta, Output, Platform};

pub use files::{Context, ContextImage, Selection};
pub use frontend_image::{FRONTEND_GRAPH, frontend_image};
pub use spec::{SpecFile, beside};

use crate::gateway::{Gateway, GatewayError};
use crate::options::Options;
use files::LocalFolder;
use ignore::IgnoreFile;
use origin::{Origin, Place};

/// The per-context ignore file (buildkit frontend/dockerui/context.go).
const IGNORE_FILE: &str = ".dockerignore";

/// The places of one build, found and not yet read.
#[derive(Debug, Clone)]
pub struct BuildContext {
    gateway: Gateway,
    options: Options,
    origin: Origin,
}

impl BuildContext {
    /// Finds out where spec and files come from; a remote file is looked at, to see whether it is an archive.
    pub async fn open(gateway: &Gateway, options: &Options) -> Result<Self, GatewayError> {
        Ok(Self {
            origin: Origin::find(gateway, options).await?,
            gateway: gateway.clone(),
            options: options.clone(),
        })
    }

    /// Reads the spec, and the ignore file that belongs to it alone.
    ///
    /// [`ErrorKind::NotFound`](crate::gateway::ErrorKind::NotFound) where there is none.
    pub async fn spec(&self) -> Result<SpecFile, GatewayError> {
        SpecFile::load(&self.gateway, &self.options, &self.origin).await
    }

    /// The main context. Of a local one the ignore file is read: that of the spec, else `.dockerignore`.
    pub async fn main(&self, spec: &SpecFile) -> Result<Context, GatewayError> {
        let name = match &self.origin.main {
            Place::Graph(graph) => return Ok(Context::graph(graph.clone())),
            Place::Local(name) => name,
        };
        let ignore = match &spec.ignore {
            Some(own) => own.clone(),
            None => {
                self.ignore_file(name, name, "[internal] load .dockerignore")
                    .await?
            }
        };
        let folder = LocalFolder {
            session: self.options.session_of(name).to_owned(),
            name: name.clone(),
            hint: name.clone(),
            title: "[internal] load build context".to_owned(),
            ignore,
        };
        Ok(Context::local(folder))
    }

    /// The context that `--build-context NAME=…` gave for `name`; none where none was given.
    ///
    /// `platform` is the one that the files are for: images and linked targets differ by it.
    pub async fn named(
        &self,
        name: &str,
        platform: Option<&Platform>,
    ) -> Result<Option<Context>, GatewayError> {
        named::load(self, name, platform).await
    }

    /// The names of all named contexts, for suggestions.
    pub fn named_contexts(&self) -> impl Iterator<Item = &str> {
        self.options
            .context
            .named
            .keys()
            .map(|key| key.split("::").next().unwrap_or(key))
    }

    /// `.dockerignore` of a local source; its own small transfer, without comparing it with an older one.
    async fn ignore_file(&self, name: &str, hint: &str, title: &str) -> Result<IgnoreFile, GatewayError> {
        let local = buildkit_llb::Local {
            name: name.to_owned(),
            session: Some(self.options.session_of(name).to_owned()),
            follow_paths: vec![IGNORE_FILE.to_owned()],
            shared_key_hint: Some(format!("{hint}-{IGNORE_FILE}")),
            differ: no_differ(&self.gateway),
            ..Default::default()
        };
        let output = local.output(titled(title));
        let solved = self.gateway.solve(&definition(&output)?, false).await?;
        match self.gateway.read_file(&solved, IGNORE_FILE).await {
            Ok(bytes) => IgnoreFile::parse(IGNORE_FILE, &bytes),
            Err(error) if error.is_not_found() => Ok(IgnoreFile::default()),
            Err(error) => Err(error.context(format!("failed to read `{IGNORE_FILE}`"))),
        }
    }
}

/// Small files are sent whole each time: an edit that keeps size and time would be missed otherwise. Engines before
/// BuildKit 0.9 cannot.
fn no_differ(gateway: &Gateway) -> Option<Differ> {
    gateway
        .capabilities()
        .has("source.local.differ")
        .then_some(Differ::None)
}

/// A vertex with a name and nothing else said about it.
fn titled(name: impl Into<String>) -> Meta {
    Meta {
        name: Some(name.into()),
        ..Meta::default()
    }
}

fn definition(output: &Output) -> Result<buildkit_llb::Definition, GatewayError> {
    buildkit_llb::Definition::new(output).map_err(|cause| GatewayError::invalid(cause.to_string()))
}

#[cfg(test)]
mod tests;
