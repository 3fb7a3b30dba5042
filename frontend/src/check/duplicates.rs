//! The same item twice in one list. A target may repeat what the spec has: only what stands in one list counts.

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::spec::{Document, Kind, Node};

/// Lists in which an item says all it can by being there.
const LISTS: [&[&str]; 7] = [
    &["apt"],
    &["tools"],
    &["cuda", "archs"],
    &["python", "apt"],
    &["python", "extras"],
    &["python", "groups"],
    &["check", "skip"],
];

/// Items that are written twice, in the spec and in each target.
pub fn duplicates(document: &Document, findings: &mut Findings) {
    let targets = document.root.get("targets");
    let targets = targets.map_or(&[][..], |targets| targets.pairs());
    let specs = std::iter::once(&document.root).chain(targets.iter().map(|target| &target.value));
    for spec in specs {
        for path in LISTS {
            let list = path.iter().try_fold(spec, |node, key| node.get(key));
            findings.0.extend(list.into_iter().flat_map(in_list));
        }
    }
}

fn in_list(list: &Node) -> Vec<Diagnostic> {
    let Kind::Sequence(items) = &list.kind else {
        return Vec::new();
    };
    let twice = |(at, item): (usize, &Node)| {
        let text = item.as_text()?;
        let first = items[..at].iter().find(|other| other.as_text() == Some(text))?;
        let finding = Diagnostic::warning(
            code::DUPLICATE_ITEM,
            item.span,
            format!("`{text}` is listed twice"),
        );
        Some(finding.related(first.span, "first listed here"))
    };
    items.iter().enumerate().filter_map(twice).collect()
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn an_item_twice_in_a_list_is_a_warning() {
        check_diagnostics(
            r#"
              apt: [git, make, git]
            #                  ^^^ warning[duplicate-item]: `git` is listed twice
            #       --- first listed here
              cuda: { version: 12.8.1, archs: [80, "80"] }
            #                                      ^^^^ warning[duplicate-item]: `80` is listed twice
            #                                  -- first listed here
              targets:
                dev: { apt: [git] }
        "#,
        );
    }
}
