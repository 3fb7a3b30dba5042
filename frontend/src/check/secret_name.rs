//! Values with a secret's name in `env`, `args` and `labels`, where everybody can read them.

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{Document, Entry, Field, Map, Node, Spec, Text};

/// Words that a secret's name has.
const SECRET_WORDS: [&str; 11] = [
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "SECRETS",
    "TOKEN",
    "CREDENTIAL",
    "CREDENTIALS",
    "APIKEY",
    "PRIVATEKEY",
    "PWD",
];
/// Words that make a secret of the `KEY` after them.
const SECRET_KEYS: [&str; 8] = [
    "API",
    "ACCESS",
    "SECRET",
    "PRIVATE",
    "SIGNING",
    "ENCRYPTION",
    "AUTH",
    "LICENSE",
];
/// Last words of names that say something about a secret and are none.
const ABOUT: [&str; 31] = [
    "FILE",
    "FILES",
    "PATH",
    "PATHS",
    "DIR",
    "NAME",
    "ID",
    "IDS",
    "URL",
    "URI",
    "ENDPOINT",
    "LIMIT",
    "LIMITS",
    "LENGTH",
    "COUNT",
    "SIZE",
    "MAX",
    "MIN",
    "TTL",
    "TIMEOUT",
    "EXPIRY",
    "TYPE",
    "ENABLED",
    "MODE",
    "ALGORITHM",
    "POLICY",
    "HEADER",
    "BUDGET",
    "PARALLELISM",
    "RATE",
    "ISSUER",
];
/// Tokens of models and counters of them.
const MODEL_TOKENS: [&str; 17] = [
    "MAX", "MIN", "NUM", "N", "EOS", "BOS", "PAD", "UNK", "SEP", "CLS", "MASK", "STOP", "IMAGE", "AUDIO",
    "VIDEO", "PER", "SPECIAL",
];

/// Where a value stands, and who can read it there.
#[derive(Clone, Copy)]
enum Place {
    Args,
    Env,
    StepEnv,
    Labels,
}

/// The environments and labels of a spec.
pub fn in_spec(spec: &Spec, findings: &mut Findings) {
    in_map(&spec.env, Place::Env, findings);
    in_map(&spec.labels, Place::Labels, findings);
    for run in spec.run.items() {
        in_map(&run.env, Place::StepEnv, findings);
    }
    for project in spec.cmake.items() {
        in_map(&project.env, Place::StepEnv, findings);
        in_map(&project.options, Place::StepEnv, findings);
    }
    for rust in spec.rust.items() {
        in_map(&rust.env, Place::StepEnv, findings);
    }
    if let Some(python) = spec.python.get() {
        in_map(&python.build_env, Place::StepEnv, findings);
    }
}

fn in_map(map: &Field<Map<Text>>, place: Place, findings: &mut Findings) {
    for (name, value) in map.entries() {
        if is_secret(&name.value) && !is_harmless(value) {
            findings.push(finding(name, value.span, place));
        }
    }
}

/// An empty value or a switch hides nothing.
fn is_harmless(value: &Entry<Text>) -> bool {
    matches!(&*value.value, "" | "true" | "false")
}

/// The args of a document: what is given for them is kept in the image's history and provenance, whatever the default is.
pub fn in_args(document: &Document, findings: &mut Findings) {
    let targets = document
        .root
        .get("targets")
        .map_or(&[][..], |targets| targets.pairs());
    let specs = std::iter::once(&document.root).chain(targets.iter().map(|target| &target.value));
    for pair in specs
        .filter_map(|spec: &Node| spec.get("args"))
        .flat_map(|args| args.pairs())
    {
        if is_secret(&pair.key.value) {
            findings.push(finding(&pair.key, pair.value.span, Place::Args));
        }
    }
}

fn finding(name: &Spanned<String>, value: Span, place: Place) -> Diagnostic {
    let readers = match place {
        Place::Args => "args are kept in the history and provenance of the image",
        Place::Env => "the environment is part of the image",
        Place::StepEnv => "the environment of a step is kept in the history of the image",
        Place::Labels => "labels are part of the image",
    };
    let message = format!("`{}` has the name of a secret, and {readers}", name.value);
    let at_build = format!(
        "give it as a build secret: `run: [{{ command: …, secrets: [{{ id: {}, env: {} }}] }}]`",
        name.value.to_lowercase(),
        name.value
    );
    let at_start = format!(
        "what a container needs is given when it starts: `docker run -e {}`",
        name.value
    );
    let hints = match place {
        Place::Args | Place::StepEnv => vec![at_build],
        Place::Env => vec![at_start, at_build],
        Place::Labels => vec!["leave it out: everybody who can pull the image can read it".to_string()],
    };
    let finding = Diagnostic::error(code::SECRET_NAME, name.span, message).hide(value);
    hints
        .into_iter()
        .fold(finding, Diagnostic::hint)
        .hint("where it is no secret: `check: { skip: [secret-name] }`")
}

/// Whether a name says that its value is a secret.
pub fn is_secret(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let last = words.last().copied().unwrap_or_default();
    if words.ends_with(&["ACCESS", "KEY", "ID"]) {
        return true;
    }
    if ABOUT.contains(&last) || matches!(words.as_slice(), ["PWD"] | ["OLDPWD"]) {
        return false;
    }
    words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).map(|at| words[at]).unwrap_or_default();
        match *word {
            "TOKEN" => !MODEL_TOKENS.contains(&before),
            "KEY" => SECRET_KEYS.contains(&before),
            word => SECRET_WORDS.contains(&word),
        }
    })
}

/// `HF_TOKEN`, `hf-token`, `hfToken`: HF and TOKEN.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let new = !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && before.is_ascii_lowercase());
        if new {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_uppercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::is_secret;
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn names_of_secrets_are_known() {
        for name in [
            "HF_TOKEN",
            "hf-token",
            "DB_PASSWORD",
            "PASSWORD",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_ACCESS_KEY_ID",
            "OPENAI_API_KEY",
            "apiKey",
            "com.example.token",
            "MYSQL_ROOT_PASSWORD",
            "GITHUB_TOKEN",
            "CLIENT_SECRET",
            "SSH_PRIVATE_KEY",
            "DB_PWD",
        ] {
            assert!(is_secret(name), "{name}");
        }
    }

    #[test]
    fn names_that_only_sound_like_it_are_left_alone() {
        for name in [
            "TOKENIZERS_PARALLELISM",
            "MAX_TOKENS",
            "MAX_TOKEN",
            "TOKEN_LIMIT",
            "EOS_TOKEN",
            "PAD_TOKEN_ID",
            "SECRET_NAME",
            "HF_TOKEN_PATH",
            "PASSWORD_FILE",
            "KEYBOARD",
            "PRIMARY_KEY",
            "PWD",
            "TOKENIZER",
            "AUTHOR",
            "API_URL",
            "CACHE_KEY",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_secret_does_not_belong_into_the_environment() {
        check_diagnostics(
            r#"
              env:
                HF_TOKEN: abc
            #   ^^^^^^^^ error[secret-name]: `HF_TOKEN` has the name of a secret, and the environment is part of the image
            # = hint: what a container needs is given when it starts: `docker run -e HF_TOKEN`
            # = hint: give it as a build secret: `run: [{ command: …, secrets: [{ id: hf_token, env: HF_TOKEN }] }]`
            # = hint: where it is no secret: `check: { skip: [secret-name] }`
                TOKENIZERS_PARALLELISM: "false"
        "#,
        );
    }

    #[test]
    fn a_secret_does_not_belong_into_args_or_labels() {
        check_diagnostics(
            r#"
              args: { DB_PASSWORD: null }
            #         ^^^^^^^^^^^ error[secret-name]: `DB_PASSWORD` has the name of a secret, and args are kept in the history and provenance of the image
            # = hint: give it as a build secret: `run: [{ command: …, secrets: [{ id: db_password, env: DB_PASSWORD }] }]`
            # = hint: where it is no secret: `check: { skip: [secret-name] }`
              labels: { com.example.api-key: "${DB_PASSWORD:-x}" }
            #           ^^^^^^^^^^^^^^^^^^^ error[secret-name]: `com.example.api-key` has the name of a secret, and labels are part of the image
            # = hint: leave it out: everybody who can pull the image can read it
            # = hint: where it is no secret: `check: { skip: [secret-name] }`
        "#,
        );
    }

    #[test]
    fn a_secret_does_not_belong_into_a_command() {
        check_diagnostics(
            r#"
              run: [{ command: make, env: { API_KEY: x } }]
            #                               ^^^^^^^ error[secret-name]: `API_KEY` has the name of a secret, and the environment of a step is kept in the history of the image
            # = hint: give it as a build secret: `run: [{ command: …, secrets: [{ id: api_key, env: API_KEY }] }]`
            # = hint: where it is no secret: `check: { skip: [secret-name] }`
              python: { build_env: { GITHUB_TOKEN: x } }
            #                        ^^^^^^^^^^^^ error[secret-name]: `GITHUB_TOKEN` has the name of a secret, and the environment of a step is kept in the history of the image
            # = hint: give it as a build secret: `run: [{ command: …, secrets: [{ id: github_token, env: GITHUB_TOKEN }] }]`
            # = hint: where it is no secret: `check: { skip: [secret-name] }`
        "#,
        );
    }

    #[test]
    fn a_name_can_be_declared_harmless() {
        check_diagnostics(
            r#"
              env: { HF_TOKEN: abc }
              check: { skip: [secret-name] }
        "#,
        );
    }
}
