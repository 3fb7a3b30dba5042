//! Targets that nobody can do anything with: they start nothing, and no other target takes their files.

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Document, Kind, Node, Spec, Specs};

/// Such targets of a spec that itself starts something. One that holds models may be there to be mounted.
pub fn unreachable(document: &Document, specs: &Specs, findings: &mut Findings) {
    if !is_started(&specs.base) {
        return;
    }
    let targets = document.root.get("targets");
    for pair in targets.map_or(&[][..], |targets| targets.pairs()) {
        let name = &pair.key;
        let Some(spec) = specs.of(Some(&name.value)) else {
            continue;
        };
        let is_idle = !is_started(spec) && spec.models.entries().is_empty();
        if is_idle && !is_taken(&document.root, &format!("target:{}", name.value)) {
            findings.push(finding(name));
        }
    }
}

fn finding(name: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "the target `{}` starts nothing, and no other target takes files of it",
        name.value
    );
    Diagnostic::warning(code::UNREACHABLE_TARGET, name.span, message)
        .hint(format!(
            "take what it makes: `copy: [{{ from: target:{}, src: /made, dest: /made }}]`",
            name.value
        ))
        .hint("or give it something to start: `entrypoint`")
}

fn is_started(spec: &Spec) -> bool {
    spec.entrypoint.is_written() || spec.cmd.is_written()
}

/// Whether a text names the target as a source.
fn is_taken(node: &Node, source: &str) -> bool {
    match &node.kind {
        Kind::Scalar(_) => node.as_text() == Some(source),
        Kind::Sequence(items) => items.iter().any(|item| is_taken(item, source)),
        Kind::Mapping(pairs) => pairs.iter().any(|pair| is_taken(&pair.value, source)),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_target_that_starts_nothing_and_that_nothing_takes_is_a_warning() {
        check_diagnostics(
            r#"
              entrypoint: [serve]
              targets:
                dev: { apt: [git] }
                fonts: { entrypoint: null, run: [make fonts] }
            #   ^^^^^ warning[unreachable-target]: the target `fonts` starts nothing, and no other target takes files of it
            # = hint: take what it makes: `copy: [{ from: target:fonts, src: /made, dest: /made }]`
            # = hint: or give it something to start: `entrypoint`
        "#,
        );
    }

    #[test]
    fn a_target_whose_files_are_taken_is_of_use() {
        check_diagnostics(
            r#"
              entrypoint: [serve]
              targets:
                fonts: { entrypoint: null, run: [make fonts] }
                web: { copy: [{ from: "target:fonts", src: /fonts, dest: /fonts }] }
        "#,
        );
    }
}
