//! What to say about a key that the spec does not have.

use crate::diagnostic::{Diagnostic, closest, code, did_you_mean, listed};
use crate::source::Spanned;

/// What other tools call our keys.
const OTHER_NAMES: [(&str, &str, &str); 46] = [
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
    ("Spec", "dependencies", "python"),
    ("Spec", "requirements", "python"),
    ("Spec", "system_packages", "apt"),
    ("Cmake", "git", "source"),
    ("Cmake", "repo", "source"),
    ("Cmake", "url", "source"),
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

/// What belongs elsewhere: not under another key of the same mapping.
const ELSEWHERE: [(&str, &str, &str); 3] = [
    (
        "Model",
        "revision",
        "write it behind the repository: `hf: org/name@REVISION`",
    ),
    (
        "Model",
        "quantization",
        "`files` takes one of several: `files: [\"*Q4_K_M*.gguf\"]`",
    ),
    (
        "Python",
        "packages",
        "packages are those of the project's `uv.lock`, or of a file of requirements: `requirements: requirements.txt`",
    ),
];

/// How a mapping is written for what somebody wrote as a text.
pub fn long_form(owner: &str, text: &str) -> Option<String> {
    match owner {
        "Model" => {
            let (scheme, rest) = text.split_once("://").unwrap_or(("hf", text));
            let words: Vec<&str> = rest.split('/').collect();
            match (scheme, words.as_slice()) {
                ("hf", [org, name]) => Some(format!("write `{{ hf: {org}/{name} }}`")),
                ("https", ["huggingface.co", org, name]) => Some(format!("write `{{ hf: {org}/{name} }}`")),
                ("http" | "https", _) => Some(format!("write `{{ url: {text}, sha256: … }}`")),
                _ => Some("write `{ hf: org/name }` for a model of a hub".to_owned()),
            }
        }
        "Copy" => match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            [source, dest] => Some(format!("write `{source}: {dest}`")),
            _ => Some("write `src/path: /dest/path`".to_owned()),
        },
        _ => None,
    }
}

/// The finding about a key that is not among `fields`, the keys of the type `owner`.
pub fn unknown_key(key: &Spanned<String>, owner: &str, fields: &[&str]) -> Diagnostic {
    let name = key.value.as_str();
    let message = format!("unknown key `{name}`");
    let finding = Diagnostic::error(code::UNKNOWN_KEY, key.span, message);
    let elsewhere = ELSEWHERE
        .iter()
        .find(|(of, other, _)| *of == owner && *other == name);
    if let Some((_, _, hint)) = elsewhere {
        return finding.hint(*hint);
    }
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
    use super::long_form;
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn what_belongs_elsewhere_is_told_where() {
        check_diagnostics(
            r#"
              python: { version: "3.12", requirements: r.txt, packages: [torch] }
            #                                                 ^^^^^^^^ error[unknown-key]: unknown key `packages`
            # = hint: packages are those of the project's `uv.lock`, or of a file of requirements: `requirements: requirements.txt`
              models:
                a: { hf: org/name, revision: main }
            #                      ^^^^^^^^ error[unknown-key]: unknown key `revision`
            # = hint: write it behind the repository: `hf: org/name@REVISION`
        "#,
        );
    }

    #[test]
    fn a_text_for_a_mapping_is_written_as_one() {
        for (owner, text, hint) in [
            ("Model", "org/name", "write `{ hf: org/name }`"),
            ("Model", "hf://org/name", "write `{ hf: org/name }`"),
            (
                "Model",
                "https://huggingface.co/org/name",
                "write `{ hf: org/name }`",
            ),
            (
                "Model",
                "https://a.test/m.gguf",
                "write `{ url: https://a.test/m.gguf, sha256: … }`",
            ),
            ("Model", "llama3", "write `{ hf: org/name }` for a model of a hub"),
            ("Copy", ". /app", "write `.: /app`"),
            ("Copy", "app", "write `src/path: /dest/path`"),
        ] {
            assert_eq!(long_form(owner, text).as_deref(), Some(hint), "{text}");
        }
        check_diagnostics(
            r#"
              copy: . /app
            #       ^^^^^^ error[wrong-type]: an item of `copy` must be a mapping with `from`, `src`, `dest`, `chown`, `chmod` and `exclude`, not `. /app`
            # = hint: write `.: /app`
        "#,
        );
    }

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
