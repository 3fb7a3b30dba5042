//! What is said about vertices: names, groups, places, cache.

use std::collections::BTreeMap;
use std::sync::Arc;

use buildkit_llb::{Exec, Location, Meta, Position, ProgressGroup, Range, SourceInfo};

use crate::Graph;
use crate::bench::Bench;

/// The file that the steps claim to come from.
const LINES: &str = "first\nsecond\nthird\nfourth\nfifth\nsixth\nseventh\neighth\n";

pub fn graph(bench: &Bench, name: &str) -> Option<Graph> {
    Some(match name {
        "meta.cached" => cached(bench, false),
        "meta.ignore-cache" => cached(bench, true),
        "meta.group" => group(bench),
        "meta.source-map" => source_map(bench),
        _ => return None,
    })
}

/// The same command in every build.
fn cached(bench: &Bench, ignore_cache: bool) -> Graph {
    let exec = Exec {
        env: Vec::new(),
        ..bench.shell("echo always the same")
    };
    let meta = Meta {
        ignore_cache,
        ..bench.native("the same")
    };
    let outputs = exec.outputs(meta);
    Ok(vec![outputs.root().ok_or("the root is no output")?])
}

fn group(bench: &Bench) -> Graph {
    let group = ProgressGroup {
        id: bench.arg("NONCE").to_owned(),
        name: "both as one".to_owned(),
        weak: false,
    };
    let one = |name: &str| {
        let meta = Meta {
            progress_group: Some(group.clone()),
            ..bench.native(name)
        };
        bench.shell(&format!(": {name}")).outputs(meta).root()
    };
    ["one", "other"]
        .into_iter()
        .map(|name| one(name).ok_or_else(|| "the root is no output".to_owned()))
        .collect()
}

/// A step that fails, from two places of a file.
fn source_map(bench: &Bench) -> Graph {
    let source = Arc::new(SourceInfo {
        filename: "steps.txt".to_owned(),
        data: LINES.as_bytes().to_vec(),
        language: "Text".to_owned(),
        definition: None,
    });
    let place = |first, last| Location {
        source: Arc::clone(&source),
        ranges: vec![Range {
            start: Position {
                line: first,
                character: 0,
            },
            end: Position {
                line: last,
                character: 1,
            },
        }],
    };
    let meta = Meta {
        locations: vec![place(2, 2), place(6, 7)],
        description: BTreeMap::from([("test".to_owned(), "described".to_owned())]),
        ..bench.native("fail")
    };
    let outputs = bench.shell("exit 7").outputs(meta);
    Ok(vec![outputs.root().ok_or("the root is no output")?])
}
