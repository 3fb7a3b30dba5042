//! The digests that Go's own client (buildkit v0.25.2 `client/llb`) gives the graphs of `graphs`: same op, same bytes.

use buildkit_llb::pb::Op;
use buildkit_llb::{Definition, Output};
use prost::Message;

use crate::graphs;

/// The graph, the digest of its vertex and the number of the output.
const DIGESTS: &[(&str, &str, i64)] = &[
    (
        "image",
        "sha256:f03372276b48fdb0570611f2d69a5c6b703b5d65b69404590351d597906e19f4",
        0,
    ),
    (
        "image-full",
        "sha256:98c59df43a6da5a147cbdbc182819b258bb39a5dda3304ccaa11ce7a1f7d1db3",
        0,
    ),
    (
        "local",
        "sha256:c25b49b63f1efe5f070e2dbb3439e128f0075942b81be91d46f3d08010667f5b",
        0,
    ),
    (
        "git",
        "sha256:4b2ee0b9037a8c7d6d855db8ec32b0b219046ced15752e6b676b53346c367894",
        0,
    ),
    (
        "git-ssh",
        "sha256:5217bce3c56e619313c15adfaea057453b4d75e3fb7eb2f415587c548b67a0ed",
        0,
    ),
    (
        "http",
        "sha256:aa45c728d878f4e4d1d9d384ec351e5dc6cb6b30ce83cfc51ba493875e951fb6",
        0,
    ),
    (
        "oci-layout",
        "sha256:ac6751972d567b1658d5b3a7f63f0a040c1cd484e4a5a5473555b4be2f486d46",
        0,
    ),
    (
        "exec",
        "sha256:e35fadd068acdc5fcd704ab59609ec341972cc8d3f7929db5f23fa7e2419abc2",
        0,
    ),
    (
        "exec-full",
        "sha256:96c4304b8d28f0abe78f7504f2067f1e545f726d3fd6e9df8df46abff6dbb66f",
        0,
    ),
    (
        "exec-out",
        "sha256:96c4304b8d28f0abe78f7504f2067f1e545f726d3fd6e9df8df46abff6dbb66f",
        1,
    ),
    (
        "exec-readonly-root",
        "sha256:3db4a49c49f57071d00d1e3ab76891ca5126c77d2ba1f59ca03941c67133b75b",
        0,
    ),
    (
        "copy",
        "sha256:3fbbd44a2000df66398608f2c4e01b62fc6ab73299a00329db1ded2cf4065ac8",
        0,
    ),
    (
        "copy-full",
        "sha256:68496659b8119958b1b870af84a1642fd9cdfae21ae84a29d0a227725f271830",
        0,
    ),
    (
        "copy-mode",
        "sha256:1746eefe39de459a20da2c365720dafb99f8f384df5fb0f26b7923a0e3369d5d",
        0,
    ),
    (
        "file-chain",
        "sha256:f5b35a22036ce60b945a53246066bc76fbb8af86cd5e79ccdf881af15383fc04",
        0,
    ),
    (
        "mkdir-scratch",
        "sha256:c2d0a46e3c6382e364a210db56ad5f7cbc066a8263e1c0ce93d66320b9328398",
        0,
    ),
    (
        "merge",
        "sha256:0d9f0c4b10d89fd6a5ee34a8c93aa40d35503d57eaad300343484ddb0a954254",
        0,
    ),
    (
        "diff",
        "sha256:04e21f18ef4fd1853bd75787ae736effb939b7d7e2e8d72140765a6b321dc1b0",
        0,
    ),
    (
        "diff-scratch",
        "sha256:218fd8f85ef3c14d50fd4e55ad207c0bf40cc2dc208ae9a22a12bcf6192d3603",
        0,
    ),
];

#[test]
fn every_graph_has_the_digest_that_gos_client_gives_it() {
    let ours: Vec<_> = graphs::all()
        .into_iter()
        .map(|(name, output)| result(name, output.as_ref()))
        .collect();
    let ours: Vec<_> = ours
        .iter()
        .map(|(name, digest, index)| (*name, digest.as_str(), *index))
        .collect();
    assert_eq!(ours, DIGESTS);
}

/// What the last op of the graph's definition names.
fn result(name: &'static str, output: Option<&Output>) -> (&'static str, String, i64) {
    let definition = Definition::new(output).unwrap();
    let last = Op::decode(definition.as_pb().def.last().unwrap().as_slice()).unwrap();
    let input = last.inputs[0].clone();
    assert_eq!(definition.digest().unwrap().as_str(), input.digest);
    (name, input.digest, input.index)
}
