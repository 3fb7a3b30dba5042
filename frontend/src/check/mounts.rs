//! `run.mounts:`, files of elsewhere that a command sees, read-only.

use super::findings::Findings;
use super::{FilesMount, MountFrom, from, path};
use crate::diagnostic::{Diagnostic, code, did_you_mean};
use crate::source::Spanned;
use crate::spec::{self, Entry, Field, List, Text};

/// What stands before the name of a command.
const STEP: &str = "step:";
/// What stands before the name of a stage.
const STAGE: &str = "stage:";
/// The stages whose files a command can see.
const STAGES: [&str; 3] = ["python", "rust", "cmake"];

/// Mounts of a command; `before` are the commands that come before it.
pub fn mounts(
    field: &Field<List<spec::Mount>>,
    before: &[Entry<spec::Run>],
    findings: &mut Findings,
) -> Vec<FilesMount> {
    let mut mounts: Vec<FilesMount> = Vec::new();
    for item in field.items() {
        let Some(mount) = findings.keep(mount(item, before)) else {
            continue;
        };
        if let Some(first) = mounts.iter().find(|other| other.dest.value == mount.dest.value) {
            let message = format!("two mounts lie at `{}`", mount.dest.value);
            findings.push(
                Diagnostic::error(code::DUPLICATE_VALUE, mount.dest.span, message)
                    .related(first.dest.span, "first written here"),
            );
        }
        mounts.push(mount);
    }
    mounts
}

fn mount(item: &Entry<spec::Mount>, before: &[Entry<spec::Run>]) -> Result<FilesMount, Diagnostic> {
    let from = item
        .from
        .get()
        .map_or(Ok(MountFrom::Context), |written| origin(written, before))?;
    let src = item.src.get().map(|src| source(src, &from)).transpose()?;
    let dest = match (item.dest.get(), &src) {
        (Some(dest), _) => path::below_root(dest, "`dest`")?,
        (None, Some(src)) if !matches!(from, MountFrom::Context) && src.value != "/" => src.clone(),
        _ => return Err(incomplete(item, "dest")),
    };
    let src = match src {
        Some(src) => src,
        None if matches!(from, MountFrom::Context) => return Err(incomplete(item, "src")),
        None => Spanned::new("/".to_owned(), item.span),
    };
    Ok(FilesMount { from, src, dest })
}

fn incomplete(item: &Entry<spec::Mount>, key: &str) -> Diagnostic {
    Diagnostic::error(code::MISSING_KEY, item.key, format!("this mount has no `{key}`"))
        .hint("write `mounts: [{ from: IMAGE, src: /path/there, dest: /path/here }]`; without `from` it is a path of the context")
}

fn origin(written: &Entry<Text>, before: &[Entry<spec::Run>]) -> Result<MountFrom, Diagnostic> {
    if let Some(name) = from::named(written, STEP) {
        return step(name, before);
    }
    if let Some(name) = from::named(written, STAGE) {
        return stage(name);
    }
    from::from(written).map(MountFrom::from)
}

fn stage(name: Spanned<String>) -> Result<MountFrom, Diagnostic> {
    if STAGES.contains(&name.value.as_str()) {
        return Ok(MountFrom::Stage(name));
    }
    let message = format!("there is no stage `{}` to take files of", name.value);
    let mut finding = Diagnostic::error(code::UNKNOWN_CHOICE, name.span, message);
    finding.hints.extend(did_you_mean(&name.value, &STAGES));
    Err(finding)
}

/// A command before this one, known by its `name`, that keeps outputs.
fn step(name: Spanned<String>, before: &[Entry<spec::Run>]) -> Result<MountFrom, Diagnostic> {
    let named = |run: &&Entry<spec::Run>| run.name.get().is_some_and(|own| own.value.0 == name.value);
    let Some(run) = before.iter().find(named) else {
        let names: Vec<&str> = before
            .iter()
            .filter_map(|run| run.name.get().map(|name| name.value.0.as_str()))
            .collect();
        let message = format!("no command before this one is called `{}`", name.value);
        let mut finding = Diagnostic::error(code::UNDEFINED_NAME, name.span, message);
        finding.hints.extend(did_you_mean(&name.value, &names));
        return Err(
            finding.hint("give the command a `name:`, and write it above the one that needs its files")
        );
    };
    if run.outputs.items().is_empty() {
        let message = format!("the command `{}` keeps no files", name.value);
        return Err(Diagnostic::error(code::CONFLICT, name.span, message)
            .related(run.key, "this one")
            .hint("give it `stage: build` and `outputs: [/path]`"));
    }
    Ok(MountFrom::Step(name))
}

fn source(src: &Entry<Text>, from: &MountFrom) -> Result<Spanned<String>, Diagnostic> {
    let path = match from {
        MountFrom::Context => path::in_context(src)?,
        _ => path::in_image(src)?,
    };
    if path.value.contains(['*', '?', '[']) {
        let message = format!(
            "a mount is one file or folder, and `{}` is a pattern",
            src.value.0
        );
        return Err(Diagnostic::error(code::INVALID_PATH, src.span, message).hint("mount the folder"));
    }
    Ok(match (from, path.value.as_str()) {
        (MountFrom::Context, ".") => path.map(|_| "/".to_owned()),
        (MountFrom::Context, _) => path.map(|path| format!("/{path}")),
        _ => path,
    })
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_mount_says_what_lies_where() {
        check_diagnostics(
            r#"
              run:
                - { command: a, mounts: [{ from: "node:22" }] }
            #                              ^^^^ error[missing-key]: this mount has no `dest`
            # = hint: write `mounts: [{ from: IMAGE, src: /path/there, dest: /path/here }]`; without `from` it is a path of the context
                - { command: b, mounts: [{ dest: /tools }] }
            #                              ^^^^ error[missing-key]: this mount has no `src`
            # = hint: write `mounts: [{ from: IMAGE, src: /path/there, dest: /path/here }]`; without `from` it is a path of the context
                - { command: c, mounts: [{ from: "node:22", src: /usr/local/bin/node }, { src: conf, dest: /etc/conf }] }
        "#,
        );
    }

    #[test]
    fn a_mount_lies_below_the_root() {
        check_diagnostics(
            r#"
              run:
                - { command: a, mounts: [{ from: "node:22", dest: / }] }
            #                                                     ^ error[invalid-path]: `dest` cannot be `/`, the whole image
            # = hint: name a folder, such as `/data`
                - { command: b, mounts: [{ from: "node:22", dest: tools }] }
            #                                                     ^^^^^ error[invalid-path]: `dest` must be an absolute path, not `tools`
            # = hint: write `/tools`
        "#,
        );
    }

    #[test]
    fn two_mounts_do_not_lie_on_each_other() {
        check_diagnostics(
            r#"
              run: [{ command: a, mounts: [{ from: "node:22", dest: /a }, { src: b, dest: /a/ }] }]
            #                                                                             ^^^ error[duplicate-value]: two mounts lie at `/a`
            #                                                       -- first written here
        "#,
        );
    }

    #[test]
    fn a_mount_is_no_pattern() {
        check_diagnostics(
            r#"
              run: [{ command: a, mounts: [{ from: "node:22", src: "/usr/lib/*.so", dest: /lib }] }]
            #                                                      ^^^^^^^^^^^^^^^ error[invalid-path]: a mount is one file or folder, and `/usr/lib/*.so` is a pattern
            # = hint: mount the folder
        "#,
        );
    }

    #[test]
    fn a_command_is_known_by_its_name_and_comes_before() {
        check_diagnostics(
            r#"
              run:
                - { name: build web, command: make, stage: build, outputs: [/web] }
                - { command: ls, mounts: { from: step:build wb, src: /web } }
            #                                    ^^^^^^^^^^^^^ error[undefined-name]: no command before this one is called `build wb`
            # = hint: did you mean `build web`?
            # = hint: give the command a `name:`, and write it above the one that needs its files
                - { command: ls, mounts: { from: step:later, src: /web } }
            #                                    ^^^^^^^^^^ error[undefined-name]: no command before this one is called `later`
            # = hint: the choices are `build web`
            # = hint: give the command a `name:`, and write it above the one that needs its files
                - { name: later, command: make, stage: build, outputs: [/later] }
        "#,
        );
    }

    #[test]
    fn a_command_on_the_image_keeps_no_files_apart() {
        check_diagnostics(
            r#"
              run:
                - { name: one, command: make }
            #       ---- this one
                - { command: ls, mounts: { from: step:one, src: /web } }
            #                                    ^^^^^^^^ error[conflict]: the command `one` keeps no files
            # = hint: give it `stage: build` and `outputs: [/path]`
        "#,
        );
    }

    #[test]
    fn stages_are_few() {
        check_diagnostics(
            r#"
              python: "3.11"
              run:
                - { command: ls, mounts: { from: stage:pyton, src: /opt/venv } }
            #                                    ^^^^^^^^^^^ error[unknown-choice]: there is no stage `pyton` to take files of
            # = hint: did you mean `python`?
                - { command: ls, mounts: { from: scratch, src: /opt/venv } }
            #                                    ^^^^^^^ error[invalid-image]: there are no files in `scratch`
            # = hint: leave `from` out to take files of the build context
        "#,
        );
    }

    #[test]
    fn a_source_is_in_the_context_or_the_image() {
        check_diagnostics(
            r#"
              run:
                - { command: ls, mounts: { src: ../conf, dest: /conf } }
            #                                   ^^^^^^^ error[invalid-path]: `../conf` is outside the build context
            # = hint: build with a context that holds it: a folder further up, or `--build-context NAME=PATH` and `from: NAME`
                - { command: ls, mounts: { from: "node:22", src: ../conf, dest: /conf } }
            #                                                    ^^^^^^^ error[invalid-path]: `../conf` is outside the image
            # = hint: write the path without `..`
        "#,
        );
    }
}
