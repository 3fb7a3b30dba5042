//! `cmake:`
//!
//! In come the written projects, out go those that can be planned: a source in the context or in a git repository, options
//! that CMake takes, and what the image gets. Whether a folder is a project is not known here, for nothing is read.

mod install;
mod options;

#[cfg(test)]
mod tests;

use super::findings::Findings;
use super::{Cmake, CmakeSource, apt, defaults, env, git_url, path, run, secrets, ssh};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{self, Entry, Spec, Text};

/// The build types that CMake has by itself (cmake-variables(7), `CMAKE_BUILD_TYPE`).
const BUILD_TYPES: [&str; 4] = ["Release", "RelWithDebInfo", "MinSizeRel", "Debug"];

/// Projects, in the written order.
pub fn projects(spec: &Spec, findings: &mut Findings) -> Vec<Cmake> {
    let items = spec.cmake.items();
    items
        .iter()
        .filter_map(|item| project(item, spec, findings))
        .collect()
}

fn project(item: &Entry<spec::Cmake>, spec: &Spec, findings: &mut Findings) -> Option<Cmake> {
    let source = findings.keep(source(item));
    let token = item
        .token
        .get()
        .and_then(|token| findings.keep(secrets::id(token)));
    if let (Some(CmakeSource::Context(_)), Some(key)) = (&source, item.token.key()) {
        findings.push(token_without_repository(key));
    }
    let options = options::options(item, findings);
    let install = install::install(item, findings);
    let build_type = findings.keep(build_type(item));
    let env = env::entries(&item.env, findings);
    let secrets = item.secrets.items().iter().map(|used| run::secret(used, spec));
    Some(Cmake {
        token,
        options,
        targets: findings.keep_all(item.targets.items().iter().map(install::target)),
        apt: apt::packages(&item.apt, findings),
        env: env
            .into_iter()
            .map(|(name, value)| (name.value, value.value))
            .collect(),
        secrets: findings.keep_all(secrets),
        ssh: ssh::agents(&item.ssh, findings),
        network: run::network(&item.network),
        source: source?,
        install: install?,
        build_type: build_type?,
        span: item.span,
    })
}

fn source(item: &Entry<spec::Cmake>) -> Result<CmakeSource, Diagnostic> {
    let Some(source) = item.source.get() else {
        return Ok(CmakeSource::Context(Spanned::new(".".into(), item.key)));
    };
    match git_url::is_address(source) {
        true => git_url::repository(source).map(CmakeSource::Git),
        false => path::in_context(source).map(CmakeSource::Context),
    }
}

fn token_without_repository(key: crate::source::Span) -> Diagnostic {
    Diagnostic::warning(
        code::NO_EFFECT,
        key,
        "`token` opens a repository, and this source is in the context",
    )
    .hint("a secret that the build needs goes into `secrets`")
}

fn build_type(item: &Entry<spec::Cmake>) -> Result<Spanned<String>, Diagnostic> {
    let Some(written) = item.build_type.get() else {
        return Ok(Spanned::new(defaults::BUILD_TYPE.into(), item.key));
    };
    let text: &str = written;
    let own = BUILD_TYPES.iter().find(|own| own.eq_ignore_ascii_case(text));
    let is_word = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match own {
        Some(own) if *own != text => Err(wrong_build_type(written).hint(format!("did you mean `{own}`?"))),
        None if !is_word => Err(wrong_build_type(written).hint(
            "write `Release`, `RelWithDebInfo`, `MinSizeRel`, `Debug`, or one that the project has itself",
        )),
        _ => Ok(Spanned::new(text.to_string(), written.span)),
    }
}

fn wrong_build_type(entry: &Entry<Text>) -> Diagnostic {
    let message = format!("`{}` is not a build type of CMake", &entry.value.0);
    Diagnostic::error(code::UNKNOWN_CHOICE, entry.span, message)
}
