//! The values that `${NAME}` stands for: declared args, what `--build-arg` says about them, and the names of platforms.

use std::collections::BTreeMap;

use super::interpolate::{Filler, Place, names};
use super::model_names::MODELS;
use super::node::{Kind, Node, Pair};
use super::platform::{choose, unknown_platform};
use super::request::{PlatformNames, Request};
use crate::diagnostic::{Diagnostic, closest, code, did_you_mean, listed};
use crate::source::{Source, Span};

/// Names that modelcrate sets, as the Dockerfile frontend does (buildkit `frontend/dockerfile/dockerfile2llb/platform.go`).
pub const BUILT_IN: [&str; 8] = [
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
];

/// Args that need one another in a row.
const LONGEST_CHAIN: usize = 32;

/// What is known about one name.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Its value.
    Known(String),
    /// It has none, and a text that needs it should say so.
    Missing(Box<Diagnostic>),
    /// It has none, and that has been said where it is declared.
    Broken,
}

/// Every name that `${…}` may hold.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    values: BTreeMap<String, Value>,
    /// Names of models are known; they are not while args and the models themselves are read.
    has_models: bool,
}

impl Scope {
    /// Works out every arg of `args:` (null when not written), in whatever order they need each other.
    pub fn new(
        args: Option<&Node>,
        source: &Source,
        request: &Request,
        findings: &mut Vec<Diagnostic>,
    ) -> Self {
        let scope = Self {
            values: built_in(request),
            has_models: false,
        };
        let Some(args) = args.filter(|args| !args.is_null()) else {
            return scope;
        };
        if !matches!(args.kind, Kind::Mapping(_)) {
            findings.push(not_a_mapping(args));
            return scope;
        }
        let mut resolver = Resolver {
            args,
            source,
            request,
            scope,
            under_way: Vec::new(),
            findings,
        };
        for pair in args.pairs() {
            resolver.resolve(pair);
        }
        resolver.scope
    }

    /// The same with what is known of models (`models.NAME.path`).
    pub fn with_models(mut self, models: BTreeMap<String, Value>) -> Self {
        self.values.extend(models);
        self.has_models = true;
        self
    }

    /// The value of a name; `None` when nothing defines it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Every arg, sorted.
    fn args(&self) -> impl Iterator<Item = &str> {
        self.names().filter(|name| !name.starts_with(MODELS))
    }

    /// Every word that stands for a part of a model, sorted.
    fn models(&self) -> impl Iterator<Item = &str> {
        self.names().filter(|name| name.starts_with(MODELS))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

fn built_in(request: &Request) -> BTreeMap<String, Value> {
    let (target, build) = (request.platform, request.build_platform);
    let values = [
        target.to_string(),
        target.os.clone(),
        target.arch.clone(),
        target.variant.clone(),
        build.to_string(),
        build.os.clone(),
        build.arch.clone(),
        build.variant.clone(),
    ];
    BUILT_IN
        .iter()
        .map(ToString::to_string)
        .zip(values.into_iter().map(Value::Known))
        .collect()
}

fn not_a_mapping(args: &Node) -> Diagnostic {
    let message = format!(
        "`args` must be a mapping of names to defaults, not {}",
        args.kind_name()
    );
    Diagnostic::error(code::WRONG_TYPE, args.head(), message)
        .hint("write `args: { NAME: default }`; `null` is for an arg that must be given")
}

struct Resolver<'a, 'f> {
    args: &'a Node,
    source: &'a Source,
    request: &'a Request<'a>,
    scope: Scope,
    under_way: Vec<&'a str>,
    findings: &'f mut Vec<Diagnostic>,
}

impl<'a> Resolver<'a, '_> {
    fn resolve(&mut self, pair: &'a Pair) {
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

/// The finding about a `${models.…}` that nothing defines.
fn no_model(name: &str, span: Span, scope: &Scope) -> Diagnostic {
    if !scope.has_models {
        let message = format!("`${{{name}}}` is not known here");
        return Diagnostic::error(code::UNDEFINED_NAME, span, message)
            .hint("args and models are read first; use it in `env`, `entrypoint`, `cmd`, `healthcheck`, `labels` or `run`");
    }
    let message = format!("nothing defines `${{{name}}}`");
    let finding = Diagnostic::error(code::UNDEFINED_NAME, span, message);
    let known: Vec<&str> = scope.models().collect();
    if known.is_empty() {
        return finding.hint("the spec has no models: add `models: { NAME: { url: …, sha256: … } }`");
    }
    match closest(name, known.iter().copied()) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!("the names are {}", listed(&known))),
    }
}

/// The finding about a `${NAME}` that nothing defines.
pub fn undefined(name: &str, span: Span, scope: &Scope, place: Place) -> Diagnostic {
    if name == "models" || name.starts_with("models.") {
        return no_model(name, span, scope);
    }
    let message = format!("nothing defines `${{{name}}}`");
    let finding = Diagnostic::error(code::UNDEFINED_NAME, span, message);
    let names: Vec<&str> = scope.args().collect();
    let near = closest(name, names.iter().copied()).and_then(|_| did_you_mean(name, &names));
    match (near, place) {
        (Some(near), Place::Shell) => finding.hint(near).hint(format!(
            "a variable of the shell is written `$${{{name}}}` or `${name}`"
        )),
        (None, Place::Shell) => finding.hint(format!(
            "a variable of the shell is written `$${{{name}}}` or `${name}`; an arg is declared under `args:`"
        )),
        (Some(near), _) => finding.hint(near),
        (None, _) => finding.hint(format!(
            "declare it: `args: {{ {name}: default }}`; or write `$${{{name}}}` for the text itself"
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::{Build, check_diagnostics, check_diagnostics_of};

    #[test]
    fn an_arg_without_a_default_must_be_given() {
        check_diagnostics(
            r#"
              args: { BASE: null }
            #         ^^^^ error[missing-arg]: `BASE` must be given
            # = label: declared without a default
            # = hint: build with `--build-arg BASE=…`
              base: ${BASE}
        "#,
        );
    }

    #[test]
    fn args_that_need_each_other_are_a_cycle() {
        check_diagnostics(
            r#"
              args:
                A: ${B}
                B: x${C}
                C: ${A}
            #      ^^^^ error[arg-cycle]: args need each other: `A` needs `B` needs `C` needs `A`
            # = hint: give one of them a default of its own
              base: ${A}
        "#,
        );
    }

    #[test]
    fn an_arg_without_a_value_for_the_platform_says_so() {
        let build = Build {
            arch: "arm64",
            ..Build::default()
        };
        check_diagnostics_of(
            r#"
              args: { ARCHS: { amd64: "80" } }
            #         ^^^^^ error[missing-platform]: `ARCHS` has no value for linux/arm64
            # = hint: add `arm64: …` to it, or build with `--build-arg ARCHS=…`
              cuda: { version: 12.8.1, archs: "${ARCHS}" }
        "#,
            &build,
        );
    }

    #[test]
    fn an_arg_without_a_value_for_the_platform_is_fine_where_it_is_not_used() {
        let build = Build {
            arch: "arm64",
            ..Build::default()
        };
        check_diagnostics_of(
            r#"
              args: { ARCHS: { amd64: "80" } }
              targets:
                gpu: { cuda: { version: 12.8.1, archs: "${ARCHS}" } }
        "#,
            &build,
        );
    }

    #[test]
    fn platforms_have_gos_names() {
        check_diagnostics(
            r#"
              args: { A: { x86_64: "1", aarch64: "2", sparc: "3" } }
            #              ^^^^^^ error[unknown-platform]: `x86_64` is not a platform
            # = hint: did you mean `amd64`?
            #                           ^^^^^^^ error[unknown-platform]: `aarch64` is not a platform
            # = hint: did you mean `arm64`?
            #                                         ^^^^^ error[unknown-platform]: `sparc` is not a platform
            # = hint: write an architecture such as `amd64` or `arm64`, or `linux/arm/v7`
              env: { A: "${A}" }
        "#,
        );
    }

    #[test]
    fn names_of_platforms_cannot_be_declared() {
        check_diagnostics(
            r#"
              args: { TARGETARCH: amd64 }
            #         ^^^^^^^^^^ error[reserved-name]: `TARGETARCH` is set by modelcrate
            # = hint: `${TARGETARCH}` works without declaring it
              env: { ARCH: "${TARGETARCH}" }
        "#,
        );
    }

    #[test]
    fn an_arg_is_no_list() {
        check_diagnostics(
            r#"
              args: { A: [x, y] }
            #             ^ error[wrong-type]: the default of `A` must be text, not a list
            # = hint: write one text, such as "80;90", or a value for each platform: `{ amd64: …, arm64: … }`
              env: { A: "${A}" }
        "#,
        );
    }

    #[test]
    fn args_are_a_mapping() {
        check_diagnostics(
            r#"
              args: [A, B]
            #        ^ error[wrong-type]: `args` must be a mapping of names to defaults, not a list
            # = hint: write `args: { NAME: default }`; `null` is for an arg that must be given
        "#,
        );
    }

    #[test]
    fn an_arg_has_a_name_like_a_variable() {
        check_diagnostics(
            r#"
              args: { my-arg: x }
            #         ^^^^^^ error[invalid-name]: `my-arg` is not a name for an arg
            # = hint: use letters, digits and `_`, and start with a letter
            #         ^^^^^^ warning[unused-arg]: nothing uses the arg `my-arg`
            # = hint: write `${my-arg}` where its value belongs, or leave it out
              env: { A: "${my-arg}" }
            #            ^^^^^^^^^ error[bad-interpolation]: this is neither `${NAME}` nor `${NAME:-default}`
            # = hint: write `$${` for the text `${` itself
        "#,
        );
    }

    #[test]
    fn a_wrong_default_is_told_where_it_stands() {
        check_diagnostics(
            r#"
              args: { A: "${NOPE}" }
            #             ^^^^^^^ error[undefined-name]: nothing defines `${NOPE}`
            # = hint: declare it: `args: { NOPE: default }`; or write `$${NOPE}` for the text itself
              env: { A: "${A}", B: "${A}" }
        "#,
        );
    }

    #[test]
    fn a_given_value_replaces_the_default_and_is_taken_as_it_is() {
        let build = Build {
            build_args: &[("A", "$(id)")],
            ..Build::default()
        };
        check_diagnostics_of(
            r#"
              args: { A: null }
              env: { A: "x${A}" }
              user: ${A}
            #       ^^^^ error[invalid-user]: `$(id)` is not a name for a user
            # = hint: use up to 32 lower-case letters, digits, `_` and `-`, and start with a letter
        "#,
            &build,
        );
    }

    #[test]
    fn args_cannot_double_each_other_without_end() {
        check_diagnostics(
            r#"
              args:
                A: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                B: ${A}${A}${A}${A}${A}${A}${A}${A}
                C: ${B}${B}${B}${B}${B}${B}${B}${B}
                D: ${C}${C}${C}${C}${C}${C}${C}${C}
                E: ${D}${D}${D}${D}${D}${D}${D}${D}
            #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[too-large]: this becomes longer than 64 KiB
              name: ${E}
        "#,
        );
    }
}
