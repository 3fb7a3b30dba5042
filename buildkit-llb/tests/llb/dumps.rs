//! The text of every op kind.

use buildkit_llb::Definition;

use crate::graphs;

#[test]
fn every_op_kind_is_dumped() {
    for (name, output) in graphs::all() {
        insta::assert_snapshot!(name, Definition::new(output.as_ref()).unwrap().dump());
    }
}

#[test]
fn scratch_is_dumped_as_scratch() {
    assert_eq!(Definition::new(None).unwrap().dump(), "scratch\n");
}
