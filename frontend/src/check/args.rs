//! `args:` and `--build-arg`.

use std::collections::BTreeSet;

use super::findings::Findings;
use super::secret_name::is_secret;
use crate::diagnostic::token::masked;
use crate::diagnostic::{Diagnostic, closest, code};
use crate::source::{Source, Span, Spanned};
use crate::spec::{BUILT_IN, Document, Request, all_names, arg_values};

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

/// An arg of a target, as people are told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arg {
    /// Its name, where it is declared.
    pub name: Spanned<String>,
    /// Its value in this build, stars where it must not be seen; none where it must be given and was not.
    pub value: Option<String>,
    /// The comment above it.
    pub description: Option<String>,
}

/// The args of the asked target, in the written order.
pub fn args(document: &Document, source: &Source, request: &Request) -> Vec<Arg> {
    let values = arg_values(document, source, request).into_iter();
    let args = values.map(|(name, value)| Arg {
        value: value.map(|value| {
            if is_secret(&name.value) {
                "****".to_owned()
            } else {
                masked(&value)
            }
        }),
        description: comment_above(source, name.span),
        name,
    });
    args.collect()
}

/// The words of the comment lines right above an entry that begins its line.
fn comment_above(source: &Source, span: Span) -> Option<String> {
    let mut above = source.text.get(..span.start)?.rsplit('\n');
    if !above.next()?.trim().is_empty() {
        return None;
    }
    let comments = above.map_while(|line| line.trim().strip_prefix('#'));
    let mut words: Vec<&str> = comments.map(str::trim).collect();
    words.reverse();
    let words = masked(&words.join(" "));
    (!words.is_empty()).then_some(words)
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
        findings.push(changes_nothing(name, &declared, place));
    }
}

fn changes_nothing(name: &str, declared: &BTreeSet<&str>, place: Span) -> Diagnostic {
    let finding = |reason: String| {
        let message = format!("`--build-arg {name}` changes nothing: {reason}");
        Diagnostic::warning(code::UNDECLARED_BUILD_ARG, place, message)
    };
    if BUILT_IN.contains(&name) {
        return finding("the platform decides it".to_string()).hint("build with `--platform`");
    }
    let finding = finding(format!("the spec has no arg `{name}`"));
    match closest(name, declared.iter().copied()) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!("declare it: `args: {{ {name}: default }}`")),
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

#[cfg(test)]
mod tests {
    use crate::check::drawn::{Build, check_diagnostics, check_diagnostics_of};

    #[test]
    fn a_build_arg_that_the_spec_does_not_have_is_a_warning() {
        let build = Build {
            build_args: &[("VERSOIN", "2"), ("HTTP_PROXY", "x"), ("BUILDKIT_SYNTAX", "y")],
            ..Build::default()
        };
        check_diagnostics_of(
            r#"
              args: { VERSION: "1" }
            # ^^^^ warning[undeclared-build-arg]: `--build-arg VERSOIN` changes nothing: the spec has no arg `VERSOIN`
            # = hint: did you mean `VERSION`?
              labels: { version: "${VERSION}" }
        "#,
            &build,
        );
    }

    #[test]
    fn a_build_arg_of_a_spec_without_args_is_a_warning() {
        let build = Build {
            build_args: &[("TARGETARCH", "arm64"), ("OTHER", "")],
            ..Build::default()
        };
        check_diagnostics_of(
            r#"
              base: debian:12
            # ^ warning[undeclared-build-arg]: `--build-arg OTHER` changes nothing: the spec has no arg `OTHER`
            # = hint: declare it: `args: { OTHER: default }`
            # ^ warning[undeclared-build-arg]: `--build-arg TARGETARCH` changes nothing: the platform decides it
            # = hint: build with `--platform`
        "#,
            &build,
        );
    }

    #[test]
    fn an_arg_that_nothing_uses_is_a_warning() {
        check_diagnostics(
            r#"
              args:
                VERSION: "1"
                TAG: "x${VERSION}"
            #   ^^^ warning[unused-arg]: nothing uses the arg `TAG`
            # = hint: write `${TAG}` where its value belongs, or leave it out
        "#,
        );
    }
}
