//! Graphs that are deeper than a stack.

use buildkit_llb::{Definition, Output};

use crate::graphs::{amd64, command, debian};

/// The depth of the chain, and a stack that would not hold a call for each of its vertices.
const DEPTH: usize = 10_000;
const STACK: usize = 128 << 10;

#[test]
fn a_chain_of_10_000_vertices_is_made_marshalled_imported_and_dropped_on_a_small_stack() {
    let on_small_stack = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        let head = chain();
        let definition = Definition::new(&head).unwrap();
        let imported = Output::import(definition.as_pb()).unwrap().unwrap();
        let again = Definition::new(&imported).unwrap();
        drop((head, imported));
        (definition.as_pb().def.len(), definition == again)
    });
    assert_eq!(on_small_stack.unwrap().join().unwrap(), (DEPTH + 2, true));
}

fn chain() -> Output {
    (0..DEPTH).fold(debian(), |head, step| {
        command(Some(head), &["step", &step.to_string()])
            .outputs(amd64())
            .root()
            .unwrap()
    })
}
