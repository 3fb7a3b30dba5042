//! `copy:`

use super::findings::Findings;
use super::{Copy, CopyFrom, User, from, path, user};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{self, Entry, Spec, Text};

/// Keys of the long form that say how to copy.
const OPTIONS: [&str; 3] = ["from", "chown", "chmod"];

/// Files for the image, in the written order.
pub fn copies(spec: &Spec, owner: &User, findings: &mut Findings) -> Vec<Copy> {
    let items = spec.copy.items();
    items
        .iter()
        .filter_map(|item| copy(item, owner, findings))
        .collect()
}

fn copy(item: &Entry<spec::Copy>, user: &User, findings: &mut Findings) -> Option<Copy> {
    incomplete(item, findings);
    let from = origin(item, findings)?;
    let sources = findings.keep_all(item.src.items().iter().map(|src| source(src, &from)));
    let dest = item
        .dest
        .get()
        .map(|dest| path::absolute(dest, "`dest`").map_err(|error| no_room(item, dest).unwrap_or(error)))
        .transpose();
    let dest = findings.keep(dest).flatten()?;
    if item.src.items().len() > 1 && !dest.value.ends_with('/') {
        findings.push(no_folder(&dest));
    }
    let owner = item.chown.get().map(|chown| user::owner(chown, user)).transpose();
    let mode = item.chmod.get().map(mode).transpose();
    Some(Copy {
        from,
        sources,
        dest,
        owner: findings.keep(owner).flatten(),
        mode: findings.keep(mode).flatten(),
        exclude: item
            .exclude
            .items()
            .iter()
            .map(|pattern| pattern.value.0.clone())
            .collect(),
        span: item.span,
    })
}

/// `- { app: /app, chown: worker }` is read as two copies: the short form has sources and destinations alone.
fn no_room(item: &Entry<spec::Copy>, dest: &Entry<Text>) -> Option<Diagnostic> {
    let [src] = item.src.items() else { return None };
    let key = OPTIONS.into_iter().find(|key| src.value.0 == *key)?;
    let message = format!("`{key}` says how to copy, and the short form has no room for it");
    let hint = format!("write `- {{ src: …, dest: …, {key}: {} }}`", dest.value.0);
    Some(Diagnostic::error(code::UNKNOWN_KEY, src.span, message).hint(hint))
}

fn incomplete(item: &Entry<spec::Copy>, findings: &mut Findings) {
    let empty = item
        .src
        .get()
        .is_some_and(|src| src.0.is_empty() && src.span != src.key);
    for (key, missing) in [
        ("src", !item.src.is_written() || empty),
        ("dest", !item.dest.is_written()),
    ] {
        if missing {
            findings.push(
                Diagnostic::error(code::MISSING_KEY, item.key, format!("this copy has no `{key}`"))
                    .hint("write `- src/path: /dest/path`, or `- { src: …, dest: … }`"),
            );
        }
    }
}

fn origin(item: &Entry<spec::Copy>, findings: &mut Findings) -> Option<CopyFrom> {
    let Some(from) = item.from.get() else {
        return (!item.from.is_written()).then_some(CopyFrom::Context);
    };
    findings.keep(from::from(from))
}

/// A path as the engine takes it: absolute in its source.
fn source(src: &Entry<Text>, from: &CopyFrom) -> Result<Spanned<String>, Diagnostic> {
    let address = ["http://", "https://", "git@", "ssh://"];
    if address.iter().any(|start| src.value.starts_with(start)) {
        let message = format!("`copy` takes files, and `{}` is an address", src.value.0);
        return Err(Diagnostic::error(code::INVALID_PATH, src.span, message).hint(
            "download it in a `run` command, or give it with `--build-context NAME=URL` and `from: NAME`",
        ));
    }
    match from {
        CopyFrom::Context => {
            let path = path::in_context(src)?;
            Ok(path.map(|path| {
                if path == "." {
                    "/".to_string()
                } else {
                    format!("/{path}")
                }
            }))
        }
        CopyFrom::Image(_) | CopyFrom::Target(_) => path::in_image(src),
    }
}

fn no_folder(dest: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "several files need a folder, and `{}` does not end in `/`",
        dest.value
    );
    Diagnostic::error(code::INVALID_PATH, dest.span, message).hint(format!("write `{}/`", dest.value))
}

/// `0644`, `755`, or what chmod takes: `u+x`, `a=rX,g+w`, `u=rwX,go=`, `g=u`.
///
/// # Errors
/// For anything else.
pub fn mode(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let digits = text.strip_prefix("0o").unwrap_or(text);
    let octal = matches!(digits.len(), 3 | 4) && digits.chars().all(|c| ('0'..='7').contains(&c));
    if octal {
        return Ok(Spanned::new(digits.to_string(), entry.span));
    }
    if !text.is_empty() && text.split(',').all(is_symbolic) {
        return Ok(Spanned::new(text.to_string(), entry.span));
    }
    let message = format!("`{text}` is not a file mode");
    Err(Diagnostic::error(code::INVALID_MODE, entry.span, message)
        .hint("write three or four octal digits, such as \"0755\", or `u+x`"))
}

fn is_symbolic(clause: &str) -> bool {
    let rest = clause.trim_start_matches(['u', 'g', 'o', 'a']);
    let mut actions = rest.split(['+', '-', '=']);
    let none_before = actions.next() == Some("");
    let of_another = |rights: &str| matches!(rights, "u" | "g" | "o");
    // No rights are an answer too: `go=` leaves none.
    let are_rights = |rights: &str| rights.chars().all(|c| "rwxXst".contains(c));
    let mut actions = actions.peekable();
    none_before && actions.peek().is_some() && actions.all(|rights| of_another(rights) || are_rights(rights))
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_copy_has_a_source_and_a_destination() {
        check_diagnostics(
            r#"
              copy:
                - { src: app }
            #            ^^^ error[invalid-path]: `dest` must be an absolute path, not `app`
            # = hint: write `/app`
                - { dest: /app }
            #       ^^^^ error[missing-key]: this copy has no `src`
            # = hint: write `- src/path: /dest/path`, or `- { src: …, dest: … }`
        "#,
        );
    }

    #[test]
    fn the_short_form_has_no_room_for_options() {
        check_diagnostics(
            r#"
              user: worker
              copy:
                - { app: /app, chown: worker }
            #                  ^^^^^ error[unknown-key]: `chown` says how to copy, and the short form has no room for it
            # = hint: write `- { src: …, dest: …, chown: worker }`
                - { chmod: /app }
        "#,
        );
    }

    #[test]
    fn a_destination_is_absolute() {
        check_diagnostics(
            r#"
              copy:
                - app: app/
            #          ^^^^ error[invalid-path]: `dest` must be an absolute path, not `app/`
            # = hint: write `/app/`
        "#,
        );
    }

    #[test]
    fn a_source_is_in_the_context() {
        check_diagnostics(
            r#"
              copy:
                - ../common: /app
            #     ^^^^^^^^^ error[invalid-path]: `../common` is outside the build context
            # = hint: build with a context that holds it: a folder further up, or `--build-context NAME=PATH` and `from: NAME`
                - ~/.ssh: /ssh
            #     ^^^^^^ error[invalid-path]: `~/.ssh` is not a path in the build context
            # = hint: paths are relative to the folder that `docker buildx build` is given; `.` is that folder
        "#,
        );
    }

    #[test]
    fn several_files_need_a_folder() {
        check_diagnostics(
            r#"
              copy: [{ src: [a, b], dest: /app }]
            #                             ^^^^ error[invalid-path]: several files need a folder, and `/app` does not end in `/`
            # = hint: write `/app/`
        "#,
        );
    }

    #[test]
    fn an_owner_has_a_known_id() {
        check_diagnostics(
            r#"
              user: app
              copy:
                - { src: a, dest: /a, chown: app }
                - { src: b, dest: /b, chown: bpp }
            #                                ^^^ error[invalid-user]: nobody knows the id of `bpp`
            # = hint: write `app`, the spec's user, or ids such as `1000:1000`
                - { src: c, dest: /c, chown: "1000:1000" }
        "#,
        );
    }

    #[test]
    fn an_owner_without_a_user_is_declared_first() {
        check_diagnostics(
            r#"
              copy: [{ src: a, dest: /a, chown: app }]
            #                                   ^^^ error[invalid-user]: nobody knows the id of `app`
            # = hint: declare `user: app`, or write ids such as `1000:1000`
        "#,
        );
    }

    #[test]
    fn a_mode_is_octal_or_symbolic() {
        check_diagnostics(
            r#"
              copy:
                - { src: a, dest: /a, chmod: 0755 }
                - { src: b, dest: /b, chmod: "u+x,go=rX" }
                - { src: b, dest: /b, chmod: "u=rwX,go=" }
                - { src: b, dest: /b, chmod: "g=u,o-rwx+X" }
                - { src: c, dest: /c, chmod: "u" }
            #                                ^^^ error[invalid-mode]: `u` is not a file mode
            # = hint: write three or four octal digits, such as "0755", or `u+x`
                - { src: c, dest: /c, chmod: 999 }
            #                                ^^^ error[invalid-mode]: `999` is not a file mode
            # = hint: write three or four octal digits, such as "0755", or `u+x`
        "#,
        );
    }

    #[test]
    fn nothing_comes_from_scratch() {
        check_diagnostics(
            r#"
              copy: [{ from: scratch, src: /a, dest: /a }]
            #                ^^^^^^^ error[invalid-image]: there are no files in `scratch`
            # = hint: leave `from` out to take files of the build context
        "#,
        );
    }

    #[test]
    fn an_address_is_not_a_file() {
        check_diagnostics(
            r#"
              copy:
                - https://example.com/model.bin: /model.bin
            #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-path]: `copy` takes files, and `https://example.com/model.bin` is an address
            # = hint: download it in a `run` command, or give it with `--build-context NAME=URL` and `from: NAME`
        "#,
        );
    }

    #[test]
    fn other_words_for_our_keys_are_understood() {
        check_diagnostics(
            r#"
              copy: [{ src: a, to: /a, owner: app }]
            #          ^^^ error[missing-key]: this copy has no `dest`
            # = hint: write `- src/path: /dest/path`, or `- { src: …, dest: … }`
            #                  ^^ error[unknown-key]: unknown key `to`
            # = hint: did you mean `dest`?
            #                          ^^^^^ error[unknown-key]: unknown key `owner`
            # = hint: did you mean `chown`?
        "#,
        );
    }

    #[test]
    fn a_folder_may_have_the_name_of_a_key() {
        check_diagnostics(
            r#"
              copy:
                - src: /app/src
                - { src: /lib, conf: /conf }
                - { src: conf, dest: /etc/ }
        "#,
        );
    }
}
