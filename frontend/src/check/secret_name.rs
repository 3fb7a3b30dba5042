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

/// The environments and labels of a spec.
pub fn in_spec(spec: &Spec, findings: &mut Findings) {
    let python = spec.python.get().map(|python| &python.build_env);
    let runs = spec.run.items().iter().map(|run| &run.env);
    let environments = [&spec.env].into_iter().chain(python).chain(runs);
    for environment in environments {
        in_map(environment, "env", findings);
    }
    in_map(&spec.labels, "labels", findings);
}

fn in_map(map: &Field<Map<Text>>, what: &str, findings: &mut Findings) {
    for (name, value) in map.entries() {
        if is_secret(&name.value) && !is_harmless(value) {
            findings.push(finding(name, value.span, what));
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
            findings.push(finding(&pair.key, pair.value.span, "args"));
        }
    }
}

fn finding(name: &Spanned<String>, value: Span, what: &str) -> Diagnostic {
    let place = match what {
        "args" => "`args` are kept in the history and provenance of the image",
        "labels" => "labels are part of the image",
        _ => "the environment is part of the image",
    };
    let message = format!("`{}` has the name of a secret, and {place}", name.value);
    let id = name.value.to_lowercase();
    let hint = format!(
        "give it as a build secret: `run: [{{ command: …, secrets: [{{ id: {id}, env: {} }}] }}]`",
        name.value
    );
    let finding = Diagnostic::error(code::SECRET_NAME, name.span, message)
        .hide(value)
        .hint(hint);
    match what {
        "env" => finding.hint(format!(
            "what a container needs is given when it starts: `docker run -e {}`",
            name.value
        )),
        _ => finding,
    }
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
}
