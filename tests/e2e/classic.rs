//! Docker Engine 28 with its classic image store: the same image, made by copies.

use std::collections::BTreeSet;

use modelcrate_tests::{Build, Engine, Entry, Image, Project, Tree};
use serde_json::Value;

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_classic_store_gives_the_same_files_and_config_with_one_warning() {
    let project = Project::example("quickstart");
    let (merged, with_merges) = Build::of(&project).load(&Engine::main());
    let (copied, without) = Build::of(&project).load(&Engine::classic());

    assert_eq!(with_merges.warnings, []);
    let [warning] = without.warnings.as_slice() else {
        panic!("{} warnings: {:#?}", without.warnings.len(), without.warnings);
    };
    assert!(warning.short.contains("cannot merge layers"), "{}", warning.short);
    assert!(
        warning.short.contains(r#""containerd-snapshotter": true"#),
        "{}",
        warning.short
    );
    assert_eq!(config(&merged), config(&copied));
    same_files(&merged.tree(), &copied.tree());
}

fn config(image: &Image) -> Value {
    let mut inspected = image.inspect();
    let keys = ["Config", "Architecture", "Os"];
    let mut config: Value = keys
        .iter()
        .map(|key| ((*key).to_owned(), inspected[*key].take()))
        .collect();
    // The classic store writes out what is empty.
    if let Some(fields) = config["Config"].as_object_mut() {
        fields.retain(|_, value| !matches!(value, Value::Null | Value::Bool(false)) && *value != "");
    }
    config
}

/// Every path with its kind, mode, owner, size, link and content; files with their times too. Of folders, the two stores
/// keep different times: one takes no layer's word for a folder of which nothing else changed.
fn same_files(one: &Tree, other: &Tree) {
    let paths: BTreeSet<&str> = one.paths().chain(other.paths()).collect();
    let differences: Vec<String> = paths
        .into_iter()
        .filter(|path| !ENGINE_MADE.contains(path))
        .map(|path| (path, compared(one, path), compared(other, path)))
        .filter(|(_, one, other)| one != other)
        .map(|(path, one, other)| format!("{path}\n  {one:?}\n  {other:?}"))
        .collect();
    assert!(one.0.len() > 1000, "the image has files");
    assert!(
        differences.is_empty(),
        "{} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

fn compared(tree: &Tree, path: &str) -> Option<Entry> {
    let mut entry = tree.0.get(path)?.clone();
    if entry.kind.is_dir() {
        entry.mtime = 0;
    }
    Some(entry)
}

/// What the engine puts into every container.
const ENGINE_MADE: [&str; 11] = [
    "",
    "/.dockerenv",
    "/dev",
    "/dev/console",
    "/dev/pts",
    "/dev/shm",
    "/etc",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/mtab",
    "/etc/resolv.conf",
];
