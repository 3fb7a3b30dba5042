//! What holds for all graphs: equal graphs are equal bytes, and a vertex is there once however often it is used.

use std::collections::BTreeSet;

use buildkit_llb::pb::Op;
use buildkit_llb::{Definition, Digest, Exec, Meta, Output, Platform, Root, merge};
use prost::Message;

use crate::graphs::{self, amd64, command, context, debian, mkfile, on};
use crate::random::{self, Random};

fn definition(output: &Output) -> Definition {
    Definition::new(output).unwrap()
}

fn digest(output: &Output) -> Digest {
    output.digest().unwrap().clone()
}

#[test]
fn the_same_graph_built_again_has_the_same_bytes() {
    for seed in 0..25 {
        let build = || definition(random::graph(&mut Random(seed), 20).last().unwrap()).encode();
        let first = build();
        assert!((0..5).all(|_| build() == first), "seed {seed}");
    }
}

#[test]
fn the_order_in_which_vertices_are_made_does_not_count() {
    let (one, other) = (mkfile("one"), mkfile("other"));
    let forwards = merge([one, other], Meta::default()).unwrap();
    let (other, one) = (mkfile("other"), mkfile("one"));
    let backwards = merge([one, other], Meta::default()).unwrap();
    assert_eq!(definition(&forwards).encode(), definition(&backwards).encode());
}

#[test]
fn the_order_in_which_mounts_are_listed_does_not_count() {
    let mut random = Random(1);
    let expected = definition(&graphs::exec().outputs(amd64()).mount("/out").unwrap());
    for _ in 0..100 {
        let mut exec = graphs::exec();
        random.shuffle(&mut exec.mounts);
        assert_eq!(
            definition(&exec.outputs(amd64()).mount("/out").unwrap()),
            expected
        );
    }
}

#[test]
fn the_order_of_the_environment_counts() {
    let mut reversed = graphs::exec();
    reversed.env.reverse();
    let [one, other] = [graphs::exec(), reversed].map(|exec| digest(&exec.outputs(amd64()).root().unwrap()));
    assert_ne!(one, other);
}

#[test]
fn inputs_come_before_their_users_and_every_op_has_metadata() {
    for seed in 0..100 {
        let message = definition(random::graph(&mut Random(seed), 30).last().unwrap()).into_pb();
        let mut before = BTreeSet::new();
        for bytes in &message.def {
            let op = Op::decode(bytes.as_slice()).unwrap();
            assert!(
                op.inputs.iter().all(|input| before.contains(&input.digest)),
                "seed {seed}"
            );
            assert!(
                before.insert(Digest::of(bytes).to_string()),
                "seed {seed}: an op is there twice"
            );
        }
        assert_eq!(
            message.metadata.into_keys().collect::<BTreeSet<_>>(),
            before,
            "seed {seed}"
        );
    }
}

/// Every vertex has the one before as root and as a mount: 2 to the power of 64 ways lead to the first.
#[test]
fn shared_inputs_are_marshalled_once() {
    let mut head = debian();
    for _ in 0..64 {
        let mounts = vec![graphs::mount(
            "/before",
            buildkit_llb::MountKind::readonly(head.clone()),
        )];
        head = Exec {
            mounts,
            ..command(Some(head), &["true"])
        }
        .outputs(amd64())
        .root()
        .unwrap();
    }
    assert_eq!(definition(&head).into_pb().def.len(), 66);
}

#[test]
fn equal_vertices_made_twice_are_one_op() {
    let layers = [graphs::exec(), graphs::exec()].map(|exec| exec.outputs(amd64()).root().unwrap());
    let merged = definition(&merge(layers, Meta::default()).unwrap()).into_pb();
    let ops: BTreeSet<_> = merged.def.iter().collect();
    assert_eq!(ops.len(), merged.def.len());
}

#[test]
fn what_is_said_about_a_vertex_is_not_part_of_its_digest() {
    let said = Meta {
        name: Some("name".to_owned()),
        ignore_cache: true,
        export_cache: Some(false),
        progress_group: Some(buildkit_llb::ProgressGroup::default()),
        ..amd64()
    };
    let [one, other] = [amd64(), said].map(|meta| digest(&graphs::exec().outputs(meta).root().unwrap()));
    assert_eq!(one, other);
}

#[test]
fn an_op_differs_by_platform_only_if_its_result_does() {
    let sources: [(bool, &dyn Fn(Meta) -> Output); 8] = [
        (true, &|meta| graphs::image().output(meta)),
        (true, &|meta| graphs::oci_layout().output(meta)),
        (true, &|meta| {
            command(None, &["true"]).outputs(meta).root().unwrap()
        }),
        (false, &|meta| graphs::local().output(meta)),
        (false, &|meta| graphs::git().output(meta)),
        (false, &|meta| graphs::http().output(meta)),
        (false, &|meta| merge([context(), debian()], meta).unwrap()),
        (false, &|meta| {
            buildkit_llb::diff(Some(debian()), Some(context()), meta).unwrap()
        }),
    ];
    for (index, (differs, make)) in sources.into_iter().enumerate() {
        let [one, other] = ["linux/amd64", "linux/arm64"].map(|platform| digest(&make(on(platform))));
        assert_eq!(one != other, differs, "{index}");
    }
}

#[test]
fn a_vertex_without_a_platform_leaves_it_to_the_engine() {
    let [none, empty] = [None, Some(Platform::default())].map(|platform| {
        let output = graphs::image().output(Meta {
            platform,
            ..Meta::default()
        });
        Op::decode(definition(&output).into_pb().def[0].as_slice())
            .unwrap()
            .platform
    });
    assert_eq!((none.is_some(), empty.is_some()), (false, true));
}

#[test]
fn merging_leaves_scratch_out() {
    assert!(merge([None::<Output>, None], Meta::default()).is_none());
    let alone = merge([None, Some(debian())], Meta::default()).unwrap();
    assert_eq!(digest(&alone), digest(&debian()));
}

#[test]
fn a_difference_from_scratch_is_the_whole() {
    let whole = buildkit_llb::diff(None, Some(debian()), Meta::default()).unwrap();
    assert_eq!(digest(&whole), digest(&debian()));
    assert!(buildkit_llb::diff(None, None, Meta::default()).is_none());
}

#[test]
fn only_writable_mounts_are_outputs() {
    let outputs = graphs::exec().outputs(amd64());
    assert!(outputs.root().is_some() && outputs.mount("/out").is_some());
    for dest in ["/src", "/discard", "/cache", "/tmp", "/run/secrets/a", "/nothing"] {
        assert!(outputs.mount(dest).is_none(), "{dest}");
    }
    let readonly = Exec {
        root: Root {
            input: None,
            readonly: true,
            ..Root::default()
        },
        ..graphs::exec()
    }
    .outputs(amd64());
    assert!(readonly.root().is_none());
}
