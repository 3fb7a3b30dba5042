//! What is built, and what the image gets of it.

use super::super::findings::Findings;
use super::super::{CmakeInstall, path};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{self, Entry, Install, Map, Text};

/// What the image gets.
pub fn install(item: &Entry<spec::Cmake>, findings: &mut Findings) -> Option<CmakeInstall> {
    let Some(written) = item.install.get() else {
        if !item.targets.is_written() && !item.install.is_written() {
            findings.push(nothing_named(item));
        }
        return (!item.install.is_written()).then_some(CmakeInstall::Targets);
    };
    match &written.value {
        Install::Files(files) => Some(CmakeInstall::Files(self::files(files, findings))),
        Install::Word(word) => findings.keep(component(written, word)),
    }
}

fn nothing_named(item: &Entry<spec::Cmake>) -> Diagnostic {
    Diagnostic::error(
        code::MISSING_KEY,
        item.key,
        "it is not said what the image gets of this project",
    )
    .hint("name its programs with `targets: [NAME]`, or write `install: true` for all that it installs")
}

fn component(written: &Entry<Install>, word: &Text) -> Result<CmakeInstall, Diagnostic> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    match word.0.as_str() {
        "true" => Ok(CmakeInstall::All),
        "false" | "" => Err(
            Diagnostic::error(code::UNKNOWN_CHOICE, written.span, "this installs nothing")
                .hint("leave `install` out to get the programs among `targets`"),
        ),
        name if name.chars().all(is_name) => Ok(CmakeInstall::Component(name.to_string())),
        name => {
            let message = format!("`{name}` is not the name of a component");
            Err(Diagnostic::error(code::INVALID_NAME, written.span, message).hint(
                "write `install: true`, a component, or `install: { bin/server: /usr/local/bin/server }`",
            ))
        }
    }
}

fn files(files: &Map<Text>, findings: &mut Findings) -> Vec<(Spanned<String>, Spanned<String>)> {
    let files = files.0.iter().map(|(file, dest)| {
        let built = Entry {
            key: file.span,
            span: file.span,
            value: Text(file.value.clone()),
        };
        Ok((built_file(&built)?, path::absolute(dest, "a place in the image")?))
    });
    findings.keep_all(files)
}

/// A file in the folder where CMake builds; wildcards stand for some of them.
fn built_file(file: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    if file.value.starts_with('/') {
        let message = format!("`{}` is not a path in the build folder", &file.value.0);
        return Err(Diagnostic::error(code::INVALID_PATH, file.span, message).hint(
            "write it as CMake builds it, such as `bin/server`; the path in the image comes after the colon",
        ));
    }
    if file.value.split('/').any(|word| word == "..") {
        let message = format!("`{}` is outside the build folder", &file.value.0);
        return Err(Diagnostic::error(code::INVALID_PATH, file.span, message)
            .hint("files of the context are copied with `copy`"));
    }
    let clean = path::in_image(file)?.map(|path| path.trim_start_matches('/').to_string());
    if clean.is_empty() {
        let message = "the build folder is not a thing to install";
        return Err(Diagnostic::error(code::INVALID_PATH, file.span, message)
            .hint("name files in it, such as `bin/server: /usr/local/bin/server`"));
    }
    Ok(clean)
}

/// A target to build.
pub fn target(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    if text.starts_with("install") && ["install", "install/strip"].contains(&text) {
        let message = format!("`{text}` is not a target with a program");
        return Err(Diagnostic::error(code::INVALID_NAME, entry.span, message)
            .hint("write `install: true`, and leave `targets` out to build everything"));
    }
    // CMake policy CMP0037 has the letters of a target's name; `::` is in those of aliases, which cannot be built.
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+');
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_name) {
        return Ok(Spanned::new(text.to_string(), entry.span));
    }
    let message = format!("`{text}` is not the name of a target");
    let finding = Diagnostic::error(code::INVALID_NAME, entry.span, message);
    let words: Vec<&str> = text.split_whitespace().collect();
    Err(match words.len() {
        0 | 1 => finding.hint("write the name that `add_executable` gives it"),
        _ => finding.hint(format!(
            "each target is an item of its own: `[{}]`",
            words.join(", ")
        )),
    })
}
