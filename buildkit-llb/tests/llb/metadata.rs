//! Names, progress groups, cache switches and source locations.

use std::sync::Arc;

use buildkit_llb::{Definition, Location, Meta, Position, ProgressGroup, Range, SourceInfo, merge};

use crate::graphs::{amd64, context, image};

fn file(filename: &str) -> Arc<SourceInfo> {
    let data = b"name: app\nbase: debian\n".to_vec();
    Arc::new(SourceInfo {
        filename: filename.to_owned(),
        data,
        language: "YAML".to_owned(),
        definition: None,
    })
}

fn lines(source: Arc<SourceInfo>, start: i32, end: i32) -> Location {
    let position = |line| Position { line, character: 2 };
    Location {
        source,
        ranges: vec![Range {
            start: position(start),
            end: position(end),
        }],
    }
}

fn named(name: &str, locations: Vec<Location>) -> Meta {
    Meta {
        name: Some(name.to_owned()),
        locations,
        ..amd64()
    }
}

#[test]
fn what_is_said_about_vertices_is_dumped() {
    let group = ProgressGroup {
        id: "group-1".to_owned(),
        name: "joins layers".to_owned(),
        weak: true,
    };
    let description = [("com.example.command".to_owned(), "RUN true".to_owned())].into();
    let progress_group = Some(group);
    let base = image().output(Meta {
        description,
        ..named("[base] cuda", vec![lines(file("app.yaml"), 2, 2)])
    });
    let meta = Meta {
        ignore_cache: true,
        export_cache: Some(false),
        progress_group,
        ..named("merge", Vec::new())
    };
    insta::assert_snapshot!(
        Definition::new(merge([base, context()], meta).as_ref())
            .unwrap()
            .dump()
    );
}

#[test]
fn equal_files_are_sent_once() {
    let one = image().output(named("one", vec![lines(file("app.yaml"), 1, 1)]));
    let other = merge(
        [one, context()],
        named("other", vec![lines(file("app.yaml"), 2, 2)]),
    );
    let third = merge(
        [other.unwrap(), context()],
        named("third", vec![lines(file("base.yaml"), 1, 2)]),
    );
    let source = Definition::new(third.as_ref()).unwrap().into_pb().source.unwrap();
    let files: Vec<_> = source.infos.iter().map(|info| info.filename.as_str()).collect();
    assert_eq!(files, ["app.yaml", "base.yaml"]);
    assert_eq!(source.locations.len(), 3);
}

#[test]
fn one_op_made_in_two_places_has_both_places_and_says_all() {
    let app = file("app.yaml");
    let one = image().output(named("one", vec![lines(Arc::clone(&app), 1, 1)]));
    let meta = Meta {
        ignore_cache: true,
        ..named("other", vec![lines(Arc::clone(&app), 2, 2)])
    };
    let (other, again) = (
        image().output(meta),
        image().output(named("other", vec![lines(app, 2, 2)])),
    );
    let merged = merge([one, other, again], Meta::default());
    insta::assert_snapshot!(Definition::new(merged.as_ref()).unwrap().dump());
}

#[test]
fn locations_go_by_the_digest_of_their_vertex() {
    let output = image().output(named("one", vec![lines(file("app.yaml"), 1, 2)]));
    let definition = Definition::new(&output).unwrap();
    let head = definition.digest().unwrap().to_string();
    let source = definition.as_pb().source.as_ref().unwrap();
    assert_eq!(source.locations.keys().collect::<Vec<_>>(), [&head]);
    assert_eq!(
        source.locations[&head].locations[0].ranges[0].end.unwrap().line,
        2
    );
}

#[test]
fn a_graph_without_locations_has_no_source_map() {
    assert_eq!(Definition::new(&context()).unwrap().into_pb().source, None);
}
