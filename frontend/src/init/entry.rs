//! What an image runs, and where it listens.

use regex::Regex;

use super::folder::{Folder, parent};

/// Sources that a server is written in.
const SOURCES: [&str; 6] = [".py", ".rs", ".go", ".cpp", ".cc", ".js"];
/// Names that a module is started by, the likeliest first.
const STARTED: [&str; 4] = ["__main__", "server", "main", "app"];

/// The module that Python starts: one that says what to do when it is.
pub(super) fn module(folder: &Folder) -> Option<(String, String)> {
    let guarded = |text: &str| text.contains("if __name__ ==");
    let named = |wanted: &str| {
        folder.sources(&[".py"]).find(|(path, text)| {
            let name = path.rsplit('/').next().and_then(|name| name.strip_suffix(".py"));
            name == Some(wanted)
                && (wanted == "__main__" || guarded(text))
                && is_package(folder, parent(path))
        })
    };
    let (path, _) = STARTED.iter().find_map(|name| named(name))?;
    let module = path
        .strip_prefix("src/")
        .unwrap_or(path)
        .trim_end_matches(".py")
        .replace('/', ".");
    let module = module.strip_suffix(".__main__").unwrap_or(&module);
    Some((module.to_owned(), path.to_owned()))
}

/// The script at the top that stands for the folder.
pub(super) fn script(folder: &Folder) -> Option<&'static str> {
    ["server.py", "app.py", "main.py"]
        .into_iter()
        .find(|name| folder.text(name).is_some())
}

/// Whether a folder is a package of Python.
pub(super) fn is_package(folder: &Folder, path: &str) -> bool {
    path != "." && folder.text(&format!("{path}/__init__.py")).is_some()
}

/// The port that sources name, and the file and line that do.
pub(super) fn port(folder: &Folder) -> Option<(u16, String)> {
    let named =
        Regex::new(r#"(?i)\b[a-z_]*port\b["']?\s*[:=,]?\s*(?:\w+\s*=\s*)?\(?\s*["']?([1-9][0-9]{3,4})\b"#)
            .ok()?;
    folder.sources(&SOURCES).find_map(|(path, text)| {
        let number = named.captures(text)?.get(1)?;
        let line = text[..number.start()].matches('\n').count() + 1;
        Some((number.as_str().parse().ok()?, format!("{path}:{line}")))
    })
}

/// The path that sources answer health checks on.
pub(super) fn health(folder: &Folder) -> Option<&'static str> {
    let known = ["/health", "/healthz", "/v1/health/ready", "/ready"];
    let quoted =
        |path: &str, text: &str| text.contains(&format!("\"{path}\"")) || text.contains(&format!("'{path}'"));
    known
        .into_iter()
        .find(|path| folder.sources(&SOURCES).any(|(_, text)| quoted(path, text)))
}
