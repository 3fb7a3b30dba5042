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
    let message = format!("{} {} is written into the spec", article(token.kind), token.kind);
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
        let message = format!(
            "the value given with `--build-arg {name}` is {} {}",
            article(token.kind),
            token.kind
        );
        findings.push(right_way(Diagnostic::error(code::LITERAL_SECRET, span, message)));
    }
}

fn right_way(finding: Diagnostic) -> Diagnostic {
    finding
        .hint("give it as a build secret: `docker buildx build --secret id=NAME,env=VARIABLE` or `id=NAME,src=FILE`")
        .hint("and name it where it is used: `run: [{ command: …, secrets: [{ id: NAME, env: VARIABLE }] }]`, or `password: NAME` of an index")
}

fn article(kind: &str) -> &'static str {
    if kind.starts_with(['A', 'E', 'I', 'O']) {
        "an"
    } else {
        "a"
    }
}
