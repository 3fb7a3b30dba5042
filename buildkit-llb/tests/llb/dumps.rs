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

/// Programs are told the same.
#[test]
fn the_json_of_every_op_kind_says_what_its_text_says() {
    for (name, output) in graphs::all() {
        let definition = Definition::new(output.as_ref()).unwrap();
        let (json, text) = (definition.json(), definition.dump());
        let vertices = json["vertices"].as_array().unwrap();
        assert_eq!(vertices.len() + 1, definition.as_pb().def.len().max(1), "{name}");
        for vertex in vertices {
            let word = |key: &str| vertex[key].as_str().unwrap();
            assert!(
                text.contains(&format!("{} = {}\n", word("name"), word("is"))),
                "{name}"
            );
            assert!(definition.as_pb().metadata.contains_key(word("digest")), "{name}");
            for said in vertex["said"].as_array().unwrap() {
                assert!(
                    text.contains(&format!("\n  {}: ", said["key"].as_str().unwrap())),
                    "{name}: {said}"
                );
            }
        }
    }
    let scratch = serde_json::json!({ "vertices": [], "result": [], "needs": [] });
    assert_eq!(Definition::new(None).unwrap().json(), scratch);
}
