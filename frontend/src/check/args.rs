//! `args:` and `--build-arg`.

use std::collections::BTreeSet;

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, closest, code};
use crate::source::{Span, Spanned};
use crate::spec::{BUILT_IN, Document, Request, all_names};

/// Build args that engines and buildx read for themselves (docker docs, "Build variables").
const FOR_THE_ENGINE: [&str; 6] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "FTP_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "SOURCE_DATE_EPOCH",
];

/// Declared args, those of targets included.
pub fn declared(document: &Document) -> Vec<&Spanned<String>> {
    let targets = document
        .root
        .get("targets")
        .map_or(&[][..], |targets| targets.pairs());
    std::iter::once(&document.root)
        .chain(targets.iter().map(|target| &target.value))
        .filter_map(|spec| spec.get("args"))
        .flat_map(|args| args.pairs())
        .map(|pair| &pair.key)
        .collect()
}

/// Build args that the spec does not have.
pub fn undeclared(document: &Document, request: &Request, findings: &mut Findings) {
    let declared: BTreeSet<&str> = declared(document)
        .into_iter()
        .map(|name| name.value.as_str())
        .collect();
    let place = document
        .root
        .pair("args")
        .map_or(Span::default(), |args| args.key.span);
    for name in request.build_args.keys() {
        let engine = FOR_THE_ENGINE.contains(&name.to_uppercase().as_str()) || name.starts_with("BUILDKIT_");
        if engine || declared.contains(name.as_str()) {
            continue;
        }
        let message = match BUILT_IN.contains(&name.as_str()) {
            true => format!("`--build-arg {name}` changes nothing: the platform decides it"),
            false => format!("`--build-arg {name}` changes nothing: the spec has no arg `{name}`"),
        };
        let finding = Diagnostic::warning(code::UNDECLARED_BUILD_ARG, place, message);
        findings.push(match closest(name, declared.iter().copied()) {
            Some(near) => finding.hint(format!("did you mean `{near}`?")),
            None => finding.hint(format!("declare it: `args: {{ {name}: default }}`")),
        });
    }
}

/// Args that nothing refers to.
pub fn unused(document: &Document, findings: &mut Findings) {
    let used = all_names(&document.root);
    for name in declared(document) {
        if !used.contains(&name.value) {
            let message = format!("nothing uses the arg `{}`", name.value);
            findings.push(
                Diagnostic::warning(code::UNUSED_ARG, name.span, message).hint(format!(
                    "write `${{{}}}` where its value belongs, or leave it out",
                    name.value
                )),
            );
        }
    }
}
