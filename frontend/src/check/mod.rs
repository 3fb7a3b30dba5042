//! From a spec to [`Checked`]: what comes out has no unresolved name and no missing default.
//!
//! In comes a [`Source`] and a [`Request`]; out goes the asked target as meant, and everything that is wrong or worth knowing,
//! found in one run and in the order of the file. One key, one file; every rule is total, so that a wrong value never hides
//! another. Nothing here does IO.

mod advice;
mod apt;
mod archs;
mod args;
mod base;
mod budget;
mod checked;
mod cmake;
mod command;
mod copy;
mod cuda;
pub mod defaults;
mod duplicates;
mod duration;
mod env;
mod findings;
mod from;
mod git_url;
mod healthcheck;
mod labels;
mod literal;
mod models;
mod mounts;
mod name;
mod outputs;
mod path;
mod ports;
mod preflight;
mod python;
mod redact;
mod reference;
mod run;
mod rust;
mod secret_name;
mod secrets;
pub mod size;
mod skip;
mod sources;
mod ssh;
mod stop;
mod tools;
mod unreachable;
mod unused_models;
mod url;
mod user;
mod volumes;

#[cfg(test)]
pub(crate) mod drawn;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod tests;

pub use args::{Arg, args};
pub use checked::*;
pub use cuda::fits as cuda_fits;
pub use defaults::UV as UV_VERSION;
pub use findings::has_errors;
pub use models::pickle;

pub use crate::spec::{PlatformNames, Request};

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::source::{Source, Spanned};
use crate::spec::{self, Document, Spec, Specs};
use findings::Findings;

/// Reads and checks a spec for one target on one platform.
///
/// The target as meant comes out when nothing is an error; the findings come out in any case, sorted by place. Draw them with
/// [`crate::diagnostic::render`], and send no other text of the spec than [`crate::diagnostic::shown`] to an engine.
pub fn check(source: &Source, request: &Request) -> (Option<Checked>, Vec<Diagnostic>) {
    let mut findings = Findings::default();
    literal::in_text(source, &mut findings);
    let checked = match spec::parse(source) {
        Ok(document) => check_document(&document, source, request, &mut findings),
        Err(problems) => {
            findings.0.extend(problems);
            None
        }
    };
    let findings = redact::redacted(findings.arranged(), source, request);
    (checked.filter(|_| !has_errors(&findings)), findings)
}

/// A target that a spec offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name, where it is written.
    pub name: Spanned<String>,
    /// Its own `description:`.
    pub description: Option<String>,
}

/// The targets of a document, in the written order.
pub fn targets(document: &Document) -> Vec<Target> {
    let pairs = document
        .root
        .get("targets")
        .map_or(&[][..], |targets| targets.pairs());
    let target = |pair: &spec::Pair| Target {
        name: pair.key.clone(),
        description: pair
            .value
            .get("description")
            .and_then(|text| text.as_text())
            .map(ToString::to_string),
    };
    pairs.iter().map(target).collect()
}

fn check_document(
    document: &Document,
    source: &Source,
    request: &Request,
    findings: &mut Findings,
) -> Option<Checked> {
    findings.0.extend(document.problems.iter().cloned());
    name::target_names(document, findings);
    name::unknown_target(document, request, findings);
    literal::in_build_args(document, request, findings);
    secret_name::in_args(document, findings);
    args::undeclared(document, request, findings);
    args::unused(document, findings);
    duplicates::duplicates(document, findings);
    let specs = spec::resolve(document, source, request, &mut findings.0);
    secrets::unused(&specs, findings);
    unused_models::unused(document, findings);
    unreachable::unreachable(document, &specs, findings);
    let checked = check_target(&specs, request, findings);
    if let Some(checked) = checked.as_ref().filter(|_| !has_errors(&findings.0)) {
        findings.0.extend(advice::advice(checked));
    }
    skip::skip(specs.of(request.target).unwrap_or(&specs.base), findings);
    checked
}

fn check_target(specs: &Specs, request: &Request, findings: &mut Findings) -> Option<Checked> {
    let spec = specs.of(request.target)?;
    let target = request.target.filter(|target| !target.is_empty());
    Some(Checked {
        target: target.map(ToString::to_string),
        sources: sources::sources(specs, spec, findings),
        ..checked(spec, findings)
    })
}

fn checked(spec: &Spec, findings: &mut Findings) -> Checked {
    base::scratch(spec, findings);
    secret_name::in_spec(spec, findings);
    let user = user::user(spec, findings);
    let checked = Checked {
        name: name::name(spec, findings),
        description: spec
            .description
            .get()
            .map(|text| Spanned::new(text.value.0.clone(), text.span)),
        target: None,
        skipped: skip::skipped(spec),
        base: base::base(spec, findings),
        cuda: cuda::cuda(spec, findings),
        apt: apt::apt(spec, findings),
        python: python::python(spec, findings),
        cmake: cmake::projects(spec, findings),
        rust: rust::rust(spec, findings),
        tools: tools::tools(spec, findings),
        copies: copy::copies(spec, &user, findings),
        runs: run::runs(spec, &user, findings),
        models: models::models(spec, findings),
        secrets: secrets::secrets(spec, findings),
        sources: BTreeMap::new(),
        user,
        workdir: spec
            .workdir
            .get()
            .and_then(|path| findings.keep(path::folder(path, "`workdir`"))),
        env: env::env(spec, findings),
        ports: ports::ports(spec, findings),
        volumes: volumes::volumes(spec, findings),
        healthcheck: healthcheck::healthcheck(spec, findings),
        preflight: preflight::preflight(spec, findings),
        init: preflight::init(spec, findings),
        stop: stop::stop(spec, findings),
        entrypoint: command::command(&spec.entrypoint, "entrypoint", findings),
        cmd: command::command(&spec.cmd, "cmd", findings),
        labels: labels::labels(spec, findings),
        budget: budget::budget(spec, findings),
    };
    match checked.cuda.as_ref().and_then(Cuda::version) {
        Some(version) => checked.with_cuda(version),
        None => checked,
    }
}
