//! `secrets:`, and everything that uses them.

use std::collections::BTreeMap;

use super::Secret;
use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code, did_you_mean};
use crate::source::Spanned;
use crate::spec::{Entry, Spec, Specs, Text};

/// The secrets of a spec by id: the declared ones, or all that are used when none is declared.
pub fn secrets(spec: &Spec, findings: &mut Findings) -> BTreeMap<String, Secret> {
    let used = uses(spec);
    if !spec.secrets.is_written() {
        return implied(spec, &used);
    }
    let mut secrets = BTreeMap::new();
    for (name, secret) in spec.secrets.entries() {
        findings.keep(valid_id(name.clone()));
        let declared = Secret {
            optional: secret.optional.get().is_some_and(|optional| optional.value.0),
            description: secret.description.get().map(|text| text.value.0.clone()),
            span: name.span,
        };
        secrets.insert(name.value.clone(), declared);
    }
    let known: Vec<&str> = secrets.keys().map(String::as_str).collect();
    for id in used.iter().filter(|id| !known.contains(&id.value.0.as_str())) {
        findings.push(undeclared(id, &known, spec));
    }
    secrets
}

/// The id of a secret as `docker buildx build --secret id=…` takes it.
///
/// # Errors
/// When it has letters that an id cannot have.
pub fn id(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    valid_id(Spanned::new(entry.value.0.clone(), entry.span))
}

/// Whether the spec declares that the build goes on without it.
pub fn is_optional(id: &str, spec: &Spec) -> bool {
    spec.secrets.entries().iter().any(|(name, secret)| {
        name.value == id && secret.optional.get().is_some_and(|optional| optional.value.0)
    })
}

/// Declared secrets that no target uses.
pub fn unused(specs: &Specs, findings: &mut Findings) {
    let used: Vec<&str> = specs.all().flat_map(uses).map(|id| id.value.0.as_str()).collect();
    for (name, _) in specs.all().flat_map(|spec| spec.secrets.entries()) {
        if !used.contains(&name.value.as_str()) {
            let message = format!("no command uses the secret `{}`", name.value);
            findings.push(
                Diagnostic::warning(code::UNUSED_SECRET, name.span, message).hint(format!(
                    "name it where it is needed: `run: [{{ command: …, secrets: [{}] }}]`",
                    name.value
                )),
            );
        }
    }
}

fn valid_id(id: Spanned<String>) -> Result<Spanned<String>, Diagnostic> {
    let valid = !id.is_empty()
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if valid {
        return Ok(id);
    }
    let message = format!("`{}` is not the id of a secret", id.value);
    Err(Diagnostic::error(code::INVALID_NAME, id.span, message)
        .hint("write an id of letters, digits, `_`, `-` and `.`; its value is given with `--secret id=ID,env=NAME` or `src=FILE`"))
}

fn uses(spec: &Spec) -> Vec<&Entry<Text>> {
    let in_runs = spec.run.items().iter().flat_map(|run| run.secrets.items());
    let projects = || spec.cmake.items().iter();
    let in_projects = projects().flat_map(|project| project.secrets.items());
    let python = spec.python.get();
    let indexes = python.into_iter().flat_map(|python| python.indexes.entries());
    let in_models = spec.models.entries().iter();
    let in_rust = spec.rust.items().iter().flat_map(|rust| {
        let registries = rust.registries.entries().iter().map(|(_, id)| id);
        rust.token.get().into_iter().chain(registries)
    });
    in_runs
        .chain(in_projects)
        .filter_map(|used| used.id.get())
        .chain(projects().filter_map(|project| project.token.get()))
        .chain(in_rust)
        .chain(
            indexes.flat_map(|(_, index)| [index.username.get(), index.password.get()].into_iter().flatten()),
        )
        .chain(in_models.flat_map(|(_, model)| {
            let ids = [&model.token, &model.access_key, &model.secret_key];
            ids.into_iter().filter_map(|id| id.get())
        }))
        .collect()
}

fn implied(spec: &Spec, used: &[&Entry<Text>]) -> BTreeMap<String, Secret> {
    let mut secrets = BTreeMap::new();
    for id in used {
        let in_runs: Vec<_> = spec
            .run
            .items()
            .iter()
            .flat_map(|run| run.secrets.items())
            .chain(
                spec.cmake
                    .items()
                    .iter()
                    .flat_map(|project| project.secrets.items()),
            )
            .filter(|used| used.id.get().is_some_and(|other| other.value == id.value))
            .collect();
        let uses = used.iter().filter(|other| other.value == id.value).count();
        // Indexes, models and repositories cannot do without theirs.
        let optional = uses == in_runs.len()
            && in_runs
                .iter()
                .all(|used| used.optional.get().is_some_and(|optional| optional.value.0));
        secrets.entry(id.value.0.clone()).or_insert(Secret {
            optional,
            description: None,
            span: id.span,
        });
    }
    secrets
}

fn undeclared(id: &Entry<Text>, known: &[&str], spec: &Spec) -> Diagnostic {
    let message = format!("`secrets` does not list `{}`", id.value.0);
    let mut finding = Diagnostic::error(code::UNDECLARED_SECRET, id.span, message);
    if let Some(key) = spec.secrets.key() {
        finding = finding.related(key, "the secrets of this spec");
    }
    finding.hints.extend(did_you_mean(&id.value, known));
    finding.hint(format!("or add `{}` to it", id.value.0))
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_secret_that_is_not_declared_is_pointed_at() {
        check_diagnostics(
            r#"
              secrets: [hf_token]
            # ------- the secrets of this spec
              run:
                - { command: a, secrets: [hf_token] }
                - { command: b, secrets: [hf_tokn] }
            #                             ^^^^^^^ error[undeclared-secret]: `secrets` does not list `hf_tokn`
            # = hint: did you mean `hf_token`?
            # = hint: or add `hf_tokn` to it
        "#,
        );
    }

    #[test]
    fn a_secret_that_nothing_uses_is_a_warning() {
        check_diagnostics(
            r#"
              secrets:
                key: { description: for the index }
                other:
            #   ^^^^^ warning[unused-secret]: no command uses the secret `other`
            # = hint: name it where it is needed: `run: [{ command: …, secrets: [other] }]`
              python: { indexes: { corp: { password: key } } }
        "#,
        );
    }

    #[test]
    fn a_secret_that_another_target_uses_is_used() {
        check_diagnostics(
            r#"
              secrets: [key]
              targets:
                dev: { run: { command: a, secrets: key } }
        "#,
        );
    }
}
