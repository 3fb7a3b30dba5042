//! Reads a workspace: the folder that the spec names, the root above it, its members and what they depend on in folders.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Build, Failure};
use super::{folder_named, place, unreadable};
use crate::check::Rust;
use crate::diagnostic::{Diagnostic, code};
use crate::python::{is_outside, joined};
use crate::rust::{CargoLock, Manifest, Toolchain, Workspace};
use crate::source::Span;

/// What the progress display says of these transfers.
const TITLE: &str = "[internal] load Rust manifests";
/// Files that cargo and rustup look for in a folder and in all above it.
const SETTINGS: [&str; 2] = [".cargo/config.toml", ".cargo/config"];
const TOOLCHAINS: [&str; 2] = ["rust-toolchain.toml", "rust-toolchain"];

/// Texts of files by path.
type Texts = BTreeMap<String, String>;

/// The workspace that `rust` names, or what is wrong with it.
pub(super) async fn workspace(build: &Build, rust: &Rust) -> Result<Result<Workspace, Diagnostic>, Failure> {
    let folder = joined(&rust.path.value, "");
    let above = ancestors(&folder);
    let names = ["Cargo.toml", "Cargo.lock"]
        .iter()
        .chain(&SETTINGS)
        .chain(&TOOLCHAINS);
    let paths = names.flat_map(|name| above.iter().map(move |folder| joined(folder, name)));
    let texts = read(build, &paths.collect::<Vec<_>>()).await?;
    let start = match start(&texts, &folder, &above, place(rust)) {
        Ok(start) => start,
        Err(finding) => return Ok(Err(finding)),
    };
    let Manifests { found, problem } = manifests(build, start.manifests, &start.root, place(rust)).await?;
    if let Some(problem) = problem {
        return Ok(Err(problem));
    }
    let nearest = |names: &[&str]| {
        let paths = above
            .iter()
            .flat_map(|folder| names.iter().map(|name| joined(folder, name)));
        paths.filter_map(|path| texts.get(&path)).next()
    };
    let settings = texts
        .iter()
        .filter(|(path, _)| SETTINGS.iter().any(|name| path.ends_with(name)))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    Ok(Ok(Workspace {
        vendored: vendored(&settings),
        settings,
        toolchain: nearest(&TOOLCHAINS)
            .map(|text| Toolchain::parse(text))
            .unwrap_or_default(),
        lock: start.lock,
        manifests: found,
        root: start.root,
        folder,
    }))
}

/// Texts of files of the context; what is not there is missing.
async fn read(build: &Build, paths: &[String]) -> Result<Texts, Failure> {
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let files = build.main.read(&build.gateway, &paths, TITLE).await?;
    let text =
        |(path, bytes): (&str, Vec<u8>)| (path.to_owned(), String::from_utf8_lossy(&bytes).into_owned());
    Ok(files.into_iter().map(text).collect())
}

/// A folder and all above it, the nearest first.
fn ancestors(folder: &str) -> Vec<String> {
    let mut folders = vec![folder.to_owned()];
    let mut rest = folder;
    while !rest.is_empty() {
        rest = rest.rsplit_once('/').map_or("", |(above, _)| above);
        folders.push(rest.to_owned());
    }
    folders
}

/// What is known after the first transfer.
struct Start {
    root: String,
    lock: CargoLock,
    manifests: BTreeMap<String, Manifest>,
}

fn start(texts: &Texts, folder: &str, above: &[String], span: Span) -> Result<Start, Diagnostic> {
    let own = manifest(texts, folder, span)?.ok_or_else(|| no_manifest(folder, span))?;
    let root = root(texts, folder, &own, above, span)?;
    let mut manifests = BTreeMap::from([(folder.to_owned(), own)]);
    if let Some(of_root) = manifest(texts, &root, span)? {
        manifests.insert(root.clone(), of_root);
    }
    let path = joined(&root, "Cargo.lock");
    let text = texts.get(&path).ok_or_else(|| no_lock(&root, span))?;
    let lock = CargoLock::parse(text).map_err(|error| unreadable(&path, &error, span))?;
    Ok(Start {
        root,
        lock,
        manifests,
    })
}

fn manifest(texts: &Texts, folder: &str, span: Span) -> Result<Option<Manifest>, Diagnostic> {
    let path = joined(folder, "Cargo.toml");
    let text = texts.get(&path);
    text.map(|text| Manifest::parse(text).map_err(|error| unreadable(&path, &error, span)))
        .transpose()
}

/// The folder of the workspace's root, as cargo finds it (the Cargo book, `reference/workspaces.html`).
fn root(
    texts: &Texts,
    folder: &str,
    own: &Manifest,
    above: &[String],
    span: Span,
) -> Result<String, Diagnostic> {
    if own.is_workspace() {
        return Ok(folder.to_owned());
    }
    if let Some(root) = own.workspace() {
        return Ok(joined(folder, root));
    }
    for above in above.iter().skip(1) {
        let Some(manifest) = manifest(texts, above, span)? else {
            continue;
        };
        let excluded = |path: &&str| joined(above, path) == folder;
        if manifest.is_workspace() && !manifest.folders("exclude").iter().any(excluded) {
            return Ok(above.clone());
        }
    }
    Ok(folder.to_owned())
}

/// Manifests by folder, or the first problem with one of them.
struct Manifests {
    found: BTreeMap<String, Manifest>,
    problem: Option<Diagnostic>,
}

/// Adds the members, and everything that is depended on in folders, until nothing is new.
async fn manifests(
    build: &Build,
    known: BTreeMap<String, Manifest>,
    root: &str,
    span: Span,
) -> Result<Manifests, Failure> {
    let mut manifests = Manifests {
        found: known,
        problem: None,
    };
    let mut next = members(build, manifests.found.get(root), root).await?;
    next.extend(
        manifests
            .found
            .iter()
            .flat_map(|(folder, manifest)| named(manifest, folder, &manifests.found, root)),
    );
    loop {
        next.retain(|folder| !manifests.found.contains_key(folder));
        if let Some(outside) = next.iter().find(|folder| is_outside(folder)) {
            manifests.problem = Some(self::outside(outside, span));
        }
        if next.is_empty() || manifests.problem.is_some() {
            return Ok(manifests);
        }
        let paths: Vec<String> = next.iter().map(|folder| joined(folder, "Cargo.toml")).collect();
        let texts = read(build, &paths).await?;
        let mut more = BTreeSet::new();
        for folder in std::mem::take(&mut next) {
            match manifest(&texts, &folder, span) {
                Ok(Some(manifest)) => {
                    more.extend(named(&manifest, &folder, &manifests.found, root));
                    manifests.found.insert(folder, manifest);
                }
                Ok(None) => manifests.problem = Some(no_manifest(&folder, span)),
                Err(problem) => manifests.problem = Some(problem),
            }
        }
        next = more;
    }
}

/// Folders that a manifest depends on.
fn named(
    manifest: &Manifest,
    folder: &str,
    known: &BTreeMap<String, Manifest>,
    root: &str,
) -> BTreeSet<String> {
    let of_root = known.get(root).cloned().unwrap_or_default();
    let dependencies = manifest.local_dependencies(&of_root);
    let base = |inherited| if inherited { root } else { folder };
    dependencies
        .iter()
        .map(|dependency| joined(base(dependency.inherited), &dependency.path))
        .collect()
}

/// Folders of the members that the root names.
async fn members(
    build: &Build,
    manifest: Option<&Manifest>,
    root: &str,
) -> Result<BTreeSet<String>, Failure> {
    let Some(manifest) = manifest else {
        return Ok(BTreeSet::new());
    };
    let excluded: Vec<String> = manifest
        .folders("exclude")
        .iter()
        .map(|path| joined(root, path))
        .collect();
    let mut folders = BTreeSet::new();
    for member in manifest.folders("members") {
        let path = joined(root, member);
        if member.contains(['*', '?', '[']) {
            let found = build
                .main
                .folders(&build.gateway, &path, "Cargo.toml", TITLE)
                .await?;
            folders.extend(found.into_iter().filter(|folder| !excluded.contains(folder)));
        } else {
            folders.insert(path);
        }
    }
    Ok(folders)
}

/// Folders that settings take the sources of others from (the Cargo book, `reference/source-replacement.html`). Paths are
/// relative to the folder that holds `.cargo`.
fn vendored(settings: &Texts) -> Vec<String> {
    let folders = settings.iter().flat_map(|(path, text)| {
        let base = path.rsplit_once(".cargo/").map_or("", |(base, _)| base);
        let table: toml::Table = text.parse().unwrap_or_default();
        let sources = table
            .get("source")
            .and_then(toml::Value::as_table)
            .cloned()
            .unwrap_or_default();
        let folder = |source: &toml::Value| {
            let path = source.get("directory").or_else(|| source.get("local-registry"))?;
            Some(joined(base, path.as_str()?))
        };
        sources.values().filter_map(folder).collect::<Vec<_>>()
    });
    folders.filter(|folder| !is_outside(folder)).collect()
}

fn no_manifest(folder: &str, span: Span) -> Diagnostic {
    let message = format!("there is no `Cargo.toml` in {}", folder_named(folder));
    Diagnostic::error(code::MISSING_FILE, span, message)
        .hint("`path:` names the folder of a package or workspace, relative to the context")
        .hint("a `.dockerignore` may leave it out")
}

fn no_lock(root: &str, span: Span) -> Diagnostic {
    let message = format!("there is no `Cargo.lock` in {}", folder_named(root));
    Diagnostic::error(code::MISSING_FILE, span, message)
        .hint("run `cargo generate-lockfile` and commit the file: it pins what the program is made of")
        .hint("a `.dockerignore` or `.gitignore` may leave it out")
}

fn outside(folder: &str, span: Span) -> Diagnostic {
    let message = format!("the workspace depends on `{folder}`, outside of the build context");
    Diagnostic::error(code::RUST_PROJECT, span, message)
        .hint("build with a context that holds it, and name the workspace's folder with `path:`")
}
