//! What a target changes, laid over the spec.
//!
//! What that means for each key, the table in the README says, and a test here reads it.

use super::node::{Kind, Node, Pair};

/// Lists that collect.
const COLLECTS: [&str; 9] = [
    "apt.packages",
    "apt.repositories",
    "copy",
    "run",
    "tools",
    "cmake",
    "python.apt",
    "rust.apt",
    "cmake.apt",
];
/// Keys of which a mapping has one alone; `models.*` is each model.
const ALTERNATIVES: [(&str, &[&str]); 3] = [
    ("healthcheck", &["url", "command"]),
    ("python", &["project", "requirements"]),
    ("models.*", &["url", "urls", "image", "hf", "s3", "oci"]),
];
/// The name that stands for every model.
const EVERY: &str = "*";

/// `over` laid over `base`, both in long forms.
pub fn merge(base: Node, over: Node) -> Node {
    merge_at("", base, over)
}

/// What is said of every model goes to each, where no target did that yet.
pub fn merge_nothing(base: Node) -> Node {
    let models = base.pair("models").cloned();
    let Some(models) = models.filter(|models| matches!(models.value.kind, Kind::Mapping(_))) else {
        return base;
    };
    let nothing = Node::mapping(Vec::new(), models.value.span);
    let only_models = Pair {
        value: nothing,
        ..models
    };
    let span = base.span;
    merge(base, Node::mapping(vec![only_models], span))
}

fn merge_at(path: &str, base: Node, over: Node) -> Node {
    let collects = COLLECTS.contains(&path);
    match (base.kind, over.kind) {
        (Kind::Mapping(below), Kind::Mapping(above)) => {
            let pairs = match path {
                "models" => merge_models(below, above),
                _ => merge_pairs(path, below, above),
            };
            Node {
                kind: Kind::Mapping(pairs),
                span: over.span,
            }
        }
        (below @ Kind::Mapping(_), above @ Kind::Sequence(_))
        | (below @ (Kind::Sequence(_) | Kind::Scalar(_)), above)
            if collects =>
        {
            let (mut items, more) = (listed(below, base.span), listed(above, over.span));
            items.extend(more);
            Node::sequence(items, base.span)
        }
        (_, kind) => Node { kind, ..over },
    }
}

fn listed(kind: Kind, span: crate::source::Span) -> Vec<Node> {
    match kind {
        Kind::Sequence(items) => items,
        kind => vec![Node { span, kind }],
    }
}

fn merge_pairs(path: &str, below: Vec<Pair>, above: Vec<Pair>) -> Vec<Pair> {
    let mut merged = below;
    for pair in above {
        if !pair.value.is_null() {
            merged.retain(|other| !is_alternative(path, &other.key.value, &pair.key.value));
        }
        let at = merged.iter().position(|other| other.key.value == pair.key.value);
        match at {
            _ if pair.value.is_null() && path != "args" => {
                merged.retain(|other| other.key.value != pair.key.value);
            }
            Some(at) => {
                let below = merged[at].value.clone();
                let value = merge_at(&join(path, &pair.key.value), below, pair.value);
                merged[at] = Pair { key: pair.key, value };
            }
            None => merged.push(pair),
        }
    }
    merged
}

/// What is said of every model lies below what is said of one, and what a target says lies above both.
fn merge_models(below: Vec<Pair>, above: Vec<Pair>) -> Vec<Pair> {
    let (above_all, above) = split(above);
    let (below_all, below) = split(below);
    let mut merged = merge_pairs("models", each_over(below_all.as_ref(), below), Vec::new());
    if let Some(all) = &above_all {
        let over = |pair: &Pair| Pair {
            key: pair.key.clone(),
            value: all.value.clone(),
        };
        merged = merge_pairs("models", merged.clone(), merged.iter().map(over).collect());
    }
    // A model that the target adds has what is said of every model too.
    let known = |pair: &Pair| merged.iter().any(|other| other.key.value == pair.key.value);
    let (changed, added): (Vec<Pair>, Vec<Pair>) = above.into_iter().partition(known);
    let added = each_over(below_all.as_ref(), each_over(above_all.as_ref(), added));
    merge_pairs("models", merged, changed.into_iter().chain(added).collect())
}

/// What is said of every model, and the models.
fn split(pairs: Vec<Pair>) -> (Option<Pair>, Vec<Pair>) {
    let (mut every, models): (Vec<Pair>, Vec<Pair>) =
        pairs.into_iter().partition(|pair| pair.key.value == EVERY);
    (every.pop(), models)
}

/// Each model laid over what is said of all.
fn each_over(all: Option<&Pair>, models: Vec<Pair>) -> Vec<Pair> {
    let Some(all) = all.filter(|all| !all.value.is_null()) else {
        return models;
    };
    models
        .into_iter()
        .map(|model| Pair {
            value: match model.value.is_null() {
                true => model.value,
                false => merge_at(&join("models", &model.key.value), all.value.clone(), model.value),
            },
            key: model.key,
        })
        .collect()
}

fn is_alternative(path: &str, old: &str, new: &str) -> bool {
    ALTERNATIVES
        .iter()
        .any(|(at, keys)| is_at(at, path) && old != new && keys.contains(&old) && keys.contains(&new))
}

fn is_at(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => path.starts_with(start),
        None => path == pattern,
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_string()
    } else {
        format!("{path}.{key}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::super::short::lengthen;
    use super::*;
    use crate::source::Source;

    const README: &str = include_str!("../../../README.md");

    /// The keys of each row of the table, by the row's first words.
    fn row(start: &str) -> Vec<&'static str> {
        let line = README
            .lines()
            .find(|line| line.starts_with(&format!("| {start} |")))
            .unwrap_or_else(|| panic!("the table has no row `{start}`"));
        let keys = line.split('|').nth(2).unwrap().split('`').skip(1).step_by(2);
        keys.collect()
    }

    /// What the spec says with a target over it, `value` in both at the path of a key.
    fn merged(key: &str, below: &str, above: &str) -> Option<Node> {
        let tree = |value: &str| {
            let (mut text, mut indent) = (String::new(), String::new());
            for word in key.split('.') {
                text += &format!("\n{indent}{word}:");
                indent += "  ";
            }
            lengthen(
                parse(&Source::new("x", format!("{text} {value}\n")))
                    .unwrap()
                    .root,
            )
        };
        let merged = merge(tree(below), tree(above));
        key.split('.')
            .try_fold(merged, |node, word| node.get(word).cloned())
    }

    fn texts(node: Option<Node>) -> Vec<String> {
        let Some(node) = node else {
            return Vec::new();
        };
        match node.kind {
            Kind::Sequence(items) => items
                .iter()
                .filter_map(|item| item.as_text())
                .map(String::from)
                .collect(),
            _ => node.as_text().map(String::from).into_iter().collect(),
        }
    }

    fn count(node: Option<Node>) -> usize {
        match node.unwrap().kind {
            Kind::Sequence(items) => items.len(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lists_that_grow_are_those_of_the_table() {
        let keys = row("a list that collects");
        assert_eq!(keys, COLLECTS);
        for key in keys {
            assert_eq!(count(merged(key, "[a]", "[b, c]")), 3, "{key}");
        }
    }

    #[test]
    fn lists_that_choose_are_those_of_the_table() {
        for key in row("a list that chooses") {
            assert_eq!(texts(merged(key, "[a]", "[b, c]")), ["b", "c"], "{key}");
        }
    }

    #[test]
    fn mappings_that_merge_are_those_of_the_table() {
        for key in row("a mapping") {
            let both = merged(key, "{ a: 1, b: 1 }", "{ b: 2, c: 2 }").unwrap();
            let names: Vec<&str> = both.pairs().iter().map(|pair| pair.key.value.as_str()).collect();
            assert_eq!(names, ["a", "b", "c"], "{key}");
            let own = both.get("b").unwrap();
            let own = own.as_text().or_else(|| own.get("url")?.as_text());
            assert_eq!(own, Some("2"), "{key}");
        }
    }

    #[test]
    fn single_values_are_those_of_the_table() {
        for key in row("a single value") {
            assert_eq!(texts(merged(key, "a", "b")), ["b"], "{key}");
        }
    }

    #[test]
    fn one_of_two_drops_the_other() {
        for pair in row("one of several").chunks(2) {
            let (section, old) = pair[0].split_once('.').unwrap();
            let (_, new) = pair[1].split_once('.').unwrap();
            let both = merged(section, &format!("{{ {old}: a }}"), &format!("{{ {new}: b }}")).unwrap();
            assert_eq!(both.pairs().len(), 1, "{pair:?}");
        }
    }

    #[test]
    fn null_removes_what_any_row_names() {
        let starts = [
            "a list that collects",
            "a list that chooses",
            "a mapping",
            "a single value",
        ];
        for key in starts.into_iter().flat_map(row).filter(|key| *key != "args") {
            assert_eq!(merged(key, "{ a: 1 }", "null"), None, "{key}");
        }
    }
}
