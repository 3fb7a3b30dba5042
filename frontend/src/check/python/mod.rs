//! `python:`

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::findings::Findings;
use super::{
    Index, Interpreter, Python, PythonSource, Uv, apt, defaults, env, path, reference, secrets, url,
};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{self, Entry, Field, List, Spec, Text};

/// Python, when the image has it.
pub fn python(spec: &Spec, findings: &mut Findings) -> Option<Python> {
    let written = spec.python.get()?;
    source_is_one(written, findings);
    downloads_are_used(written, findings);
    let version = written.version.get().map(version).transpose();
    let uv = written.uv.get().map(uv).transpose();
    let url = |field: &Field<Text>, findings: &mut Findings| {
        findings.keep(field.get().map(url::http).transpose()).flatten()
    };
    Some(Python {
        version: findings.keep(version).flatten(),
        uv: findings.keep(uv).flatten().unwrap_or_else(default_uv),
        source: source(written, findings),
        interpreter: interpreter(written, findings),
        mirror: url(&written.mirror, findings),
        downloads: url(&written.downloads, findings),
        extras: names(&written.extras, "extra", findings),
        groups: names(&written.groups, "group", findings),
        indexes: indexes(written, findings),
        apt: apt::packages(&written.apt, findings),
        build_env: build_env(written, findings),
        span: written.whole(),
    })
}

fn default_uv() -> Spanned<Uv> {
    Spanned::new(Uv::Version(defaults::UV.to_string()), Span::default())
}

/// `3.11`, `3.11.13`, `3.15.0rc1`, `3.14t`.
fn version(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let numbers = text.trim_end_matches('t');
    let mut words = numbers.split('.');
    let major = words.next() == Some("3");
    let minor = words.next().is_some_and(|word| word.parse::<u32>().is_ok());
    let patch = words.next().is_none_or(is_patch);
    if major && minor && patch && words.next().is_none() {
        return Ok(Spanned::new(text.to_string(), entry.span));
    }
    let message = format!("`{text}` is not a version of Python");
    let finding = Diagnostic::error(code::INVALID_VERSION, entry.span, message);
    Err(match text.starts_with(['<', '>', '=', '~', '^']) {
        true => finding
            .hint("an image has one version: write `3.11` or `3.11.13`; ranges belong into `pyproject.toml`"),
        false => finding.hint("write `3.11` or `3.11.13`"),
    })
}

/// `13`, `0rc1`.
fn is_patch(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let pre = ["a", "b", "rc"]
        .iter()
        .find_map(|stage| digits.strip_prefix(stage))
        .is_some_and(|number| number.parse::<u32>().is_ok());
    digits.len() < word.len() && (digits.is_empty() || pre)
}

/// A version, or the image that uv comes from: a mirror's, where the builder cannot reach others.
fn uv(entry: &Entry<Text>) -> Result<Spanned<Uv>, Diagnostic> {
    match entry.value.contains(['/', ':']) {
        true => reference::image(entry).map(|image| image.map(Uv::Image)),
        false => uv_version(entry).map(|version| version.map(Uv::Version)),
    }
}

fn uv_version(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let numbers: Vec<Option<u32>> = text.split('.').map(|number| number.parse().ok()).collect();
    let finding = |message: String| Diagnostic::error(code::INVALID_VERSION, entry.span, message);
    match numbers.as_slice() {
        [Some(major), Some(minor), Some(patch)] if (*major, *minor, *patch) < defaults::OLDEST_UV => {
            Err(finding(format!("uv {text} cannot install from a `pylock.toml`"))
                .hint(format!("write 0.6.15 or later, such as `{}`", defaults::UV)))
        }
        [Some(_), Some(_), Some(_)] => Ok(Spanned::new(text.to_string(), entry.span)),
        _ => Err(finding(format!("`{text}` is not a version of uv")).hint(format!(
            "write all three numbers, such as `{}`, or an image such as `registry.example.com/uv:{}`",
            defaults::UV,
            defaults::UV
        ))),
    }
}

/// Requirements are a list of packages: a project's parts mean nothing to them.
fn source_is_one(python: &spec::Python, findings: &mut Findings) {
    let Some(requirements) = python.requirements.key() else {
        return;
    };
    let parts = [
        ("project", python.project.key()),
        ("package", python.package.key()),
        ("extras", python.extras.key()),
        ("groups", python.groups.key()),
    ];
    for (name, key) in parts {
        let finding = key.map(|key| {
            let message = match name {
                "project" => "either a project or `requirements` can be installed".to_string(),
                _ => format!("`{name}` is for a project, and this spec installs `requirements`"),
            };
            Diagnostic::error(code::CONFLICT, key, message)
                .related(requirements, "installed instead of a project")
                .hint(format!("leave out `{name}` or `requirements`"))
        });
        findings.0.extend(finding);
    }
}

fn source(python: &spec::Python, findings: &mut Findings) -> PythonSource {
    if let Some(requirements) = python.requirements.get() {
        let path = findings.keep(path::in_context(requirements));
        return path.map_or(PythonSource::None, PythonSource::Requirements);
    }
    let project = match python.project.get() {
        Some(project) if &*project.value == "none" => {
            nothing_to_install(python, findings);
            return PythonSource::None;
        }
        Some(project) => findings.keep(path::in_context(project)),
        None => Some(Spanned::new(defaults::PROJECT.to_string(), Span::default())),
    };
    let package = python
        .package
        .get()
        .map(|package| name(package, "package"))
        .transpose();
    let package = findings.keep(package).flatten();
    project.map_or(PythonSource::None, |folder| PythonSource::Project {
        folder,
        package,
    })
}

fn nothing_to_install(python: &spec::Python, findings: &mut Findings) {
    let parts = [
        ("package", python.package.key()),
        ("extras", python.extras.key()),
        ("groups", python.groups.key()),
    ];
    for (name, key) in parts {
        let finding = key.map(|key| {
            let message = format!("`{name}` is for a project, and `project` is `none`");
            Diagnostic::error(code::CONFLICT, key, message)
                .hint(format!("leave out `{name}` or `project: none`"))
        });
        findings.0.extend(finding);
    }
}

fn interpreter(python: &spec::Python, findings: &mut Findings) -> Interpreter {
    let Some(entry) = python.interpreter.get() else {
        return Interpreter::Auto;
    };
    match &*entry.value {
        "auto" => Interpreter::Auto,
        "uv" => Interpreter::Uv,
        path if path.starts_with('/') => findings
            .keep(path::below_root(entry, "`interpreter`"))
            .map_or(Interpreter::Auto, Interpreter::Base),
        other => {
            let message = format!("`{other}` is no choice for `interpreter`");
            findings.push(Diagnostic::error(code::UNKNOWN_CHOICE, entry.span, message).hint(
                "write `auto`, `uv`, or the absolute path of one in the base, such as `/usr/bin/python3`",
            ));
            Interpreter::Auto
        }
    }
}

/// A base's interpreter is not downloaded.
fn downloads_are_used(python: &spec::Python, findings: &mut Findings) {
    let Some(interpreter) = python.interpreter.get() else {
        return;
    };
    let from_base = interpreter.value.starts_with('/');
    let keys = [
        ("mirror", python.mirror.key()),
        ("downloads", python.downloads.key()),
    ];
    for (name, key) in keys.into_iter().filter(|_| from_base) {
        let finding = key.map(|key| {
            let message = format!("`{name}` changes nothing: the interpreter is the base's");
            Diagnostic::warning(code::NO_EFFECT, key, message)
                .related(interpreter.span, "the base's interpreter")
        });
        findings.0.extend(finding);
    }
}

fn names(list: &Field<List<Text>>, what: &str, findings: &mut Findings) -> Vec<Spanned<String>> {
    findings.keep_all(list.items().iter().map(|item| name(item, what)))
}

fn name(entry: &Entry<Text>, what: &str) -> Result<Spanned<String>, Diagnostic> {
    valid_name(&Spanned::new(entry.value.0.clone(), entry.span), what)
}

/// A name in the sense of packaging: letters, digits, `.`, `_` and `-`.
fn valid_name(name: &Spanned<String>, what: &str) -> Result<Spanned<String>, Diagnostic> {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !name.is_empty() && name.chars().all(letters) {
        return Ok(name.clone());
    }
    let message = format!("`{}` is not a name for {} {what}", name.value, article(what));
    let finding = Diagnostic::error(code::INVALID_NAME, name.span, message);
    Err(match name.contains(',') {
        true => finding.hint("each name is an item of its own"),
        false => finding.hint("use letters, digits, `.`, `_` and `-`"),
    })
}

fn article(what: &str) -> &'static str {
    if what.starts_with(['e', 'i']) { "an" } else { "a" }
}

fn indexes(python: &spec::Python, findings: &mut Findings) -> BTreeMap<String, Index> {
    let mut indexes = BTreeMap::new();
    for (name, index) in python.indexes.entries() {
        findings.keep(valid_name(name, "index"));
        let url = findings
            .keep(index.url.get().map(url::http).transpose())
            .flatten();
        let mut secret =
            |field: &Field<Text>| findings.keep(field.get().map(secrets::id).transpose()).flatten();
        let (username, password) = (secret(&index.username), secret(&index.password));
        if !index.url.is_written() && !index.username.is_written() && !index.password.is_written() {
            let message = format!("nothing is said about the index `{}`", name.value);
            findings.push(
                Diagnostic::error(code::MISSING_KEY, name.span, message)
                    .hint("give its `url`, or the ids of the secrets for its `username` and `password`"),
            );
        }
        let span = index.whole();
        let index = Index {
            url,
            username,
            password,
            span,
        };
        indexes.insert(name.value.clone(), index);
    }
    indexes
}

fn build_env(python: &spec::Python, findings: &mut Findings) -> BTreeMap<String, Spanned<String>> {
    env::entries(&python.build_env, findings)
        .into_iter()
        .map(|(name, value)| (name.value, value))
        .collect()
}
