//! What the cache knows of steps by their programs must not change with a release.

use std::collections::BTreeMap;

use modelcrate_tests::repository;
use toml::{Table, Value};

/// The crates that are compiled into the fetcher and the checker have versions of their own.
#[test]
fn no_program_that_steps_run_is_another_because_of_a_release() {
    let read = |path: &str| -> Table {
        let text = std::fs::read_to_string(repository().join(path)).expect("a file");
        text.parse().expect("TOML")
    };
    let lock = read("Cargo.lock");
    let packages = lock["package"].as_array().expect("packages").iter();
    let packages: BTreeMap<&str, &Value> = packages
        .filter_map(|found| Some((found["name"].as_str()?, found)))
        .collect();
    for (program, folder) in [
        ("modelcrate-fetcher", "fetcher"),
        ("modelcrate-checker", "checker"),
    ] {
        let manifest = read(&format!("{folder}/Cargo.toml"));
        assert!(
            manifest["package"]["version"].is_str(),
            "{program} has the workspace's version"
        );
        let needed = packages[program].get("dependencies").and_then(Value::as_array);
        let needed = needed.into_iter().flatten().filter_map(Value::as_str);
        let ours: Vec<&str> = needed
            .filter(|name| {
                packages
                    .get(name)
                    .is_some_and(|found| found.get("source").is_none())
            })
            .collect();
        assert!(
            ours.iter().all(|name| *name == "modelcrate-checker"),
            "{program} is made of {ours:?}"
        );
    }
}
