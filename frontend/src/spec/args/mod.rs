//! The values that `${NAME}` stands for: declared args, what `--build-arg` says about them, and the names of platforms.

mod resolver;
#[cfg(test)]
mod tests;
mod undefined;

pub use undefined::undefined;

use std::collections::BTreeMap;

use super::model_names::MODELS;
use super::node::{Kind, Node};
use super::request::Request;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Source;
use resolver::Resolver;

/// Names that modelcrate sets, as the Dockerfile frontend does (buildkit `frontend/dockerfile/dockerfile2llb/platform.go`).
pub const BUILT_IN: [&str; 8] = [
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
];

/// What is known about one name.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Its value.
    Known(String),
    /// It has none, and a text that needs it should say so.
    Missing(Box<Diagnostic>),
    /// It has none, and that has been said where it is declared.
    Broken,
}

/// Every name that `${…}` may hold.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    values: BTreeMap<String, Value>,
    /// Names of models are known; they are not while args and the models themselves are read.
    has_models: bool,
}

impl Scope {
    /// Works out every arg of `args:` (null when not written), in whatever order they need each other.
    pub fn new(
        args: Option<&Node>,
        source: &Source,
        request: &Request,
        findings: &mut Vec<Diagnostic>,
    ) -> Self {
        let scope = Self {
            values: built_in(request),
            has_models: false,
        };
        let Some(args) = args.filter(|args| !args.is_null()) else {
            return scope;
        };
        if !matches!(args.kind, Kind::Mapping(_)) {
            findings.push(not_a_mapping(args));
            return scope;
        }
        let mut resolver = Resolver {
            args,
            source,
            request,
            scope,
            under_way: Vec::new(),
            findings,
        };
        for pair in args.pairs() {
            resolver.resolve(pair);
        }
        resolver.scope
    }

    /// The same with what is known of models (`models.NAME.path`).
    pub fn with_models(mut self, models: BTreeMap<String, Value>) -> Self {
        self.values.extend(models);
        self.has_models = true;
        self
    }

    /// The value of a name; `None` when nothing defines it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Every arg, sorted.
    fn args(&self) -> impl Iterator<Item = &str> {
        self.names().filter(|name| !name.starts_with(MODELS))
    }

    /// Every word that stands for a part of a model, sorted.
    fn models(&self) -> impl Iterator<Item = &str> {
        self.names().filter(|name| name.starts_with(MODELS))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

fn built_in(request: &Request) -> BTreeMap<String, Value> {
    let (target, build) = (request.platform, request.build_platform);
    let values = [
        target.to_string(),
        target.os.clone(),
        target.arch.clone(),
        target.variant.clone(),
        build.to_string(),
        build.os.clone(),
        build.arch.clone(),
        build.variant.clone(),
    ];
    BUILT_IN
        .iter()
        .map(ToString::to_string)
        .zip(values.into_iter().map(Value::Known))
        .collect()
}

fn not_a_mapping(args: &Node) -> Diagnostic {
    let message = format!(
        "`args` must be a mapping of names to defaults, not {}",
        args.kind_name()
    );
    Diagnostic::error(code::WRONG_TYPE, args.head(), message)
        .hint("write `args: { NAME: default }`; `null` is for an arg that must be given")
}
