//! `rust:`

mod compiler;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::findings::Findings;
use super::{Network, Rust, apt, defaults, env, path, reference, secrets, ssh};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{self, Entry, Field, List, NetworkMode, Spec, Text};
use compiler::{codegen_units, libraries_are_static, lto, profile, target, toolchain};

/// Variables that modelcrate sets, so that layers are the same bytes everywhere.
const RESERVED: [&str; 6] = [
    "CARGO_HOME",
    "CARGO_INCREMENTAL",
    "CARGO_TARGET_DIR",
    "RUSTC_WRAPPER",
    "RUSTUP_HOME",
    "SOURCE_DATE_EPOCH",
];

/// Programs to compile, in the written order.
pub fn rust(spec: &Spec, findings: &mut Findings) -> Vec<Rust> {
    let items = spec.rust.items().iter();
    let rust: Vec<Rust> = items.filter_map(|item| entry(item, spec, findings)).collect();
    same_program_twice(&rust, findings);
    rust
}

fn entry(item: &Entry<spec::Rust>, spec: &Spec, findings: &mut Findings) -> Option<Rust> {
    features_fit(item, findings);
    let path = item.path.get().map(path::in_context).transpose();
    let package = item.package.get().map(|package| name(package, "a package"));
    let toolchain = item.toolchain.get().map(toolchain).transpose();
    let target = item.target.get().map(target).transpose();
    let target = findings.keep(target).flatten();
    let apt = apt::packages(&item.apt, findings);
    libraries_are_static(spec, &apt, target.as_ref(), findings);
    Some(Rust {
        path: findings
            .keep(path)?
            .unwrap_or_else(|| Spanned::new(".".to_string(), Span::default())),
        package: findings.keep(package.transpose()).flatten(),
        install: install(item, findings),
        features: features(&item.features, findings),
        default_features: item.default_features.get().is_none_or(|flag| flag.value.0),
        all_features: item.all_features.get().is_some_and(|flag| flag.value.0),
        toolchain: findings.keep(toolchain).flatten(),
        profile: profile(item, findings),
        lto: findings.keep(item.lto.get().map(lto).transpose()).flatten(),
        codegen_units: findings.keep(codegen_units(item)).flatten(),
        target,
        image: findings
            .keep(item.image.get().map(reference::image).transpose())
            .flatten(),
        apt,
        inputs: findings.keep_all(item.inputs.items().iter().map(path::in_context)),
        exclude: texts(&item.exclude),
        env: environment(item, findings),
        network: network(item),
        token: findings
            .keep(item.token.get().map(secrets::id).transpose())
            .flatten(),
        ssh: ssh::agents(&item.ssh, findings),
        registries: registries(item, findings),
        span: item.span,
    })
}

fn texts(list: &Field<List<Text>>) -> Vec<String> {
    list.items().iter().map(|item| item.value.0.clone()).collect()
}

/// Names of packages and programs are what cargo takes (`cargo-util-schemas`, `restricted_names.rs`).
fn name(entry: &Entry<Text>, what: &str) -> Result<Spanned<String>, Diagnostic> {
    valid_name(Spanned::new(entry.value.0.clone(), entry.span), what)
}

fn valid_name(name: Spanned<String>, what: &str) -> Result<Spanned<String>, Diagnostic> {
    let letters = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(letters) {
        return Ok(name);
    }
    let message = format!("`{}` is not the name of {what}", name.value);
    let finding = Diagnostic::error(code::INVALID_NAME, name.span, message);
    Err(match name.contains('/') {
        true => finding.hint("a folder goes under `path`"),
        false => finding.hint("write the name that `Cargo.toml` says"),
    })
}

fn features_fit(item: &spec::Rust, findings: &mut Findings) {
    let all = item.all_features.get().filter(|all| all.value.0);
    let others = [
        ("features", item.features.key()),
        ("default_features", item.default_features.key()),
    ];
    let Some(all) = all else { return };
    for (name, key) in others {
        findings.0.extend(key.map(|key| {
            let message = format!("`{name}` says nothing where all features are on");
            Diagnostic::error(code::CONFLICT, key, message)
                .related(all.key, "all are on")
                .hint(format!("leave out `{name}` or `all_features`"))
        }));
    }
}

/// `name`, `package/name`; several in one text are meant as several.
fn features(list: &Field<List<Text>>, findings: &mut Findings) -> Vec<Spanned<String>> {
    let mut features = findings.keep_all(list.items().iter().map(feature));
    features.sort_by(|a, b| a.value.cmp(&b.value));
    features.dedup_by(|later, first| later.value == first.value);
    features
}

fn feature(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let letters = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.' | '/');
    if !text.is_empty() && text.chars().all(letters) && !text.starts_with('-') {
        return Ok(Spanned::new(text.to_string(), entry.span));
    }
    let message = format!("`{text}` is not a feature");
    let finding = Diagnostic::error(code::INVALID_NAME, entry.span, message);
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    Err(match words.len() {
        0 | 1 => finding.hint("write a name of `[features]` in `Cargo.toml`"),
        _ => finding.hint(format!(
            "each feature is an item of its own: `[{}]`",
            words.join(", ")
        )),
    })
}

/// Programs by name with the path where each goes.
fn install(item: &spec::Rust, findings: &mut Findings) -> BTreeMap<String, String> {
    let mut install = BTreeMap::new();
    for bin in item.bins.items() {
        if let Some(bin) = findings.keep(name(bin, "a program")) {
            let path = format!("{}/{}", defaults::BIN, bin.value);
            install.insert(bin.value, path);
        }
    }
    for (bin, place) in item.install.entries() {
        let bin = findings.keep(valid_name(bin.clone(), "a program"));
        let place = findings.keep(path::absolute(place, "where a program goes"));
        if let (Some(bin), Some(place)) = (bin, place) {
            let path = match place.value.strip_suffix('/') {
                Some(folder) => format!("{folder}/{}", bin.value),
                None => place.value,
            };
            install.insert(bin.value, path);
        }
    }
    install
}

fn same_program_twice(rust: &[Rust], findings: &mut Findings) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for entry in rust {
        for path in entry.install.values() {
            if let Some(first) = seen.insert(path, entry.span) {
                let message = format!("two programs are installed as `{path}`");
                findings.push(
                    Diagnostic::error(code::DUPLICATE_VALUE, entry.span, message)
                        .related(first, "the other one")
                        .hint("say where each goes: `install: { PROGRAM: /path }`"),
                );
            }
        }
    }
}

fn environment(item: &spec::Rust, findings: &mut Findings) -> Vec<(String, String)> {
    let entries = env::entries(&item.env, findings);
    for (name, _) in entries
        .iter()
        .filter(|(name, _)| RESERVED.contains(&name.as_str()))
    {
        let message = format!("`{}` is set by modelcrate", name.value);
        findings.push(
            Diagnostic::error(code::RESERVED_NAME, name.span, message)
                .hint("leave it out: what it says is what makes builds the same everywhere"),
        );
    }
    entries
        .into_iter()
        .map(|(name, value)| (name.value, value.value))
        .collect()
}

fn network(item: &spec::Rust) -> Network {
    match item.network.get().map(|network| network.value) {
        None | Some(NetworkMode::None) => Network::None,
        Some(NetworkMode::Default) => Network::Default,
        Some(NetworkMode::Host) => Network::Host,
    }
}

fn registries(item: &spec::Rust, findings: &mut Findings) -> BTreeMap<String, Spanned<String>> {
    let mut registries = BTreeMap::new();
    for (name, id) in item.registries.entries() {
        let name = findings.keep(valid_name(name.clone(), "a registry"));
        if let (Some(name), Some(id)) = (name, findings.keep(secrets::id(id))) {
            registries.insert(name.value, id);
        }
    }
    registries
}
