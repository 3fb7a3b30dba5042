//! A document to the specs of its targets.

use std::collections::BTreeMap;

use super::args::{Scope, Value};
use super::decode::decode;
use super::interpolate::{Filler, Place};
use super::merge::{merge, merge_nothing};
use super::model::Spec;
use super::model_names::model_names;
use super::node::{Document, Kind, Node, Pair};
use super::request::Request;
use super::short::{lengthen, lengthen_rest};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::source::{Source, Spanned};

/// Every target of a document, as written.
#[derive(Debug, Clone, Default)]
pub struct Specs {
    /// The spec without a target.
    pub base: Spec,
    /// What each target makes of it.
    pub targets: BTreeMap<String, Spec>,
    /// What matters only when a target is built, and was not reported because another one is.
    withheld: BTreeMap<String, Vec<Diagnostic>>,
}

/// Findings that matter for the target that is built and no other.
const OF_THE_BUILD: [Code; 2] = [code::MISSING_ARG, code::MISSING_PLATFORM];

/// Replaces every `${…}`, lays each target over the spec and decodes the results.
///
/// Reports what is wrong in the shape of any target; args without a value only where the asked target needs them.
pub fn resolve(
    document: &Document,
    source: &Source,
    request: &Request,
    findings: &mut Vec<Diagnostic>,
) -> Specs {
    let resolver = Resolver {
        args: document.root.get("args"),
        root: without_extras(&document.root),
        source,
        request,
    };
    let asked = request.target.unwrap_or_default();
    let mut specs = Specs::default();
    let mut found = Vec::new();
    specs.base = resolver.spec(None, None, &mut found);
    findings.extend(
        found
            .into_iter()
            .filter(|finding| asked.is_empty() || !is_of_the_build(finding)),
    );
    for pair in overrides(&document.root, findings) {
        let mut found = Vec::new();
        let spec = resolver.spec(Some(&pair.key.value), Some(&pair.value), &mut found);
        let name = pair.key.value;
        let (withheld, told) = found
            .into_iter()
            .partition::<Vec<_>, _>(|finding| name != asked && is_of_the_build(finding));
        findings.extend(told);
        specs.withheld.insert(name.clone(), withheld);
        specs.targets.insert(name, spec);
    }
    specs
}

fn is_of_the_build(finding: &Diagnostic) -> bool {
    OF_THE_BUILD.contains(&finding.code)
}

impl Specs {
    /// What matters once a target is built after all, because the asked one takes files of it.
    pub fn withheld(&self, target: &str) -> &[Diagnostic] {
        self.withheld.get(target).map_or(&[], Vec::as_slice)
    }

    /// The spec of a target, or of none.
    pub fn of(&self, target: Option<&str>) -> Option<&Spec> {
        match target {
            None | Some("") => Some(&self.base),
            Some(name) => self.targets.get(name),
        }
    }

    /// The spec itself and every target.
    pub fn all(&self) -> impl Iterator<Item = &Spec> {
        std::iter::once(&self.base).chain(self.targets.values())
    }
}

/// The args of the asked target and their values, in the written order; no value where it must be given and was not.
pub fn arg_values(
    document: &Document,
    source: &Source,
    request: &Request,
) -> Vec<(Spanned<String>, Option<String>)> {
    let targets = document.root.get("targets");
    let over = request
        .target
        .and_then(|target| targets?.get(target)?.get("args"));
    let Some(args) = merged_args(document.root.get("args"), over) else {
        return Vec::new();
    };
    let scope = Scope::new(Some(&args), source, request, &mut Vec::new());
    let value = |name: &str| match scope.get(name) {
        Some(Value::Known(value)) => Some(value.clone()),
        Some(Value::Missing(_) | Value::Broken) | None => None,
    };
    let pairs = args.pairs().iter();
    pairs
        .map(|pair| (pair.key.clone(), value(&pair.key.value)))
        .collect()
}

struct Resolver<'a> {
    args: Option<&'a Node>,
    root: Node,
    source: &'a Source,
    request: &'a Request<'a>,
}

impl Resolver<'_> {
    fn spec(&self, target: Option<&str>, over: Option<&Node>, found: &mut Vec<Diagnostic>) -> Spec {
        let args = merged_args(self.args, over.and_then(|over| over.get("args")));
        let args = Scope::new(args.as_ref(), self.source, self.request, found);
        let over = over.map(without_extras);
        let only_models = |node: &Node| with(node, |key| key == "models");
        let models = self.laid(
            &args,
            &only_models(&self.root),
            over.as_ref().map(only_models).as_ref(),
        );
        let names = args
            .clone()
            .with_models(model_names(&models, target, self.request.models));
        // A model may use args alone, not another model.
        let rest = |node: &Node| with(node, |key| key != "models");
        let rest = self.laid(&names, &rest(&self.root), over.as_ref().map(rest).as_ref());
        let tree = joined(rest, models);
        decode(&lengthen_rest(tree), found).unwrap_or_default()
    }
}

impl Resolver<'_> {
    /// A part of the spec and of its target, with values, one laid over the other.
    fn laid(&self, scope: &Scope, root: &Node, over: Option<&Node>) -> Node {
        let filler = Filler {
            scope,
            source: self.source,
        };
        let tree = lengthen(filler.tree(root, Place::Value));
        match over {
            Some(over) => merge_nothing(merge(tree, lengthen(filler.tree(over, Place::Value)))),
            None => merge_nothing(tree),
        }
    }
}

/// The entries of a mapping whose keys are wanted.
fn with(node: &Node, wanted: impl Fn(&str) -> bool) -> Node {
    let pairs = node.pairs().iter().filter(|pair| wanted(&pair.key.value));
    Node::mapping(pairs.cloned().collect(), node.span)
}

/// Two mappings as one.
fn joined(one: Node, other: Node) -> Node {
    let pairs = one.pairs().iter().chain(other.pairs()).cloned().collect();
    Node::mapping(pairs, one.span)
}

fn merged_args(base: Option<&Node>, over: Option<&Node>) -> Option<Node> {
    let wrap = |args: &Node| {
        let key = Spanned::new("args".to_string(), args.span);
        let value = args.clone();
        Node::mapping(vec![Pair { key, value }], args.span)
    };
    match (base, over) {
        (Some(base), Some(over)) if !over.is_null() => merge(wrap(base), wrap(over)).get("args").cloned(),
        (Some(args), _) | (None, Some(args)) => Some(args.clone()),
        (None, None) => None,
    }
}

/// The keys that are decoded: args and targets have been read by then, and `x-…` keys hold anchors.
fn without_extras(node: &Node) -> Node {
    with(node, |key| {
        key != "args" && key != "targets" && !key.starts_with("x-")
    })
}

/// The targets that can be read; nothing (`runtime:`) is no change.
fn overrides(root: &Node, findings: &mut Vec<Diagnostic>) -> Vec<Pair> {
    let Some(targets) = root.get("targets").filter(|targets| !targets.is_null()) else {
        return Vec::new();
    };
    if !matches!(targets.kind, Kind::Mapping(_)) {
        findings.push(wrong_shape("targets", targets));
    }
    let mut read = Vec::new();
    for pair in targets.pairs() {
        if let Some(nested) = pair.value.pair("targets") {
            let message = "a target cannot have targets of its own";
            findings.push(Diagnostic::error(code::UNKNOWN_KEY, nested.key.span, message));
        }
        match &pair.value.kind {
            Kind::Mapping(_) => read.push(pair.clone()),
            _ if pair.value.is_null() => read.push(Pair {
                value: Node::mapping(Vec::new(), pair.value.span),
                ..pair.clone()
            }),
            _ => findings.push(wrong_shape(&pair.key.value, &pair.value)),
        }
    }
    read
}

fn wrong_shape(name: &str, node: &Node) -> Diagnostic {
    let message = format!("`{name}` must be a mapping, not {}", node.kind_name());
    Diagnostic::error(code::WRONG_TYPE, node.head(), message)
        .hint("write `targets: { NAME: { key: value } }` with the keys that the target changes")
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn targets_are_a_mapping() {
        check_diagnostics(
            r#"
              targets: [dev, test]
            #           ^^^ error[wrong-type]: `targets` must be a mapping, not a list
            # = hint: write `targets: { NAME: { key: value } }` with the keys that the target changes
        "#,
        );
    }

    #[test]
    fn a_target_is_a_mapping() {
        check_diagnostics(
            r#"
              targets:
                dev: debian
            #        ^^^^^^ error[wrong-type]: `dev` must be a mapping, not text
            # = hint: write `targets: { NAME: { key: value } }` with the keys that the target changes
                test:
        "#,
        );
    }

    #[test]
    fn a_target_has_no_targets_of_its_own() {
        check_diagnostics(
            r#"
              targets:
                dev:
                  targets: { deep: {} }
            #     ^^^^^^^ error[unknown-key]: a target cannot have targets of its own
        "#,
        );
    }

    #[test]
    fn a_mistake_in_a_target_is_found_while_another_is_built() {
        check_diagnostics(
            r#"
              targets:
                dev: { aptt: [git] }
            #          ^^^^ error[unknown-key]: unknown key `aptt`
            # = hint: did you mean `apt`?
        "#,
        );
    }

    #[test]
    fn a_mistake_of_the_spec_is_told_once() {
        check_diagnostics(
            r#"
              nme: x
            # ^^^ error[unknown-key]: unknown key `nme`
            # = hint: did you mean `name`?
              targets:
                a: {}
                b: {}
        "#,
        );
    }
}
