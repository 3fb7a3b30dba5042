//! What is said about vertices.

use super::solve::{Vertex, graph};

const CACHED: &str = "the same";

fn ran<'a>(vertices: &'a [Vertex], name: &str) -> &'a Vertex {
    let mut named = vertices
        .iter()
        .filter(|vertex| vertex.name == name && vertex.completed);
    named
        .next_back()
        .unwrap_or_else(|| panic!("no vertex `{name}` in {vertices:#?}"))
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_known_result_is_taken_unless_the_cache_is_ignored() {
    graph("meta.cached").passes();
    let again = graph("meta.cached").passes();
    assert!(ran(&again, CACHED).cached);
    let ignored = graph("meta.ignore-cache").passes();
    assert!(!ran(&ignored, CACHED).cached);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_progress_group_arrives_with_its_members() {
    let vertices = graph("meta.group").passes();
    for name in ["one", "other"] {
        assert_eq!(ran(&vertices, name).group.as_deref(), Some("both as one"));
    }
}

/// testSourceMap: every place of a failing step is shown, in order.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn source_map() {
    let output = graph("meta.source-map").fails();
    let frames = "\
steps.txt:2
--------------------
   1 |     first
   2 | >>> second
   3 |     third
   4 |     fourth
--------------------
steps.txt:6
--------------------
   5 |     fifth
   6 | >>> sixth
   7 | >>> seventh
   8 |     eighth
--------------------
";
    assert!(output.contains(frames), "{output}");
    assert!(
        output.contains("did not complete successfully: exit code: 7"),
        "{output}"
    );
}
