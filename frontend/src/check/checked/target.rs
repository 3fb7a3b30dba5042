//! A target on one platform.

use std::collections::BTreeMap;

use super::{
    Apt, Base, Budget, Cmake, Copy, Cuda, Healthcheck, Model, Port, Preflight, Python, Run, Rust, Secret,
    Stop, Tool, User,
};
use crate::diagnostic::Code;
use crate::source::{Span, Spanned};

/// What a target asks for, with nothing left to look up in the spec.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The name of the image, `name:`.
    pub name: Option<Spanned<String>>,
    /// `description:`, also the label `org.opencontainers.image.description`.
    pub description: Option<Spanned<String>>,
    /// The target that was asked for; `None` is the spec itself.
    pub target: Option<String>,
    /// Warnings that the spec does not want to hear: `check: { skip: […] }`.
    pub skipped: Vec<Code>,
    /// What ships and what builds.
    pub base: Base,
    /// CUDA, when the image has it.
    pub cuda: Option<Cuda>,
    /// Debian packages on the image.
    pub apt: Apt,
    /// Python, when the image has it.
    pub python: Option<Python>,
    /// Projects that are compiled with CMake, in the written order.
    pub cmake: Vec<Cmake>,
    /// Programs that cargo compiles, in the written order.
    pub rust: Vec<Rust>,
    /// Programs for people who work inside the image: `tools: [uv]`.
    pub tools: Vec<Spanned<Tool>>,
    /// Files from the context or from other images.
    pub copies: Vec<Copy>,
    /// Commands of the user's own.
    pub runs: Vec<Run>,
    /// Models, in the written order.
    pub models: Vec<Model>,
    /// Every secret of the spec by id: the declared ones; all that are used, when the spec declares none.
    pub secrets: BTreeMap<String, Secret>,
    /// The targets that this one takes files from, by name.
    pub sources: BTreeMap<String, Checked>,
    /// Who the image runs as.
    pub user: User,
    /// Where it starts, `workdir:`.
    pub workdir: Option<Spanned<String>>,
    /// Environment in the written order.
    pub env: Vec<(Spanned<String>, Spanned<String>)>,
    /// Ports by name, in the written order; a list of ports has its numbers as names.
    pub ports: Vec<Port>,
    /// Absolute paths that are volumes.
    pub volumes: Vec<Spanned<String>>,
    /// `None` inherits the base's.
    pub healthcheck: Option<Healthcheck>,
    /// What is looked at before the program starts.
    pub preflight: Option<Preflight>,
    /// `init: true`, where it was written: the launcher stays as the first process.
    pub init: Option<Span>,
    /// How it stops.
    pub stop: Stop,
    /// `None` inherits the base's.
    pub entrypoint: Option<Spanned<Vec<String>>>,
    /// `None` inherits the base's (dropped when `entrypoint` is given, as in a Dockerfile).
    pub cmd: Option<Spanned<Vec<String>>>,
    /// Labels with their full names, `title` already `org.opencontainers.image.title`.
    pub labels: BTreeMap<String, Spanned<String>>,
    /// What the image may weigh.
    pub budget: Option<Budget>,
}
