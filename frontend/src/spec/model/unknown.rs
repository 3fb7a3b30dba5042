//! What to say about a key that the spec does not have.

use crate::diagnostic::{Diagnostic, closest, code, did_you_mean, listed};
use crate::source::Spanned;

/// Keys that a later release reads.
const LATER: [&str; 5] = ["rust", "cmake", "models", "preflight", "budget"];

/// What other tools call our keys.
const OTHER_NAMES: [(&str, &str, &str); 21] = [
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
];

/// The finding about a key that is not among `fields`, the keys of the type `owner`.
pub fn unknown_key(key: &Spanned<String>, owner: &str, fields: &[&str]) -> Diagnostic {
    let name = key.value.as_str();
    if owner == "Spec" && LATER.contains(&name) {
        let message = format!("`{name}` is not supported yet by this version of modelcrate");
        return Diagnostic::error(code::NOT_SUPPORTED_YET, key.span, message)
            .hint("a newer frontend may read it: see the `# syntax=` line");
    }
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
