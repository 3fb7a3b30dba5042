//! What to say about a key that the spec does not have.

use crate::diagnostic::{Diagnostic, closest, code, did_you_mean, listed};
use crate::source::Spanned;

/// What other tools call our keys.
const OTHER_NAMES: [(&str, &str, &str); 40] = [
    ("Spec", "from", "base"),
    ("Spec", "image", "base"),
    ("Spec", "environment", "env"),
    ("Spec", "envs", "env"),
    ("Spec", "expose", "ports"),
    ("Spec", "packages", "apt"),
    ("Spec", "apt_packages", "apt"),
    ("Spec", "command", "cmd"),
    ("Spec", "maintainer", "labels"),
    ("Spec", "build_args", "args"),
    ("Spec", "arg", "args"),
    ("Spec", "add", "copy"),
    ("Spec", "files", "copy"),
    ("Spec", "stopsignal", "stop"),
    ("Spec", "stop_signal", "stop"),
    ("Spec", "working_dir", "workdir"),
    ("Spec", "pip", "python"),
    ("Copy", "source", "src"),
    ("Copy", "to", "dest"),
    ("Copy", "mode", "chmod"),
    ("Copy", "owner", "chown"),
    ("Spec", "model", "models"),
    ("Spec", "weights", "models"),
    ("Spec", "size", "budget"),
    ("Spec", "limits", "budget"),
    ("Budget", "size", "unpacked"),
    ("Budget", "ignore", "except"),
    ("Model", "dest", "to"),
    ("Model", "checksum", "sha256"),
    ("Model", "digest", "sha256"),
    ("Model", "name", "file"),
    ("Model", "huggingface", "hf"),
    ("Model", "repo", "hf"),
    ("Model", "include", "files"),
    ("Model", "ignore", "exclude"),
    ("Model", "secret", "token"),
    ("Mount", "source", "src"),
    ("Mount", "target", "dest"),
    ("Mount", "dst", "dest"),
    ("Output", "to", "dest"),
];

/// The finding about a key that is not among `fields`, the keys of the type `owner`.
pub fn unknown_key(key: &Spanned<String>, owner: &str, fields: &[&str]) -> Diagnostic {
    let name = key.value.as_str();
    let message = format!("unknown key `{name}`");
    let finding = Diagnostic::error(code::UNKNOWN_KEY, key.span, message);
    let known = OTHER_NAMES
        .iter()
        .find(|(of, other, _)| *of == owner && *other == name)
        .map(|(_, _, ours)| *ours);
    if let Some(ours) = known.or_else(|| closest(name, fields.iter().copied())) {
        return finding.hint(format!("did you mean `{ours}`?"));
    }
    match did_you_mean(name, fields) {
        Some(hint) => finding.hint(hint),
        None => finding.hint(format!("the keys are {}", listed(fields))),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_misspelt_key_has_a_near_one() {
        check_diagnostics(
            r#"
              basee: debian
            # ^^^^^ error[unknown-key]: unknown key `basee`
            # = hint: did you mean `base`?
        "#,
        );
    }

    #[test]
    fn a_key_of_another_tool_has_a_name_here() {
        check_diagnostics(
            r#"
              environment: { A: b }
            # ^^^^^^^^^^^ error[unknown-key]: unknown key `environment`
            # = hint: did you mean `env`?
        "#,
        );
    }

    #[test]
    fn a_key_that_is_near_to_nothing_gets_no_guess() {
        check_diagnostics(
            r#"
              quux: 1
            # ^^^^ error[unknown-key]: unknown key `quux`
            # = hint: the keys are `name`, `description`, `args`, `base`, `cuda`, `apt`, `python`, `rust`, `cmake`, `tools`, `copy`, `run`, `models`, `secrets`, `user`, `workdir`, `env`, `ports`, `volumes`, `healthcheck`, `preflight`, `init`, `stop`, `entrypoint`, `cmd`, `labels`, `budget`, `targets` and `check`
        "#,
        );
    }

    #[test]
    fn a_key_inside_a_value_is_found_too() {
        check_diagnostics(
            r#"
              healthcheck: { url: "tcp:80", intervall: 3s }
            #                               ^^^^^^^^^ error[unknown-key]: unknown key `intervall`
            # = hint: did you mean `interval`?
              run:
                - { command: make, caches: [/c] }
            #                      ^^^^^^ error[unknown-key]: unknown key `caches`
            # = hint: did you mean `cache`?
        "#,
        );
    }

    #[test]
    fn keys_of_our_own_start_with_x() {
        check_diagnostics(
            r#"
              x-anything: [1, 2]
              x: 1
            # ^ error[unknown-key]: unknown key `x`
            # = hint: the keys are `name`, `description`, `args`, `base`, `cuda`, `apt`, `python`, `rust`, `cmake`, `tools`, `copy`, `run`, `models`, `secrets`, `user`, `workdir`, `env`, `ports`, `volumes`, `healthcheck`, `preflight`, `init`, `stop`, `entrypoint`, `cmd`, `labels`, `budget`, `targets` and `check`
        "#,
        );
    }
}
