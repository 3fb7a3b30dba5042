//! The daemon decodes every op and writes it anew in Go's order; what it then hashes must be what we hashed.

use std::collections::BTreeSet;

use buildkit_llb::pb::{Op, op};
use buildkit_llb::{Definition, Digest, Meta, Output, merge};
use prost::Message;

use crate::graphs;
use crate::random::{self, Random};
use crate::schema::MESSAGES;
use crate::wire::in_go_order;

fn ops(output: Option<&Output>) -> Vec<Vec<u8>> {
    Definition::new(output).unwrap().into_pb().def
}

fn ops_by_chance(seed: u64) -> Vec<Vec<u8>> {
    ops(merge(random::graph(&mut Random(seed), 20), Meta::default()).as_ref())
}

#[test]
fn the_daemon_writes_every_op_kind_as_we_do() {
    for (name, output) in graphs::all() {
        for bytes in ops(output.as_ref()) {
            assert_eq!(in_go_order("Op", &bytes), bytes, "{name}");
        }
    }
}

#[test]
fn the_daemon_writes_ops_made_by_chance_as_we_do() {
    let mut kinds = BTreeSet::new();
    for seed in 0..300 {
        for bytes in ops_by_chance(seed) {
            assert_eq!(
                Digest::of(&in_go_order("Op", &bytes)),
                Digest::of(&bytes),
                "seed {seed}"
            );
            kinds.insert(kind(&bytes));
        }
    }
    assert_eq!(
        kinds,
        BTreeSet::from(["diff", "exec", "file", "merge", "result", "source"])
    );
}

/// The order in which prost writes an `Op` is not the daemon's: without our own order the tests above would fail.
#[test]
fn the_order_of_prost_is_not_the_order_of_go() {
    let bytes = ops(Some(&graphs::debian())).swap_remove(0);
    let in_order_of_numbers = Op::decode(bytes.as_slice()).unwrap().encode_to_vec();
    assert_ne!(in_order_of_numbers, bytes);
    assert_eq!(in_go_order("Op", &in_order_of_numbers), bytes);
}

/// `Op` is the one message in which Go's order and that of the numbers differ.
#[test]
fn in_all_messages_but_op_the_fields_of_a_oneof_have_the_highest_numbers() {
    for (name, fields) in MESSAGES.iter().filter(|(name, _)| *name != "Op") {
        let lowest = fields
            .iter()
            .filter(|field| field.oneof)
            .map(|field| field.number)
            .min();
        let highest = fields
            .iter()
            .filter(|field| !field.oneof)
            .map(|field| field.number)
            .max();
        assert!(lowest.is_none() || lowest > highest, "{name}");
    }
}

#[test]
fn no_attribute_of_a_source_has_an_empty_value() {
    for seed in 0..300 {
        for output in random::graph(&mut Random(seed), 6) {
            for bytes in ops(Some(&output)) {
                if let Some(op::Op::Source(source)) = Op::decode(bytes.as_slice()).unwrap().op {
                    assert!(
                        source
                            .attrs
                            .iter()
                            .all(|(key, value)| !key.is_empty() && !value.is_empty())
                    );
                }
            }
        }
    }
}

fn kind(bytes: &[u8]) -> &'static str {
    match Op::decode(bytes).unwrap().op {
        Some(op::Op::Source(_)) => "source",
        Some(op::Op::Exec(_)) => "exec",
        Some(op::Op::File(_)) => "file",
        Some(op::Op::Merge(_)) => "merge",
        Some(op::Op::Diff(_)) => "diff",
        Some(op::Op::Build(_)) => "build",
        None => "result",
    }
}
