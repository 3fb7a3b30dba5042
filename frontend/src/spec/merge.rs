//! What a target changes, laid over the spec.
//!
//! | what | how a target changes it |
//! |---|---|
//! | mappings: `args`, `env`, `labels`, `python`, `secrets`, `ports`, `volumes`, … | merged, entry by entry |
//! | lists that collect: `apt`, `copy`, `run`, `tools`, `python.apt` | the target's items come after the spec's |
//! | lists that select: `python.extras`, `entrypoint`, `cmd`, every other | the target's list is taken instead |
//! | texts, numbers, switches | the target's is taken instead |
//! | anything, when the target says `null` | removed |
//! | `healthcheck.url` and `.command`, `python.project` and `.requirements` | the one in the target drops the other |

use super::node::{Kind, Node, Pair};

/// Lists that collect.
const COLLECTS: [&str; 5] = ["apt", "copy", "run", "tools", "python.apt"];
/// Keys of which a mapping has one alone.
const ALTERNATIVES: [(&str, [&str; 2]); 2] = [
    ("healthcheck", ["url", "command"]),
    ("python", ["project", "requirements"]),
];

/// `over` laid over `base`, both in long forms.
pub fn merge(base: Node, over: Node) -> Node {
    merge_at("", base, over)
}

fn merge_at(path: &str, base: Node, over: Node) -> Node {
    let collects = COLLECTS.contains(&path);
    match (base.kind, over.kind) {
        (Kind::Mapping(below), Kind::Mapping(above)) => Node {
            kind: Kind::Mapping(merge_pairs(path, below, above)),
            span: over.span,
        },
        (below @ (Kind::Sequence(_) | Kind::Scalar(_)), above) if collects => {
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

fn is_alternative(path: &str, old: &str, new: &str) -> bool {
    ALTERNATIVES
        .iter()
        .any(|(at, keys)| *at == path && old != new && keys.contains(&old) && keys.contains(&new))
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_string()
    } else {
        format!("{path}.{key}")
    }
}
