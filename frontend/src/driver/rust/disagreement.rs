//! What the spec asks for and the workspace does not have.

use super::file_channel;
use crate::check::{Rust, defaults};
use crate::diagnostic::{Diagnostic, code, did_you_mean, listed};
use crate::rust::{Channel, Workspace, numbers};

/// Formats of locks, and the first Rust that reads each (cargo's changelog, 1.78 and 1.53).
const LOCK_FORMATS: [(i64, (u32, u32)); 2] = [(3, (1, 53)), (4, (1, 78))];
/// Editions, and the first Rust that has each.
const EDITIONS: [(&str, (u32, u32)); 2] = [("2021", (1, 56)), ("2024", (1, 85))];

/// Every package and version that does not go with the workspace.
pub(super) fn disagreements(rust: &Rust, workspace: &Workspace) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(unknown_package(rust, workspace));
    match file_channel(workspace) {
        Some(Err(hint)) if rust.toolchain.is_none() => found.push(refused(rust, workspace, hint)),
        file => found.extend(too_old(rust, workspace, file.and_then(Result::ok))),
    }
    found
}

fn unknown_package(rust: &Rust, workspace: &Workspace) -> Option<Diagnostic> {
    let package = rust.package.as_ref()?;
    if workspace.folder_of(package).is_some() {
        return None;
    }
    let names: Vec<&str> = workspace.names().collect();
    let message = format!("the workspace has no package `{}`", package.value);
    let finding = Diagnostic::error(code::RUST_PROJECT, package.span, message);
    Some(match did_you_mean(&package.value, &names) {
        Some(hint) => finding.hint(hint),
        None => finding.hint(format!("it has {}", listed(&names))),
    })
}

fn refused(rust: &Rust, workspace: &Workspace, hint: &str) -> Diagnostic {
    let channel = workspace.toolchain.channel.as_deref().unwrap_or_default();
    let message = format!("images cannot be built with the `{channel}` of `rust-toolchain.toml`");
    Diagnostic::error(code::RUST_VERSION, rust.span, message)
        .hint(format!("there or with `toolchain:`, {hint}"))
}

/// What the lock or a manifest needs, and this Rust is not.
fn too_old(rust: &Rust, workspace: &Workspace, file: Option<Channel>) -> Option<Diagnostic> {
    let said = rust.toolchain.as_ref();
    let channel = said.map(|said| said.value.clone()).or(file);
    let (release, name) = match &channel {
        Some(channel) => (
            channel.release()?,
            format!("{}.{}", channel.release()?.0, channel.release()?.1),
        ),
        None => (numbers(defaults::RUST)?, defaults::RUST.to_owned()),
    };
    let (needed, what) = needs(workspace)
        .into_iter()
        .filter(|(needed, _)| *needed > release)
        .max()?;
    let message = format!(
        "{what} needs Rust {}.{}, and Rust {name} compiles it",
        needed.0, needed.1
    );
    let span = said.map_or(rust.span, |said| said.span);
    let finding = Diagnostic::error(code::RUST_VERSION, span, message).hint(format!(
        "write `toolchain: \"{}.{}\"` or later",
        needed.0, needed.1
    ));
    Some(match what == LOCK {
        true => finding.hint(format!(
            "or make the lock anew with the older one: `cargo +{name} generate-lockfile`"
        )),
        false => finding,
    })
}

const LOCK: &str = "the format of `Cargo.lock`";

/// The releases that a workspace asks for, and what asks.
fn needs(workspace: &Workspace) -> Vec<((u32, u32), String)> {
    let format = workspace.lock.format();
    let of_lock = LOCK_FORMATS.iter().filter(|(known, _)| *known == format);
    let mut needs: Vec<((u32, u32), String)> =
        of_lock.map(|(_, release)| (*release, LOCK.to_owned())).collect();
    for manifest in workspace.manifests.values() {
        let Some(name) = manifest.name() else { continue };
        if let Some(version) = manifest.rust_version().and_then(numbers) {
            needs.push((version, format!("`{name}`")));
        }
        let edition = EDITIONS
            .iter()
            .find(|(edition, _)| manifest.edition() == Some(*edition));
        needs.extend(
            edition.map(|(edition, release)| (*release, format!("the edition {edition} of `{name}`"))),
        );
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::drawn::{Build, check_of};
    use crate::rust::{CargoLock, Manifest, Toolchain};
    use crate::source::Source;

    fn messages(spec: &str, lock: &str, manifest: &str, toolchain: &str) -> Vec<String> {
        let (checked, findings) = check_of(&Source::new("modelcrate.yaml", spec), &Build::default());
        assert_eq!(findings, []);
        let workspace = Workspace {
            manifests: [(String::new(), Manifest::parse(manifest).unwrap())].into(),
            lock: CargoLock::parse(lock).unwrap(),
            toolchain: Toolchain::parse(toolchain),
            ..Workspace::default()
        };
        let found = disagreements(&checked.unwrap().rust[0], &workspace);
        let told = |found: &Diagnostic| format!("{} ({})", found.message, found.hints.join("; "));
        found.iter().map(told).collect()
    }

    const APP: &str = "[package]\nname = 'app'\nedition = '2024'\nrust-version = '1.88'\n";

    #[test]
    fn a_package_is_one_of_the_workspace() {
        assert_eq!(
            messages("rust: ap\n", "version = 4", APP, ""),
            ["the workspace has no package `ap` (did you mean `app`?)"]
        );
        assert_eq!(messages("rust: app\n", "version = 4", APP, ""), [""; 0]);
    }

    #[test]
    fn an_older_rust_than_the_workspace_needs_is_found_before_it_compiles() {
        assert_eq!(
            messages(
                "rust: { package: app, toolchain: '1.75' }\n",
                "version = 4",
                APP,
                ""
            ),
            ["`app` needs Rust 1.88, and Rust 1.75 compiles it (write `toolchain: \"1.88\"` or later)"]
        );
        assert_eq!(
            messages("rust: app\n", "version = 4", "[package]\nname = 'app'\n", "1.75"),
            [
                "the format of `Cargo.lock` needs Rust 1.78, and Rust 1.75 compiles it (write `toolchain: \"1.78\"` or later; \
              or make the lock anew with the older one: `cargo +1.75 generate-lockfile`)"
            ]
        );
        assert_eq!(
            messages("rust: app\n", "version = 3", "[package]\nname = 'app'\n", "1.75"),
            [""; 0]
        );
    }

    #[test]
    fn a_toolchain_file_names_one_compiler() {
        let nightly = "[toolchain]\nchannel = 'nightly'\n";
        let found = messages("rust: app\n", "version = 4", APP, nightly);
        assert!(found[0].starts_with(
            "images cannot be built with the `nightly` of `rust-toolchain.toml` (there or with"
        ));
        assert_eq!(
            messages(
                "rust: { package: app, toolchain: '1.90' }\n",
                "version = 4",
                APP,
                nightly
            ),
            [""; 0]
        );
    }
}
