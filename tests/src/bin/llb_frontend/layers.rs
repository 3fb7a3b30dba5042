//! Merge and diff.

use buildkit_llb::{Action, File, Mkfile, Output, Rm, diff, merge};

use crate::Graph;
use crate::bench::Bench;

pub fn graph(bench: &Bench, name: &str) -> Option<Graph> {
    Some(match name {
        "merge" => merged(bench),
        "diff" => changed(bench),
        "diff.removed" => removed(bench),
        _ => return None,
    })
}

fn with(bench: &Bench, name: &str, base: Option<Output>, path: &str, data: &str) -> Output {
    let file = Action::Mkfile(Mkfile {
        path: path.to_owned(),
        mode: 0o644,
        data: data.as_bytes().to_vec(),
        ..Mkfile::default()
    });
    File {
        base,
        actions: vec![file],
    }
    .output(bench.named(name))
}

fn scratch_is_no_graph() -> String {
    "there is nothing to look at".to_owned()
}

/// The later lies above the earlier.
fn merged(bench: &Bench) -> Graph {
    let low = with(bench, "low", None, "/both", "low");
    let only = with(bench, "low and one more", Some(low), "/low", "low");
    let high = with(bench, "high", None, "/both", "high");
    let merged =
        merge([Some(only), None, Some(high)], bench.named("merge")).ok_or_else(scratch_is_no_graph)?;
    Ok(vec![bench.look(
        "look",
        merged,
        "test $(cat /in/both) = high; test $(cat /in/low) = low",
    )?])
}

/// What a command added, without what it stood on.
fn changed(bench: &Bench) -> Graph {
    let after = bench.run("add", bench.shell("echo new >/new; echo more >>/etc/passwd"))?;
    let changes =
        diff(Some(bench.debian()), Some(after), bench.named("changes")).ok_or_else(scratch_is_no_graph)?;
    let script =
        "test $(cat /in/new) = new; grep more /in/etc/passwd; test ! -e /in/bin; test ! -e /in/etc/group";
    Ok(vec![bench.look("look", changes, script)?])
}

/// A removal is a change too, and takes effect where it is merged.
fn removed(bench: &Bench) -> Graph {
    let base = with(bench, "a file", None, "/gone", "gone");
    let rm = Action::Rm(Rm {
        path: "/gone".to_owned(),
        ..Rm::default()
    });
    let after = File {
        base: Some(with(bench, "and another", Some(base.clone()), "/kept", "kept")),
        actions: vec![rm],
    };
    let after = after.output(bench.named("remove"));
    let changes = diff(Some(base), Some(after), bench.named("changes"));
    let below = with(bench, "below", None, "/gone", "still here");
    let merged = merge([Some(below), changes], bench.named("merge")).ok_or_else(scratch_is_no_graph)?;
    Ok(vec![bench.look(
        "look",
        merged,
        "test ! -e /in/gone; test -e /in/kept",
    )?])
}
