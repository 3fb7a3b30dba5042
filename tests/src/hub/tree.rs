//! What a folder of a commit lists.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::commit::Commit;
use super::content::git_name;
use super::file::File;

/// Files and folders below `folder`, by path; without `recursive` those directly in it.
pub(super) fn entries(commit: &Commit, folder: &str, recursive: bool) -> Vec<Value> {
    let above = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let mut folders = BTreeSet::new();
    let mut entries = Vec::new();
    for file in &commit.files {
        let Some(below) = file.path.strip_prefix(&above) else {
            continue;
        };
        for (end, _) in below.match_indices('/') {
            folders.insert(format!("{above}{}", &below[..end]));
        }
        entries.push((file.path.clone(), of_file(file)));
    }
    entries.extend(folders.into_iter().map(|path| (path.clone(), of_folder(&path))));
    entries.retain(|(path, _)| recursive || !path[above.len()..].contains('/'));
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    entries.into_iter().map(|(_, entry)| entry).collect()
}

fn of_file(file: &File) -> Value {
    let mut entry = json!({ "type": "file", "oid": file.oid, "size": file.size, "path": file.path });
    if let Some(pointer) = &file.lfs {
        entry["lfs"] = json!({ "oid": pointer.sha256, "size": file.size, "pointerSize": pointer.size });
    }
    entry
}

fn of_folder(path: &str) -> Value {
    json!({ "type": "directory", "oid": git_name(path), "size": 0, "path": path })
}
