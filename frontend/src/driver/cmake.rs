//! What must be known of projects before they are planned: that they are there, and which commits their branches and tags
//! are.

use super::{Build, Failure};
use crate::check::{Checked, Cmake, CmakeSource, GitSource};
use crate::diagnostic::{Diagnostic, code};
use crate::lower;
use crate::plan::{self, Facts};
use crate::python::joined;
use crate::source::Spanned;

/// The file that makes a folder a project.
const MANIFEST: &str = "CMakeLists.txt";

/// Finds every folder of the context that is no project. Nothing is pulled for it.
pub(super) async fn projects_are_there(build: &Build, checked: &Checked) -> Result<(), Failure> {
    let folders = checked.cmake.iter().filter_map(|project| match &project.source {
        CmakeSource::Context(folder) => Some((project, folder)),
        CmakeSource::Git(_) => None,
    });
    let manifests: Vec<(&Cmake, &Spanned<String>, String)> = folders
        .map(|(project, folder)| (project, folder, joined(folder, MANIFEST)))
        .collect();
    if manifests.is_empty() {
        return Ok(());
    }
    let paths: Vec<&str> = manifests.iter().map(|(_, _, path)| path.as_str()).collect();
    let title = "[internal] load CMake project";
    let found = build.main.read(&build.gateway, &paths, title).await?;
    let missing = manifests
        .iter()
        .filter(|(_, _, path)| !found.contains_key(path.as_str()))
        .map(|(_, folder, path)| not_there(folder, path, build));
    match Vec::from_iter(missing).as_slice() {
        [] => Ok(()),
        missing => Err(Failure::diagnostics(&build.spec, missing)),
    }
}

fn not_there(folder: &Spanned<String>, path: &str, build: &Build) -> Diagnostic {
    let message = format!("there is no `{path}` in the build context");
    let finding = Diagnostic::error(code::MISSING_FILE, folder.span, message)
        .hint("`source` is the folder of the project's own `CMakeLists.txt`, or a git repository");
    match build.main.ignore_file() {
        Some(name) => finding.hint(format!("`{name}` may leave it out")),
        None => finding,
    }
}

/// Asks the engine for the commits of branches and tags, so that the graph cannot mean another tomorrow.
pub(super) async fn commits(build: &Build, checked: &Checked, facts: &mut Facts) -> Result<(), Failure> {
    for project in &checked.cmake {
        let CmakeSource::Git(source) = &project.source else {
            continue;
        };
        if is_commit(source) || facts.commits.contains_key(source) {
            continue;
        }
        let named = source.reference.as_deref().unwrap_or("HEAD");
        let title = format!("[internal] find the commit of {named} in {}", source.url.value);
        let git = lower::git(&plan::checkout(source, project, facts));
        let answer = build.gateway.resolve_git(git, title).await;
        let commit =
            answer.map_err(|error| Failure::unfetched(&build.spec, source.url.span, &source.url, error))?;
        match commit {
            Some(commit) => {
                facts.commits.insert(source.clone(), commit);
            }
            None => build.warn(&unpinned(source, named)).await?,
        }
    }
    Ok(())
}

/// A whole SHA-1 or SHA-256.
fn is_commit(source: &GitSource) -> bool {
    let reference = source.reference.as_deref().unwrap_or_default();
    matches!(reference.len(), 40 | 64) && reference.chars().all(|c| c.is_ascii_hexdigit())
}

fn unpinned(source: &GitSource, named: &str) -> Diagnostic {
    let message = format!(
        "`{named}` is whatever it is when the engine fetches it: this engine does not say its commit before"
    );
    Diagnostic::warning(code::UNPINNED_GIT, source.url.span, message)
        .hint("write the commit after `#` to get the same sources always; engines with BuildKit 0.26 or later pin it themselves")
}
