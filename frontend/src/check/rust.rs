//! `rust:`

use std::collections::BTreeMap;

use super::findings::Findings;
use super::{Network, Rust, RustTarget, apt, base, defaults, env, path, reference, secrets, ssh};
use crate::diagnostic::{Diagnostic, closest, code, listed};
use crate::rust::Channel;
use crate::source::{Span, Spanned};
use crate::spec::{self, Entry, Field, List, NetworkMode, Spec, Text};

/// What `lto` may say (the Cargo book, `reference/profiles.html#lto`).
const LTO: [&str; 5] = ["true", "false", "thin", "fat", "off"];
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

fn toolchain(entry: &Entry<Text>) -> Result<Spanned<Channel>, Diagnostic> {
    let text: &str = entry;
    match Channel::parse(text) {
        Ok(channel) => Ok(Spanned::new(channel, entry.span)),
        Err(hint) => {
            let message = format!("images cannot be built with Rust `{text}`");
            Err(Diagnostic::error(code::INVALID_VERSION, entry.span, message).hint(hint))
        }
    }
}

fn profile(item: &spec::Rust, findings: &mut Findings) -> String {
    let default = || defaults::RUST_PROFILE.to_string();
    let Some(entry) = item.profile.get() else {
        return default();
    };
    if &*entry.value == "debug" {
        findings.push(
            Diagnostic::error(code::UNKNOWN_CHOICE, entry.span, "cargo has no profile `debug`")
                .hint("its name is `dev`; `debug` is its folder"),
        );
        return default();
    }
    findings
        .keep(name(entry, "a profile"))
        .map_or_else(default, |profile| profile.value)
}

fn lto(entry: &Entry<Text>) -> Result<String, Diagnostic> {
    let text: &str = entry;
    if LTO.contains(&text) {
        return Ok(text.to_string());
    }
    let message = format!("`{text}` is no choice for `lto`");
    let finding = Diagnostic::error(code::UNKNOWN_CHOICE, entry.span, message);
    Err(match closest(text, LTO) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!("the choices are {}", listed(&LTO))),
    })
}

fn codegen_units(item: &spec::Rust) -> Result<Option<u32>, Diagnostic> {
    match item.codegen_units.get() {
        Some(entry) if entry.value.0 == 0 => {
            let message = "a crate is compiled in at least one part";
            Err(Diagnostic::error(code::WRONG_TYPE, entry.span, message)
                .hint("write `codegen_units: 1` for the fastest program"))
        }
        written => Ok(written.map(|entry| entry.value.0)),
    }
}

/// `gnu`, `musl`, or a triple of Linux.
fn target(entry: &Entry<Text>) -> Result<Spanned<RustTarget>, Diagnostic> {
    let text: &str = entry;
    let target = match text {
        "gnu" => RustTarget::Gnu,
        "musl" => RustTarget::Musl,
        triple if triple.split('-').count() >= 3 && triple.contains("-linux-") => {
            RustTarget::Triple(triple.to_string())
        }
        _ => {
            let message = format!("`{text}` is not a target that images run");
            return Err(Diagnostic::error(code::UNKNOWN_CHOICE, entry.span, message).hint(
                "write `gnu`, `musl` for a static program, or a triple such as `x86_64-unknown-linux-musl`",
            ));
        }
    };
    Ok(Spanned::new(target, entry.span))
}

/// Debian's libraries are for glibc: a static program cannot be linked to them.
fn libraries_are_static(
    spec: &Spec,
    apt: &[Spanned<String>],
    target: Option<&Spanned<RustTarget>>,
    findings: &mut Findings,
) {
    let why = match target.map(|target| (&target.value, target.span)) {
        Some((RustTarget::Musl, span)) => Some((span, "asks for a static program")),
        None if base::is_scratch(spec) => spec
            .base
            .get()
            .map(|base| (base.span, "runs static programs alone")),
        _ => None,
    };
    let Some((span, why)) = why else { return };
    for package in apt.iter().filter(|package| is_library(package)) {
        let message = format!(
            "`{}` cannot be linked into a static program: it is for glibc",
            package.value
        );
        findings.push(
            Diagnostic::warning(code::NO_EFFECT, package.span, message)
                .related(span, why)
                .hint("use a feature of the crate that brings the library along (`vendored`, `bundled`, `rustls`), or a base with glibc"),
        );
    }
}

/// Libraries with their headers. Those of compilers are for the compiler.
fn is_library(package: &str) -> bool {
    let library = package.starts_with("lib") && package.ends_with("-dev");
    library
        && !["libclang", "libllvm", "libc6-dev", "libc-dev"]
            .iter()
            .any(|own| package.starts_with(own))
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

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_workspace_is_in_the_context() {
        check_diagnostics(
            r#"
              rust: { path: ../node }
            #               ^^^^^^^ error[invalid-path]: `../node` is outside the build context
            # = hint: build with a context that holds it: a folder further up, or `--build-context NAME=PATH` and `from: NAME`
        "#,
        );
    }

    #[test]
    fn packages_and_programs_have_names() {
        check_diagnostics(
            r#"
              rust:
                package: crates/node
            #            ^^^^^^^^^^^ error[invalid-name]: `crates/node` is not the name of a package
            # = hint: a folder goes under `path`
                bins: ["node d"]
            #          ^^^^^^^^ error[invalid-name]: `node d` is not the name of a program
            # = hint: write the name that `Cargo.toml` says
        "#,
        );
    }

    #[test]
    fn a_program_goes_to_an_absolute_path() {
        check_diagnostics(
            r#"
              rust: { package: node, install: { node: bin/node, other: /opt/ } }
            #                                         ^^^^^^^^ error[invalid-path]: where a program goes must be an absolute path, not `bin/node`
            # = hint: write `/bin/node`
        "#,
        );
    }

    #[test]
    fn a_toolchain_is_the_same_compiler_tomorrow() {
        check_diagnostics(
            r#"
              rust:
                - { package: a, toolchain: nightly }
            #                              ^^^^^^^ error[invalid-version]: images cannot be built with Rust `nightly`
            # = hint: it is another compiler every day: name the day, such as `nightly-2026-01-15`
                - { package: b, toolchain: "1.56" }
            #                              ^^^^^^ error[invalid-version]: images cannot be built with Rust `1.56`
            # = hint: write 1.70 or later
                - { package: c, toolchain: ">=1.75" }
            #                              ^^^^^^^^ error[invalid-version]: images cannot be built with Rust `>=1.75`
            # = hint: write a release such as `1.75`, `stable`, or a nightly with its day such as `nightly-2026-01-15`
        "#,
        );
    }

    #[test]
    fn link_time_optimisation_is_a_choice() {
        check_diagnostics(
            r#"
              rust: { package: node, lto: thn, codegen_units: 0 }
            #                             ^^^ error[unknown-choice]: `thn` is no choice for `lto`
            # = hint: did you mean `thin`?
            #                                                 ^ error[wrong-type]: a crate is compiled in at least one part
            # = hint: write `codegen_units: 1` for the fastest program
        "#,
        );
    }

    #[test]
    fn a_target_runs_in_an_image() {
        check_diagnostics(
            r#"
              rust: { package: node, target: x86_64-pc-windows-gnu }
            #                                ^^^^^^^^^^^^^^^^^^^^^ error[unknown-choice]: `x86_64-pc-windows-gnu` is not a target that images run
            # = hint: write `gnu`, `musl` for a static program, or a triple such as `x86_64-unknown-linux-musl`
        "#,
        );
    }

    #[test]
    fn all_features_are_all() {
        check_diagnostics(
            r#"
              rust: { package: node, features: "tls http", all_features: true }
            #                        ^^^^^^^^ error[conflict]: `features` says nothing where all features are on
            # = hint: leave out `features` or `all_features`
            #                                              ------------ all are on
            #                                  ^^^^^^^^^^ error[invalid-name]: `tls http` is not a feature
            # = hint: each feature is an item of its own: `[tls, http]`
        "#,
        );
    }

    #[test]
    fn a_profile_is_called_by_its_name() {
        check_diagnostics(
            r#"
              rust: { package: node, profile: debug }
            #                                 ^^^^^ error[unknown-choice]: cargo has no profile `debug`
            # = hint: its name is `dev`; `debug` is its folder
        "#,
        );
    }

    #[test]
    fn two_programs_have_two_places() {
        check_diagnostics(
            r#"
              rust:
                - { package: a, bins: [node] }
            #     ---------------------------- the other one
                - { package: b, install: { other: /usr/local/bin/node } }
            #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[duplicate-value]: two programs are installed as `/usr/local/bin/node`
            # = hint: say where each goes: `install: { PROGRAM: /path }`
        "#,
        );
    }

    #[test]
    fn libraries_of_debian_are_not_linked_into_static_programs() {
        check_diagnostics(
            r#"
              base: scratch
            #       ------- runs static programs alone
              rust: { package: node, apt: [libssl-dev, libclang-dev, make] }
            #                              ^^^^^^^^^^ warning[no-effect]: `libssl-dev` cannot be linked into a static program: it is for glibc
            # = hint: use a feature of the crate that brings the library along (`vendored`, `bundled`, `rustls`), or a base with glibc
        "#,
        );
    }

    #[test]
    fn what_makes_builds_the_same_is_not_changed() {
        check_diagnostics(
            r#"
              rust: { package: node, env: { CARGO_TARGET_DIR: /x, RUSTFLAGS: -Ctarget-cpu=native } }
            #                               ^^^^^^^^^^^^^^^^ error[reserved-name]: `CARGO_TARGET_DIR` is set by modelcrate
            # = hint: leave it out: what it says is what makes builds the same everywhere
        "#,
        );
    }

    #[test]
    fn tokens_are_ids_of_secrets() {
        check_diagnostics(
            r#"
              secrets: [git_token]
            # ------- the secrets of this spec
              rust: { package: node, token: git_token, registries: { corp: corp_token } }
            #                                                              ^^^^^^^^^^ error[undeclared-secret]: `secrets` does not list `corp_token`
            # = hint: did you mean `git_token`?
            # = hint: or add `corp_token` to it
        "#,
        );
    }

    #[test]
    fn a_package_or_a_folder_is_enough() {
        check_diagnostics(
            r#"
              rust: [node, services/api, .]
        "#,
        );
    }
}
