//! Files that are made or copied without a command.

use buildkit_llb::{Action, Copy, File, Meta, Mkdir, Mkfile, Output, Owner, OwnerRef, Symlink};

use super::Lowered;
use crate::plan::{CopyAction, FileAction, MTIME};

/// The time of every file, in nanoseconds as the wire has it (buildkit `solver/llbsolver/file/backend.go`).
pub const TIMESTAMP: Option<i64> = Some(MTIME * 1_000_000_000);

/// The mode bits that the engine can give a new folder.
const PERMISSIONS: u32 = 0o777;

/// All of `actions` on an empty root.
pub(super) fn lower(lowered: &mut Lowered<'_>, actions: &[FileAction], meta: Meta) -> Option<Output> {
    lower_after(lowered, actions, None, meta)
}

/// The same files, which also name another vertex as what they come after.
pub(super) fn lower_after(
    lowered: &mut Lowered<'_>,
    actions: &[FileAction],
    after: Option<Output>,
    meta: Meta,
) -> Option<Output> {
    let is_folder = |action: &&FileAction| matches!(action, FileAction::Folder { .. });
    let folders: Vec<FileAction> = actions.iter().filter(is_folder).cloned().collect();
    let made = Meta {
        name: Some("[internal] make files and folders".into()),
        ..meta.clone()
    };
    let mut file = lowered_actions(lowered, actions, &made);
    let copies = |action: &FileAction| matches!(action, FileAction::Copy(_) | FileAction::Origin(_));
    let has_copies = after.is_some() || actions.iter().any(copies);
    file.actions
        .extend(after.map(|after| Action::Copy(nothing_of(Some(after)))));
    if folders.is_empty() {
        return Some(file.output(meta));
    }
    if !has_copies {
        let actions = vec![sealed(file.output(made))];
        return Some(File { base: None, actions }.output(meta));
    }
    // What is copied may be large, and is not copied twice: the folders alone are laid over it.
    let folders = lowered_actions(lowered, &folders, &made).output(made);
    file.actions.push(sealed(folders));
    Some(file.output(meta))
}

fn lowered_actions(lowered: &mut Lowered<'_>, actions: &[FileAction], made: &Meta) -> File {
    let mut file = File::default();
    for action in actions {
        match action {
            FileAction::Folder { path, mode, owner } if *mode > PERMISSIONS => {
                file.actions.extend(sticky(path, *mode, *owner, made.clone()));
            }
            action => file.actions.push(self::action(lowered, action)),
        }
    }
    file
}

/// A folder such as `/tmp`: the engine makes folders without the sticky bit (buildkit `solver/llbsolver/file/backend.go`,
/// `mkdir`), but gives it to one that it copies.
fn sticky(path: &str, mode: u32, owner: Option<(u32, u32)>, made: Meta) -> Vec<Action> {
    let (parent, _) = path.rsplit_once('/').unwrap_or_default();
    let folder = |path: &str| {
        Action::Mkdir(Mkdir {
            path: path.to_owned(),
            mode: 0o755,
            make_parents: true,
            owner: None,
            timestamp: TIMESTAMP,
        })
    };
    let from = File {
        base: None,
        actions: vec![folder(path)],
    };
    let copy = Action::Copy(Copy {
        from: Some(from.output(made)),
        src: path.to_owned(),
        dest: format!("{parent}/"),
        mode: Some(mode),
        owner: owner.map(ids),
        timestamp: TIMESTAMP,
        ..Copy::default()
    });
    // The copy would make what is above the folder as open as the folder.
    let above = (!parent.is_empty()).then(|| folder(parent));
    above.into_iter().chain([copy]).collect()
}

/// The engine gives a folder its time when it makes it, and what is then made inside moves that time to now. A copy sets
/// the times of folders last, of those that are there too (tonistiigi/fsutil `copy/copy.go`).
fn sealed(made: Output) -> Action {
    Action::Copy(Copy {
        from: Some(made),
        src: "/".into(),
        dest: "/".into(),
        copy_dir_contents_only: true,
        timestamp: TIMESTAMP,
        ..Copy::default()
    })
}

fn action(lowered: &mut Lowered<'_>, action: &FileAction) -> Action {
    match action {
        FileAction::Folder { path, mode, owner } => Action::Mkdir(Mkdir {
            path: path.clone(),
            mode: *mode,
            make_parents: true,
            owner: owner.map(ids),
            timestamp: TIMESTAMP,
        }),
        FileAction::File { path, mode, text } => Action::Mkfile(Mkfile {
            path: path.clone(),
            mode: *mode,
            data: text.clone().into_bytes(),
            owner: None,
            timestamp: TIMESTAMP,
        }),
        FileAction::Link { target, path } => Action::Symlink(Symlink {
            oldpath: target.clone(),
            newpath: path.clone(),
            owner: None,
            timestamp: TIMESTAMP,
        }),
        FileAction::Copy(copy) => Action::Copy(self::copy(lowered, copy)),
        FileAction::Origin(step) => Action::Copy(nothing_of(lowered.source(*step))),
    }
}

/// A copy of nothing. The engine compares copies by what they copy, so what the step makes changes nothing for the files
/// beside it.
fn nothing_of(from: Option<Output>) -> Copy {
    Copy {
        from,
        src: "/none-of-it*".into(),
        dest: "/".into(),
        follow_symlinks: true,
        copy_dir_contents_only: true,
        create_dest_path: true,
        allow_wildcard: true,
        allow_empty_wildcard: true,
        timestamp: TIMESTAMP,
        ..Copy::default()
    }
}

/// The flags of a Dockerfile's COPY (buildkit `frontend/dockerfile/dockerfile2llb/convert_copy.go`), but a path that
/// is not there is an error even when it is a wildcard.
fn copy(lowered: &mut Lowered<'_>, copy: &CopyAction) -> Copy {
    Copy {
        from: lowered.source(copy.from),
        src: copy.source.clone(),
        dest: copy.dest.clone(),
        owner: copy.owner.map(ids),
        mode: copy.mode.as_deref().and_then(octal),
        mode_str: copy.mode.clone().filter(|mode| octal(mode).is_none()),
        follow_symlinks: true,
        copy_dir_contents_only: true,
        create_dest_path: true,
        allow_wildcard: true,
        exclude: copy.exclude.clone(),
        timestamp: TIMESTAMP,
        ..Copy::default()
    }
}

/// Octal modes are numbers, which every engine takes; chmod's symbolic form came with BuildKit 0.17.
fn octal(mode: &str) -> Option<u32> {
    u32::from_str_radix(mode, 8).ok()
}

fn ids((uid, gid): (u32, u32)) -> Owner {
    Owner {
        user: Some(OwnerRef::Id(uid)),
        group: Some(OwnerRef::Id(gid)),
    }
}
