//! The card of a model: what stands between two lines of dashes at the head of its `README.md`.

use serde_json::{Map, Value};

use super::commit::Commit;

/// The card as the hub tells of it; nothing where there is none.
pub(super) fn of(commit: &Commit) -> Option<Value> {
    let readme = commit.file("README.md")?.text()?;
    let (head, _) = readme.strip_prefix("---\n")?.split_once("\n---\n")?;
    let fields = head.lines().filter_map(|line| line.split_once(": "));
    let card: Map<String, Value> = fields
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    Some(Value::Object(card))
}
