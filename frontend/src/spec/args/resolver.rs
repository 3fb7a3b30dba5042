//! Works out the values of `args:`, in whatever order they need each other.

use super::{BUILT_IN, Scope, Value};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Source, Span};
use crate::spec::interpolate::{Filler, Place, names};
use crate::spec::node::{Kind, Node, Pair};
use crate::spec::platform::{choose, unknown_platform};
use crate::spec::request::{PlatformNames, Request};

/// Args that need one another in a row.
const LONGEST_CHAIN: usize = 32;

/// The work under way: args that are known, and those whose values are being worked out.
pub(super) struct Resolver<'a, 'f> {
    pub args: &'a Node,
    pub source: &'a Source,
    pub request: &'a Request<'a>,
    pub scope: Scope,
    pub under_way: Vec<&'a str>,
    pub findings: &'f mut Vec<Diagnostic>,
}

impl<'a> Resolver<'a, '_> {
    pub fn resolve(&mut self, pair: &'a Pair) {
        let name = pair.key.value.as_str();
        if BUILT_IN.contains(&name) {
            self.findings.push(reserved(pair));
            return;
        }
        if self.scope.get(name).is_some() {
            return;
        }
        if self.under_way.len() > LONGEST_CHAIN {
            self.findings.push(too_long_a_chain(pair));
            return;
        }
        self.under_way.push(name);
        let value = self.value(pair);
        self.under_way.pop();
        self.scope.values.insert(name.to_string(), value);
    }

    fn value(&mut self, pair: &'a Pair) -> Value {
        if let Some(broken) = invalid_name(pair) {
            self.findings.push(broken);
            return Value::Broken;
        }
        if let Some(given) = self.request.build_args.get(&pair.key.value) {
            self.platforms_are_known(&pair.value);
            return Value::Known(given.clone());
        }
        match &pair.value.kind {
            Kind::Scalar(_) if pair.value.is_null() => Value::Missing(Box::new(must_be_given(pair))),
            Kind::Scalar(_) => self.default(&pair.value),
            Kind::Mapping(_) => self.by_platform(pair),
            Kind::Sequence(_) => {
                self.findings.push(list_as_default(pair));
                Value::Broken
            }
        }
    }

    /// The text of a default, other args first.
    fn default(&mut self, node: &'a Node) -> Value {
        for name in names(node, self.source) {
            if self.under_way.contains(&name.value.as_str()) {
                self.findings.push(cycle(&self.under_way, &name.value, name.span));
                return Value::Broken;
            }
            if let Some(pair) = self.args.pair(&name.value) {
                self.resolve(pair);
            }
        }
        let Some(text) = node.as_text() else {
            return Value::Broken;
        };
        let filler = Filler {
            scope: &self.scope,
            source: self.source,
        };
        match filler.text(text, node.span, Place::Value) {
            Ok(text) => Value::Known(text),
            Err(mut reasons) => match reasons.pop() {
                Some(missing) if missing.code == code::MISSING_ARG && reasons.is_empty() => {
                    Value::Missing(Box::new(missing))
                }
                last => {
                    self.findings.extend(reasons.into_iter().chain(last));
                    Value::Broken
                }
            },
        }
    }

    fn by_platform(&mut self, pair: &'a Pair) -> Value {
        if !self.platforms_are_known(&pair.value) {
            return Value::Broken;
        }
        let platform = self.request.platform;
        match choose(&pair.value, platform) {
            Some(node) => self.default(node),
            None => Value::Missing(Box::new(no_platform(pair, platform))),
        }
    }

    fn platforms_are_known(&mut self, value: &Node) -> bool {
        let wrong: Vec<Diagnostic> = value
            .pairs()
            .iter()
            .filter_map(|pair| unknown_platform(pair).or_else(|| no_text(pair)))
            .collect();
        let known = wrong.is_empty();
        self.findings.extend(wrong);
        known
    }
}

fn reserved(pair: &Pair) -> Diagnostic {
    Diagnostic::error(
        code::RESERVED_NAME,
        pair.key.span,
        format!("`{}` is set by modelcrate", pair.key.value),
    )
    .hint(format!("`${{{}}}` works without declaring it", pair.key.value))
}

fn invalid_name(pair: &Pair) -> Option<Diagnostic> {
    let name = &pair.key.value;
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let valid = starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (!valid).then(|| {
        Diagnostic::error(
            code::INVALID_NAME,
            pair.key.span,
            format!("`{name}` is not a name for an arg"),
        )
        .hint("use letters, digits and `_`, and start with a letter")
    })
}

fn must_be_given(pair: &Pair) -> Diagnostic {
    let name = &pair.key.value;
    Diagnostic::error(
        code::MISSING_ARG,
        pair.key.span,
        format!("`{name}` must be given"),
    )
    .label("declared without a default")
    .hint(format!("build with `--build-arg {name}=…`"))
}

fn list_as_default(pair: &Pair) -> Diagnostic {
    let message = format!("the default of `{}` must be text, not a list", pair.key.value);
    Diagnostic::error(code::WRONG_TYPE, pair.value.head(), message)
        .hint("write one text, such as \"80;90\", or a value for each platform: `{ amd64: …, arm64: … }`")
}

fn cycle(under_way: &[&str], name: &str, span: Span) -> Diagnostic {
    let from = under_way.iter().position(|other| *other == name).unwrap_or(0);
    let mut path: Vec<String> = under_way[from..].iter().map(|name| format!("`{name}`")).collect();
    path.push(format!("`{name}`"));
    Diagnostic::error(
        code::ARG_CYCLE,
        span,
        format!("args need each other: {}", path.join(" needs ")),
    )
    .hint("give one of them a default of its own")
}

fn too_long_a_chain(pair: &Pair) -> Diagnostic {
    let message = format!("more than {LONGEST_CHAIN} args need each other in a row");
    Diagnostic::error(code::TOO_LARGE, pair.key.span, message)
}

fn no_platform(pair: &Pair, platform: &PlatformNames) -> Diagnostic {
    let name = &pair.key.value;
    Diagnostic::error(
        code::MISSING_PLATFORM,
        pair.key.span,
        format!("`{name}` has no value for {platform}"),
    )
    .hint(format!(
        "add `{}: …` to it, or build with `--build-arg {name}=…`",
        platform.arch
    ))
}

fn no_text(pair: &Pair) -> Option<Diagnostic> {
    let message = || {
        format!(
            "the value for `{}` must be text, not {}",
            pair.key.value,
            pair.value.kind_name()
        )
    };
    pair.value
        .as_text()
        .is_none()
        .then(|| Diagnostic::error(code::WRONG_TYPE, pair.value.head(), message()))
}
