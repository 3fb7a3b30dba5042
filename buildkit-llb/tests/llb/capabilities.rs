//! What an engine must know for each op kind.

use std::collections::BTreeSet;

use buildkit_llb::{Capability, Definition, Meta};

use crate::graphs;

/// The capabilities of each graph's last vertex, and of the definition as a whole.
#[test]
fn every_op_kind_declares_what_it_needs() {
    let listed = graphs::all().into_iter().map(|(name, output)| {
        let definition = Definition::new(output.as_ref()).unwrap();
        let head = definition.digest().unwrap().as_str();
        let own: Vec<_> = definition.as_pb().metadata[head].caps.keys().cloned().collect();
        format!("{name}: {}\n", own.join(" "))
    });
    insta::assert_snapshot!(listed.collect::<String>());
}

#[test]
fn every_capability_that_a_graph_needs_is_a_known_one() {
    for (name, output) in graphs::all() {
        let definition = Definition::new(output.as_ref()).unwrap();
        assert!(
            definition
                .capabilities()
                .iter()
                .all(|id| Capability::find(id).is_some()),
            "{name}"
        );
    }
}

#[test]
fn a_definition_declares_the_metadata_that_it_uses() {
    let needs = |meta: Meta| -> BTreeSet<String> {
        let definition = Definition::new(&graphs::local().output(meta)).unwrap();
        definition
            .capabilities()
            .into_iter()
            .filter(|id| !id.starts_with("source."))
            .map(str::to_owned)
            .collect()
    };
    let named = Meta {
        name: Some("name".to_owned()),
        ..Meta::default()
    };
    let fresh = Meta {
        ignore_cache: true,
        ..Meta::default()
    };
    let exported = Meta {
        export_cache: Some(false),
        ..Meta::default()
    };
    let with = |id: &str| {
        ["constraints", "platform", id]
            .iter()
            .map(|id| (*id).to_owned())
            .collect()
    };
    assert_eq!(needs(Meta::default()), with("platform"));
    assert_eq!(needs(named), with("meta.description"));
    assert_eq!(needs(fresh), with("meta.ignorecache"));
    assert_eq!(needs(exported), with("meta.exportcache"));
}
