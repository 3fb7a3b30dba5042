use super::{Names, Text, flag, plain, unless};
use crate::digest::Digest;
use crate::pb;
use crate::pb::file_action::Action;

/// The most bytes of a new file that are shown; of more, the digest is.
const SHOWN: usize = 400;

/// The lines of file operations.
pub(super) fn dump(text: &mut Text, op: &pb::Op, file: &pb::FileOp, names: &Names) {
    let base = file.actions.first().map_or(-1, |action| action.input);
    text.line("base", names.input(op, base));
    for action in &file.actions {
        match &action.action {
            Some(Action::Copy(copy)) => text.words("copy", words_of_copy(op, action, copy, names)),
            Some(Action::Mkfile(mkfile)) => text.words("mkfile", words_of_mkfile(op, mkfile, names)),
            Some(Action::Mkdir(mkdir)) => text.words("mkdir", words_of_mkdir(op, mkdir, names)),
            Some(Action::Rm(rm)) => text.words("rm", words_of_rm(rm)),
            Some(Action::Symlink(link)) => text.words("symlink", words_of_symlink(op, link, names)),
            None => text.line("unknown action", "yes"),
        }
    }
}

fn words_of_copy(
    op: &pb::Op,
    action: &pb::FileAction,
    copy: &pb::FileActionCopy,
    names: &Names,
) -> Vec<String> {
    let from = names.input(op, action.secondary_input);
    let mode = if copy.mode_str.is_empty() {
        octal(copy.mode)
    } else {
        format!("mode={}", copy.mode_str)
    };
    let flags = [
        (copy.follow_symlink, "follow-symlinks"),
        (copy.dir_copy_contents, "contents-only"),
        (copy.attempt_unpack_docker_compatibility, "unpack"),
        (copy.create_dest_path, "create-dest-path"),
        (copy.allow_wildcard, "wildcard"),
        (copy.allow_empty_wildcard, "empty-wildcard"),
        (copy.always_replace_existing_dest_paths, "always-replace"),
    ];
    let start = [
        format!("{from}:{}", plain(&copy.src)),
        "->".to_owned(),
        plain(&copy.dest),
        mode,
    ];
    let lists = [
        list("include", &copy.include_patterns),
        list("exclude", &copy.exclude_patterns),
    ];
    let flags = flags.into_iter().map(|(on, word)| flag(on, word));
    let end = [owner(op, copy.owner.as_ref(), names), time(copy.timestamp)];
    start.into_iter().chain(flags).chain(lists).chain(end).collect()
}

fn words_of_mkfile(op: &pb::Op, mkfile: &pb::FileActionMkFile, names: &Names) -> Vec<String> {
    let owner = owner(op, mkfile.owner.as_ref(), names);
    vec![
        plain(&mkfile.path),
        octal(mkfile.mode),
        owner,
        time(mkfile.timestamp),
        data(&mkfile.data),
    ]
}

fn words_of_mkdir(op: &pb::Op, mkdir: &pb::FileActionMkDir, names: &Names) -> Vec<String> {
    let (owner, parents) = (
        owner(op, mkdir.owner.as_ref(), names),
        flag(mkdir.make_parents, "parents"),
    );
    vec![
        plain(&mkdir.path),
        octal(mkdir.mode),
        parents,
        owner,
        time(mkdir.timestamp),
    ]
}

fn words_of_rm(rm: &pb::FileActionRm) -> Vec<String> {
    vec![
        plain(&rm.path),
        flag(rm.allow_not_found, "allow-not-found"),
        flag(rm.allow_wildcard, "wildcard"),
    ]
}

fn words_of_symlink(op: &pb::Op, link: &pb::FileActionSymlink, names: &Names) -> Vec<String> {
    let owner = owner(op, link.owner.as_ref(), names);
    vec![
        plain(&link.newpath),
        "->".to_owned(),
        plain(&link.oldpath),
        owner,
        time(link.timestamp),
    ]
}

fn owner(op: &pb::Op, owner: Option<&pb::ChownOpt>, names: &Names) -> String {
    let Some(owner) = owner else { return String::new() };
    let (user, group) = (
        user(op, owner.user.as_ref(), names),
        user(op, owner.group.as_ref(), names),
    );
    let separator = flag(!group.is_empty(), ":");
    format!("owner={user}{separator}{group}")
}

fn user(op: &pb::Op, user: Option<&pb::UserOpt>, names: &Names) -> String {
    match user.and_then(|user| user.user.as_ref()) {
        Some(pb::user_opt::User::ById(id)) => id.to_string(),
        Some(pb::user_opt::User::ByName(user)) => format!("{}@{}", user.name, names.input(op, user.input)),
        None => String::new(),
    }
}

fn octal(mode: i32) -> String {
    if mode < 0 {
        String::new()
    } else {
        format!("mode={mode:#o}")
    }
}

fn time(timestamp: i64) -> String {
    unless(-1, "timestamp", timestamp)
}

fn list(word: &str, items: &[String]) -> String {
    if items.is_empty() {
        String::new()
    } else {
        format!("{word}={}", serde_json::Value::from(items))
    }
}

fn data(data: &[u8]) -> String {
    match std::str::from_utf8(data) {
        Ok(text) if text.len() <= SHOWN => serde_json::Value::from(text).to_string(),
        _ => format!("{} bytes {}", data.len(), Digest::of(data)),
    }
}
