//! `user:`, and the owners of copied files.

use super::findings::Findings;
use super::{User, defaults, path};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Span;
use crate::spec::{self, Entry, Spec, Text};

/// Users that Debian and Ubuntu come with (base-passwd, `passwd.master`), and their ids.
const TAKEN: [(&str, &str); 10] = [
    ("daemon", "1:1"),
    ("bin", "2:2"),
    ("sys", "3:3"),
    ("games", "5:60"),
    ("mail", "8:8"),
    ("proxy", "13:13"),
    ("www-data", "33:33"),
    ("backup", "34:34"),
    ("_apt", "42:65534"),
    ("nobody", "65534:65534"),
];

/// Who the image runs as.
pub fn user(spec: &Spec, findings: &mut Findings) -> User {
    let Some(written) = spec.user.get() else {
        return User::Inherit;
    };
    let span = written.whole();
    let Some(name) = written.name.get() else {
        if !written.name.is_written() {
            findings.push(nameless(written.key));
        }
        return User::Inherit;
    };
    let user = match ids(&name.value) {
        Some(Ok((0, 0))) => Ok(User::Root(span)),
        Some(Ok((uid, gid))) => Ok(User::Ids { uid, gid, span }),
        Some(Err(())) => Err(no_ids(name)),
        None => named(written, name, findings),
    };
    if !matches!(user, Ok(User::Named { .. })) {
        findings.0.extend(made_elsewhere(written, name));
    }
    findings.keep(user).unwrap_or(User::Inherit)
}

/// `root`, an id or `uid:gid`; `None` for a name.
fn ids(text: &str) -> Option<Result<(u32, u32), ()>> {
    if text == "root" {
        return Some(Ok((0, 0)));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (uid, gid) = text.split_once(':').unwrap_or((text, text));
    Some(match (uid.parse(), gid.parse()) {
        (Ok(uid), Ok(gid)) => Ok((uid, gid)),
        _ => Err(()),
    })
}

fn nameless(key: Span) -> Diagnostic {
    Diagnostic::error(code::MISSING_KEY, key, "`user` needs a `name`")
        .hint("write `user: app`, or `user: 1000:1000` for ids without a name")
}

fn no_ids(name: &Entry<Text>) -> Diagnostic {
    let message = format!("`{}` is neither a user id nor `uid:gid`", name.value.0);
    Diagnostic::error(code::INVALID_USER, name.span, message)
        .hint("write `1000` or `1000:1000`; a name starts with a letter")
}

/// Only a user that is made has ids and a home to choose.
fn made_elsewhere(user: &spec::User, name: &Entry<Text>) -> Vec<Diagnostic> {
    [user.uid.key(), user.gid.key(), user.home.key()]
        .into_iter()
        .flatten()
        .map(|key| {
            let message = format!(
                "user `{}` is not made by this spec, so nothing can be said about it",
                name.value.0
            );
            Diagnostic::error(code::CONFLICT, key, message)
                .hint("give it a name to have it made: `user: { name: app, uid: 2000 }`")
        })
        .collect()
}

/// Names as `useradd` takes them (shadow, `libmisc/chkname.c`).
fn named(user: &spec::User, name: &Entry<Text>, findings: &mut Findings) -> Result<User, Diagnostic> {
    let text: &str = &name.value;
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let letters = text
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'));
    if !starts || !letters || text.len() > 32 {
        let message = format!("`{text}` is not a name for a user");
        return Err(Diagnostic::error(code::INVALID_USER, name.span, message)
            .hint("use up to 32 lower-case letters, digits, `_` and `-`, and start with a letter"));
    }
    if let Some((_, ids)) = TAKEN.iter().find(|(taken, _)| *taken == text) {
        let message = format!("`{text}` is a user that Debian has");
        return Err(Diagnostic::error(code::INVALID_USER, name.span, message)
            .hint(format!("write its ids, `user: \"{ids}\"`, or a name of your own")));
    }
    let uid = user.uid.get().map_or(defaults::UID, |uid| uid.value.0);
    if let Some(zero) = user.uid.get().filter(|uid| uid.value.0 == 0) {
        findings.push(
            Diagnostic::error(code::INVALID_USER, zero.span, "uid 0 is root")
                .hint("write `user: root`, or another uid"),
        );
    }
    let home = user
        .home
        .get()
        .map(|home| path::below_root(home, "`home`"))
        .transpose();
    let home = findings.keep(home).flatten();
    Ok(User::Named {
        name: text.to_string(),
        uid,
        gid: user.gid.get().map_or(uid, |gid| gid.value.0),
        home: home.map_or_else(|| format!("{}/{text}", defaults::HOMES), |home| home.value),
        span: name.span,
    })
}

/// The owner of copied files: ids, `root`, or the user that the spec makes.
///
/// # Errors
/// For other names: nobody can know their ids before the image is there.
pub fn owner(entry: &Entry<Text>, user: &User) -> Result<(u32, u32), Diagnostic> {
    let text: &str = entry;
    match (ids(text), user) {
        (Some(Ok(ids)), _) => Ok(ids),
        (Some(Err(())), _) => Err(no_ids(entry)),
        (None, User::Named { name, uid, gid, .. }) if is_user(text, name) => Ok((*uid, *gid)),
        (None, _) => {
            let message = format!("nobody knows the id of `{text}`");
            let finding = Diagnostic::error(code::INVALID_USER, entry.span, message);
            Err(match user {
                User::Named { name, .. } => finding.hint(format!(
                    "write `{name}`, the spec's user, or ids such as `1000:1000`"
                )),
                _ => finding.hint(format!(
                    "declare `user: {text}`, or write ids such as `1000:1000`"
                )),
            })
        }
    }
}

/// `app` and `app:app`.
fn is_user(text: &str, name: &str) -> bool {
    text == name || text.split_once(':') == Some((name, name))
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_user_has_a_plain_name() {
        check_diagnostics(
            r#"
              user: My User
            #       ^^^^^^^ error[invalid-user]: `My User` is not a name for a user
            # = hint: use up to 32 lower-case letters, digits, `_` and `-`, and start with a letter
        "#,
        );
    }

    #[test]
    fn ids_are_numbers() {
        check_diagnostics(
            r#"
              user: "1000:staff"
            #       ^^^^^^^^^^^^ error[invalid-user]: `1000:staff` is neither a user id nor `uid:gid`
            # = hint: write `1000` or `1000:1000`; a name starts with a letter
        "#,
        );
    }

    #[test]
    fn a_user_has_a_name() {
        check_diagnostics(
            r#"
              user: { uid: 2000 }
            # ^^^^ error[missing-key]: `user` needs a `name`
            # = hint: write `user: app`, or `user: 1000:1000` for ids without a name
        "#,
        );
    }

    #[test]
    fn root_is_not_made() {
        check_diagnostics(
            r#"
              user: { name: root, uid: 5 }
            #                     ^^^ error[conflict]: user `root` is not made by this spec, so nothing can be said about it
            # = hint: give it a name to have it made: `user: { name: app, uid: 2000 }`
        "#,
        );
    }

    #[test]
    fn uid_zero_is_root() {
        check_diagnostics(
            r#"
              user: { name: app, uid: 0 }
            #                         ^ error[invalid-user]: uid 0 is root
            # = hint: write `user: root`, or another uid
        "#,
        );
    }

    #[test]
    fn a_home_is_absolute() {
        check_diagnostics(
            r#"
              user: { name: app, home: app }
            #                          ^^^ error[invalid-path]: `home` must be an absolute path, not `app`
            # = hint: write `/app`
        "#,
        );
    }

    #[test]
    fn a_user_of_debian_is_not_made_again() {
        check_diagnostics(
            r#"
              user: nobody
            #       ^^^^^^ error[invalid-user]: `nobody` is a user that Debian has
            # = hint: write its ids, `user: "65534:65534"`, or a name of your own
        "#,
        );
    }
}
