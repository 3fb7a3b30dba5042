//! Definitions made elsewhere.

use std::sync::Arc;

use buildkit_llb::pb;
use buildkit_llb::{Definition, Digest, Location, Meta, Output, Range, SourceInfo, merge};
use prost::Message;

use crate::graphs::{self, amd64, command, mkfile};
use crate::random::{self, Random};

fn import(definition: &pb::Definition) -> Result<Option<Output>, String> {
    Output::import(definition).map_err(|error| error.to_string())
}

fn located(name: &str) -> Meta {
    let source = SourceInfo {
        filename: name.to_owned(),
        data: b"data".to_vec(),
        ..SourceInfo::default()
    };
    let locations = vec![Location {
        source: Arc::new(source),
        ranges: vec![Range::default()],
    }];
    Meta {
        name: Some(name.to_owned()),
        locations,
        ..amd64()
    }
}

/// As an older client may send it: prost's order of fields, no platform, a capability and a field that are not known here.
fn foreign() -> pb::Definition {
    let source = pb::SourceOp {
        identifier: "local://theirs".to_owned(),
        ..pb::SourceOp::default()
    };
    let constraints = Some(pb::WorkerConstraints::default());
    let op = pb::Op {
        op: Some(pb::op::Op::Source(source)),
        constraints,
        ..pb::Op::default()
    };
    let mut bytes = op.encode_to_vec();
    bytes.extend([0xa0, 0x06, 0x01]);
    let digest = Digest::of(&bytes).to_string();
    let input = pb::Input {
        digest: digest.clone(),
        index: 0,
    };
    let last = pb::Op {
        inputs: vec![input],
        ..pb::Op::default()
    };
    let caps = [("source.of.the.future".to_owned(), true)].into();
    let metadata = pb::OpMetadata {
        caps,
        ..pb::OpMetadata::default()
    };
    pb::Definition {
        def: vec![bytes, last.encode_to_vec()],
        metadata: [(digest, metadata)].into(),
        source: None,
    }
}

#[test]
fn a_definition_of_ours_survives_the_way_there_and_back() {
    for seed in 0..100 {
        let definition = Definition::new(random::graph(&mut Random(seed), 20).last().unwrap()).unwrap();
        let decoded = Definition::decode(&definition.encode()).unwrap();
        assert_eq!(decoded, definition);
        let imported = import(decoded.as_pb()).unwrap().unwrap();
        assert_eq!(Definition::new(&imported).unwrap(), definition, "seed {seed}");
    }
}

#[test]
fn the_bytes_and_capabilities_of_foreign_ops_are_kept() {
    let foreign = foreign();
    let theirs = import(&foreign).unwrap().unwrap();
    let definition = Definition::new(&merge([theirs, mkfile("ours")], Meta::default()).unwrap()).unwrap();
    assert!(definition.as_pb().def.contains(&foreign.def[0]));
    assert!(definition.capabilities().contains("source.of.the.future"));
}

#[test]
fn a_foreign_result_may_be_another_output_than_the_first() {
    let output = graphs::exec().outputs(amd64()).mount("/out").unwrap();
    let definition = Definition::new(&output).unwrap();
    let imported = import(definition.as_pb()).unwrap().unwrap();
    assert!(
        Definition::new(&imported)
            .unwrap()
            .dump()
            .contains("\nresult: v3[1]\n")
    );
}

#[test]
fn metadata_and_locations_of_foreign_ops_are_kept_beside_ours() {
    let theirs = command(None, &["theirs"]).outputs(located("theirs.yaml")).root();
    let theirs = import(Definition::new(theirs.as_ref()).unwrap().as_pb()).unwrap();
    let ours = command(theirs, &["ours"]).outputs(located("ours.yaml")).root();
    insta::assert_snapshot!(Definition::new(ours.as_ref()).unwrap().dump());
}

#[test]
fn the_definition_of_a_source_file_is_kept() {
    let definition = Some(Definition::new(&graphs::context()).unwrap());
    let source = SourceInfo {
        filename: "a.yaml".to_owned(),
        definition,
        ..SourceInfo::default()
    };
    let locations = vec![Location {
        source: Arc::new(source),
        ranges: vec![Range::default()],
    }];
    let output = graphs::image().output(Meta { locations, ..amd64() });
    let first = Definition::new(&output).unwrap();
    let again = Definition::new(&import(first.as_pb()).unwrap().unwrap()).unwrap();
    assert_eq!(again, first);
    assert!(again.into_pb().source.unwrap().infos[0].definition.is_some());
}

#[test]
fn ops_may_come_in_any_order_and_with_others() {
    let mut definition = Definition::new(&graphs::exec().outputs(amd64()).root().unwrap())
        .unwrap()
        .into_pb();
    let expected = definition.clone();
    let ops = definition.def.len() - 1;
    definition.def[..ops].reverse();
    definition.def.insert(0, foreign().def[0].clone());
    let imported = import(&definition).unwrap().unwrap();
    assert_eq!(Definition::new(&imported).unwrap().into_pb(), expected);
}

#[test]
fn an_empty_definition_is_scratch() {
    assert!(import(&pb::Definition::default()).unwrap().is_none());
    assert_eq!(Definition::decode(&[]).unwrap(), Definition::new(None).unwrap());
    assert_eq!(Definition::new(None).unwrap().digest(), None);
}

#[test]
fn a_broken_definition_is_refused_with_the_reason() {
    let (whole, mut broken) = (foreign(), Vec::new());
    broken.push(pb::Definition {
        def: vec![vec![0xff]],
        ..whole.clone()
    });
    broken.push(pb::Definition {
        def: whole.def[1..].to_vec(),
        ..whole.clone()
    });
    broken.push(pb::Definition {
        def: whole.def[..1].to_vec(),
        ..whole.clone()
    });
    let negative = pb::Input {
        digest: Digest::of(&whole.def[0]).to_string(),
        index: -1,
    };
    let last = pb::Op {
        inputs: vec![negative],
        ..pb::Op::default()
    };
    broken.push(pb::Definition {
        def: vec![whole.def[0].clone(), last.encode_to_vec()],
        ..whole.clone()
    });
    let locations = pb::Locations {
        locations: vec![pb::Location {
            source_index: 1,
            ..pb::Location::default()
        }],
    };
    let source = pb::Source {
        locations: [("any".to_owned(), locations)].into(),
        infos: Vec::new(),
    };
    broken.push(pb::Definition {
        source: Some(source),
        ..whole
    });
    let reasons: Vec<_> = broken.iter().map(|broken| import(broken).unwrap_err()).collect();
    insta::assert_snapshot!(reasons.join("\n"));
}

#[test]
fn bytes_that_are_no_definition_are_refused() {
    assert!(Definition::decode(b"not a definition").is_err());
}
