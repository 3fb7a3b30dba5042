//! The system below everything else: the base, its packages, the user and the folders that belong to it.

use super::{
    Action, Exec, Facts, FileAction, Keep, Key, MTIME, On, Step, StepId, Steps, Tree, apt, script_path,
};
use crate::check::{Checked, User};
use crate::source::Span;

const USER_SCRIPT: &str = include_str!("scripts/user.sh");

/// The base, its packages, the user.
pub(super) fn system(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    let mut tree = Tree::new();
    if let Some(base) = &checked.base.image {
        tree.push(steps.image("base", &base.value, base.span, On::Target));
        tree.extend(apt::install(steps, &checked.apt, &tree, &facts.image(base)));
    }
    tree.extend(owner(steps, checked, facts, &tree));
    tree
}

/// Who the image runs as, once the base is known: nobody runs as root who did not say so.
pub(super) fn user(checked: &Checked, facts: &Facts) -> User {
    let User::Inherit = &checked.user else {
        return checked.user.clone();
    };
    let base = checked
        .base
        .image
        .as_ref()
        .map(|base| facts.image(base).config.config.user);
    match base {
        Some(name) if !matches!(name.split(':').next(), None | Some("" | "root" | "0")) => User::Inherit,
        _ => User::Named {
            name: "app".into(),
            uid: 1000,
            gid: 1000,
            home: "/home/app".into(),
            span: Span::default(),
        },
    }
}

/// The step that makes the user and the folders, when there is something to make.
fn owner(steps: &mut Steps, checked: &Checked, facts: &Facts, below: &Tree) -> Option<StepId> {
    let user = user(checked, facts);
    let mut folders: Vec<String> = checked.volumes.iter().map(|path| path.value.clone()).collect();
    folders.extend(
        checked
            .workdir
            .as_ref()
            .map(|path| path.value.clone())
            .filter(|path| path != "/"),
    );
    let (name, uid, gid, home, span) = match &user {
        User::Named {
            name,
            uid,
            gid,
            home,
            span,
        } => (name.as_str(), *uid, *gid, home.as_str(), *span),
        User::Ids { uid, gid, span } => ("", *uid, *gid, "", *span),
        User::Inherit | User::Root(_) => (
            "",
            0,
            0,
            "",
            checked.workdir.as_ref().map(|path| path.span).unwrap_or_default(),
        ),
    };
    if name.is_empty() && folders.is_empty() {
        return None;
    }
    let action = if below.is_empty() {
        Action::Files(owner_files(name, uid, gid, home, &folders))
    } else {
        let mut args = vec!["/bin/sh".into(), script_path("user.sh"), MTIME.to_string()];
        args.extend([name.into(), uid.to_string(), gid.to_string(), home.into()]);
        args.extend(folders);
        Action::Exec(Exec {
            root: below.clone(),
            root_key: Key::Name,
            keep: Keep::Changes,
            args,
            env: Vec::new(),
            cwd: "/".into(),
            mounts: vec![steps.script("user", "user.sh", USER_SCRIPT, span)],
            secret_env: Vec::new(),
            network: Some(crate::check::Network::None),
        })
    };
    let title = if name.is_empty() {
        "make folders".to_owned()
    } else {
        format!("add user {name} ({uid}:{gid})")
    };
    Some(steps.add(Step {
        stage: "user",
        name: title,
        span,
        platform: On::Target,
        action,
    }))
}

/// The same on an empty root, where no shell is.
fn owner_files(name: &str, uid: u32, gid: u32, home: &str, folders: &[String]) -> Vec<FileAction> {
    let folder = |path: &str| FileAction::Folder {
        path: path.into(),
        mode: 0o755,
        owner: Some((uid, gid)),
    };
    let file = |path: &str, text: String| FileAction::File {
        path: path.into(),
        mode: 0o644,
        text,
    };
    let mut files = Vec::new();
    if !name.is_empty() {
        files.push(FileAction::Folder {
            path: "/etc".into(),
            mode: 0o755,
            owner: None,
        });
        files.push(file(
            "/etc/passwd",
            format!("root:x:0:0:root:/root:/bin/sh\n{name}:x:{uid}:{gid}::{home}:/bin/sh\n"),
        ));
        files.push(file("/etc/group", format!("root:x:0:\n{name}:x:{gid}:\n")));
        files.push(folder(home));
    }
    files.extend(folders.iter().map(|path| folder(path)));
    files
}
