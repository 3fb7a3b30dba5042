//! Tokens and keys written out in the spec, or given as build args.

use super::findings::Findings;
use crate::diagnostic::token::{Token, tokens};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Source, Span};
use crate::spec::{Document, Request};

/// Every token in the text, comments included: the text is sent to the engine and kept in its history.
pub fn in_text(source: &Source, findings: &mut Findings) {
    findings.0.extend(tokens(&source.text).iter().map(written));
}

fn written(token: &Token) -> Diagnostic {
    let message = format!("{} is written into the spec", token.kind);
    let finding = Diagnostic::error(code::LITERAL_SECRET, token.span, message)
        .hide(token.span)
        .label("everybody who has the spec or the image's history has it");
    right_way(finding).hint("it may have been read by others already: replace it where it was issued")
}

/// Tokens given with `--build-arg`, which every image's history keeps.
pub fn in_build_args(document: &Document, request: &Request, findings: &mut Findings) {
    let args = document.root.pair("args");
    for (name, value) in request.build_args {
        let Some(token) = tokens(value).into_iter().next() else {
            continue;
        };
        let declared = args.and_then(|args| args.value.pair(name)).or(args);
        let span = declared.map_or(Span::default(), |pair| pair.key.span);
        let message = format!("the value given with `--build-arg {name}` is {}", token.kind);
        findings.push(right_way(Diagnostic::error(code::LITERAL_SECRET, span, message)));
    }
}

fn right_way(finding: Diagnostic) -> Diagnostic {
    finding
        .hint("give it as a build secret: `docker buildx build --secret id=NAME,env=VARIABLE` or `id=NAME,src=FILE`")
        .hint("and name it where it is used: `run: [{ command: …, secrets: [{ id: NAME, env: VARIABLE }] }]`, or `password: NAME` of an index")
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::{Build, findings_of};
    use crate::diagnostic::{Diagnostic, code};

    /// Put together here, so that no scanner takes this file for a leak.
    fn token() -> String {
        format!("hf_{}", "aB3dE5gH7jK9".repeat(3))
    }

    fn secrets(text: &str, build: &Build) -> Vec<Diagnostic> {
        let mut findings = findings_of(text, build);
        findings.retain(|finding| finding.code == code::LITERAL_SECRET);
        findings
    }

    #[test]
    fn a_token_is_found_in_values_keys_and_comments_and_never_repeated() {
        let token = token();
        let text = format!("# {token}\nenv: {{ A: {token} }}\nlabels: {{ {token}: x }}\n");
        let found = secrets(&text, &Build::default());
        assert_eq!(found.len(), 3);
        for finding in found {
            assert_eq!(finding.message, "a Hugging Face token is written into the spec");
            assert_eq!(finding.hidden, [finding.span]);
        }
    }

    #[test]
    fn a_token_is_found_where_the_text_is_not_yaml() {
        let text = format!("a: b: c\n# {}\n", token());
        assert_eq!(secrets(&text, &Build::default()).len(), 1);
    }

    #[test]
    fn a_token_given_as_a_build_arg_is_found() {
        let token = token();
        let build = Build {
            build_args: &[("KEY", &token)],
            ..Build::default()
        };
        let found = secrets("args: { KEY: \"\" }\nname: ${KEY}\n", &build);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].message,
            "the value given with `--build-arg KEY` is a Hugging Face token"
        );
    }
}
