//! Short forms become long ones, so that targets merge and the decoder reads one form alone.
//!
//! | written | means |
//! |---|---|
//! | `apt: [git]` | `apt: { packages: [git] }` |
//! | `cuda: "12.8.1"` | `cuda: { version: "12.8.1" }`; `none` stays |
//! | `python: "3.11"` | `python: { version: "3.11" }` |
//! | `rust: NAME`, `rust: FOLDER` | `rust: { package: NAME }`, `rust: { path: FOLDER }` for what has a `/` or starts with `.` |
//! | `healthcheck: URL` | `healthcheck: { url: URL }`; `none` stays |
//! | `preflight: true` | `preflight: {}`; `false` is `none` |
//! | `preflight.gpu: true` | `preflight.gpu: {}`; `false` is `none` |
//! | `stop: SIGINT` | `stop: { signal: SIGINT }` |
//! | `budget: 10GB` | `budget: { unpacked: 10GB }` |
//! | `user: app` | `user: { name: app }`; `root` and ids stay, they replace a whole user |
//! | `python.indexes.NAME: URL` | `python.indexes.NAME: { url: URL }` |
//! | `copy: [{ a: /b, c: /d }]` | `copy: [{ src: a, dest: /b }, { src: c, dest: /d }]` |
//! | `run: [command]` | `run: [{ command: command }]` |
//! | `run.outputs: [/a, { /b: /c }]` | `[{ src: /a }, { src: /b, dest: /c }]` |
//! | `run.cache: [/path]`, `run.secrets: [id]` | `{ path: /path }`, `{ id: id }` |
//! | `cmake: { … }` | `cmake: [{ … }]`, once targets are merged: two mappings merge, lists grow |
//! | `cmake.secrets: [id]` | `{ id: id }` |
//! | `secrets: [id]` or `secrets: { id: null }` | `secrets: { id: {} }` |
//! | `ports: [8080]`, `volumes: [/data]` | `ports: { 8080: 8080 }`, `volumes: { /data: /data }` |

use super::model::LONG_COPY;
use super::node::{Kind, Node, Pair};
use crate::source::{Span, Spanned};

/// The spec, or the overrides of a target, in long forms.
pub fn lengthen(spec: Node) -> Node {
    each_pair(spec, |pair| {
        let value = pair.value;
        let value = match pair.key.value.as_str() {
            _ if value.is_null() => value,
            "cuda" | "healthcheck" if value.as_text() == Some("none") => value,
            "apt" => apt(value),
            "cuda" => wrapped(value, "version"),
            "healthcheck" => wrapped(value, "url"),
            "preflight" => preflight(value),
            "stop" => wrapped(value, "signal"),
            "budget" => wrapped(value, "unpacked"),
            "user" => user(value),
            "python" => python(value),
            "rust" => rust(value),
            "copy" => copies(value),
            "run" => runs(value),
            "cmake" => cmakes(value),
            "secrets" => by_name(value, |item| Node::mapping(Vec::new(), item.span)),
            "ports" | "volumes" => by_name(value, Clone::clone),
            _ => value,
        };
        Pair { value, ..pair }
    })
}

/// What is left to lengthen after a target is laid over the spec: users that replace a whole user, secrets about which
/// nothing is said (before, that took a secret away), and a project that is the only one.
pub fn lengthen_rest(spec: Node) -> Node {
    each_pair(spec, |pair| {
        let value = match pair.key.value.as_str() {
            "user" if !pair.value.is_null() => wrapped(pair.value, "name"),
            "cmake" if matches!(pair.value.kind, Kind::Mapping(_)) => {
                let span = pair.value.span;
                Node::sequence(vec![pair.value], span)
            }
            // One alone merges with a target's like any mapping, so it becomes a list only now.
            "rust" if !pair.value.is_null() => {
                let (items, span) = items(pair.value);
                Node::sequence(items, span)
            }
            "secrets" => each_pair(pair.value, |secret| match secret.value.is_null() {
                true => Pair {
                    value: Node::mapping(Vec::new(), secret.key.span),
                    ..secret
                },
                false => secret,
            }),
            _ => pair.value,
        };
        Pair { value, ..pair }
    })
}

fn each_pair(node: Node, change: impl FnMut(Pair) -> Pair) -> Node {
    let kind = match node.kind {
        Kind::Mapping(pairs) => Kind::Mapping(pairs.into_iter().map(change).collect()),
        other => other,
    };
    Node { kind, ..node }
}

/// A scalar as the one entry `key` of a mapping.
fn wrapped(node: Node, key: &str) -> Node {
    if !matches!(node.kind, Kind::Scalar(_)) {
        return node;
    }
    let span = node.span;
    Node::mapping(vec![pair(key, node)], span)
}

fn pair(key: &str, value: Node) -> Pair {
    Pair {
        key: Spanned::new(key.to_string(), value.head()),
        value,
    }
}

fn user(node: Node) -> Node {
    let is_id = |text: &str| text == "root" || text.starts_with(|c: char| c.is_ascii_digit());
    match node.as_text() {
        Some(text) if is_id(text) => node,
        _ => wrapped(node, "name"),
    }
}

fn preflight(node: Node) -> Node {
    each_pair(switched(node), |pair| match pair.key.value.as_str() {
        "gpu" => Pair {
            value: switched(pair.value),
            ..pair
        },
        _ => pair,
    })
}

/// `true` as a mapping that says no more, `false` as `none`.
fn switched(node: Node) -> Node {
    let span = node.span;
    match node.as_text() {
        Some("true") => Node::mapping(Vec::new(), span),
        Some("false") => Node::text("none", span),
        _ => node,
    }
}

fn python(node: Node) -> Node {
    each_pair(wrapped(node, "version"), |pair| match pair.key.value.as_str() {
        "indexes" => Pair {
            value: each_pair(pair.value, |index| Pair {
                value: if index.value.is_null() {
                    index.value
                } else {
                    wrapped(index.value, "url")
                },
                ..index
            }),
            ..pair
        },
        _ => pair,
    })
}

fn rust(node: Node) -> Node {
    let one = |node: Node| {
        let is_folder = |text: &str| text.contains('/') || text.starts_with('.');
        let key = match node.as_text() {
            Some(text) if is_folder(text) => "path",
            _ => "package",
        };
        if node.is_null() { node } else { wrapped(node, key) }
    };
    match node.kind {
        Kind::Sequence(items) => Node::sequence(items.into_iter().map(one).collect(), node.span),
        _ => one(node),
    }
}

fn items(node: Node) -> (Vec<Node>, Span) {
    let span = node.span;
    match node.kind {
        Kind::Sequence(items) => (items, span),
        _ => (vec![node], span),
    }
}

fn copies(node: Node) -> Node {
    let (items, span) = items(node);
    Node::sequence(items.into_iter().flat_map(copy).collect(), span)
}

fn copy(item: Node) -> Vec<Node> {
    if is_long(item.pairs()) {
        return vec![item];
    }
    match item.kind {
        Kind::Mapping(pairs) if !pairs.is_empty() => pairs.into_iter().map(source_and_dest).collect(),
        _ => vec![item],
    }
}

/// `{ src: /app }` copies a folder that is called `src`: the long form says where something goes, or how.
fn is_long(pairs: &[Pair]) -> bool {
    let has = |keys: &[&str]| pairs.iter().any(|pair| keys.contains(&pair.key.value.as_str()));
    has(&["dest"]) || has(&["src", "source"]) && has(&LONG_COPY)
}

fn source_and_dest(Pair { key, value }: Pair) -> Node {
    let span = key.span.to(value.span);
    let src = pair("src", Node::text(key.value, key.span));
    Node::mapping(vec![src, pair("dest", value)], span)
}

fn runs(node: Node) -> Node {
    let (items, span) = items(node);
    let run = |item: Node| {
        if item.is_null() {
            return item;
        }
        each_pair(wrapped(item, "command"), |pair| {
            let value = match pair.key.value.as_str() {
                _ if pair.value.is_null() => pair.value,
                "cache" => each_item(pair.value, "path"),
                "secrets" => each_item(pair.value, "id"),
                "mounts" => listed(pair.value),
                "outputs" => outputs(pair.value),
                _ => pair.value,
            };
            Pair { value, ..pair }
        })
    };
    Node::sequence(items.into_iter().map(run).collect(), span)
}

/// A list of projects, or one of them alone.
fn cmakes(node: Node) -> Node {
    let one = |project: Node| {
        each_pair(project, |pair| match pair.key.value.as_str() {
            "secrets" if !pair.value.is_null() => Pair {
                value: each_item(pair.value, "id"),
                ..pair
            },
            _ => pair,
        })
    };
    match node.kind {
        Kind::Sequence(items) => Node::sequence(items.into_iter().map(one).collect(), node.span),
        _ => one(node),
    }
}

/// A list of packages as the one entry of a mapping, and one repository as a list.
fn apt(node: Node) -> Node {
    if !matches!(node.kind, Kind::Mapping(_)) {
        let span = node.span;
        return Node::mapping(vec![pair("packages", node)], span);
    }
    each_pair(node, |pair| match pair.key.value.as_str() {
        "repositories" if !pair.value.is_null() => Pair {
            value: listed(pair.value),
            ..pair
        },
        _ => pair,
    })
}

fn outputs(node: Node) -> Node {
    let (items, span) = items(node);
    let output = |item: Node| {
        let long = |pair: &Pair| ["src", "dest", "chown", "chmod"].contains(&pair.key.value.as_str());
        match item.kind {
            Kind::Scalar(_) if !item.is_null() => vec![wrapped(item, "src")],
            Kind::Mapping(pairs) if !pairs.is_empty() && !pairs.iter().any(long) => {
                pairs.into_iter().map(source_and_dest).collect()
            }
            _ => vec![item],
        }
    };
    Node::sequence(items.into_iter().flat_map(output).collect(), span)
}

fn listed(node: Node) -> Node {
    let (items, span) = items(node);
    Node::sequence(items, span)
}

fn each_item(node: Node, key: &str) -> Node {
    let (items, span) = items(node);
    let item = |item: Node| if item.is_null() { item } else { wrapped(item, key) };
    Node::sequence(items.into_iter().map(item).collect(), span)
}

/// A list of texts as a mapping with them as keys; a mapping with null entries gets the same values.
fn by_name(node: Node, value: impl Fn(&Node) -> Node) -> Node {
    if matches!(node.kind, Kind::Mapping(_)) {
        return node;
    }
    let (items, span) = items(node);
    let named: Option<Vec<Pair>> = items
        .iter()
        .map(|item| {
            item.as_text().map(|name| Pair {
                key: Spanned::new(name.to_string(), item.span),
                value: value(item),
            })
        })
        .collect();
    match named {
        Some(pairs) => Node::mapping(pairs, span),
        None => Node::sequence(items, span),
    }
}
