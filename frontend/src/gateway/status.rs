//! Errors that clients draw: a `google.rpc.Status` whose details are JSON (buildkit util/grpcerrors/grpcerrors.go).

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bollard_buildkit_proto::google::protobuf::Any;
use bollard_buildkit_proto::google::rpc::Status;
use bollard_buildkit_proto::pb;
use buildkit_llb::{Location, Range};
use serde_json::{Map, Value, json};

use super::error::CODE_UNKNOWN;
use crate::diagnostic::listed;

/// gRPC `Unimplemented`, which clients expect with a missing frontend capability.
const CODE_UNIMPLEMENTED: i32 = 12;

/// An error at places of the user's files: the client draws each with its lines, above `message`.
///
/// Without a place the builtin frontend would draw the `# syntax=` line instead, so give one wherever there is one.
pub fn located_error(message: impl Into<String>, places: &[Location]) -> Status {
    Status {
        code: CODE_UNKNOWN,
        message: message.into(),
        details: places.iter().map(place_detail).collect(),
    }
}

/// The answer to a subrequest that is not known; buildx asks for this very type (buildkit solver/errdefs/subrequest.go).
///
/// Clients put `unsupported request NAME: ` in front, so the message says only what to do.
pub fn unsupported_subrequest(id: &str, known: &[&str]) -> Status {
    Status {
        code: CODE_UNKNOWN,
        message: format!("this frontend answers {}", listed(known)),
        details: vec![detail("errdefs.Subrequest+json", &json!({ "name": id }))],
    }
}

/// The answer to a client that needs `name` of its frontend (buildkit solver/errdefs/frontendcap.go).
///
/// Clients put `unsupported frontend capability NAME: ` in front.
pub fn unsupported_frontend_cap(name: &str) -> Status {
    Status {
        code: CODE_UNIMPLEMENTED,
        message: "the client needs it of the frontend, and this one does not have it".to_owned(),
        details: vec![detail("errdefs.FrontendCap+json", &json!({ "name": name }))],
    }
}

/// The detail that makes clients draw this place.
pub(super) fn place_detail(place: &Location) -> Any {
    detail("errdefs.Source+json", &source(place))
}

fn detail(kind: &str, value: &Value) -> Any {
    Any {
        type_url: format!("github.com/moby/buildkit/{kind}"),
        value: value.to_string().into_bytes(),
    }
}

/// `errdefs.Source` as Go's `encoding/json` writes it: the names of the struct tags, zero values left out.
fn source(place: &Location) -> Value {
    let info = &place.source;
    let mut fields = Map::new();
    fields.insert("filename".to_owned(), json!(info.filename));
    fields.insert("data".to_owned(), json!(BASE64.encode(&info.data)));
    if let Some(graph) = &info.definition {
        fields.insert("definition".to_owned(), definition(graph.as_pb()));
    }
    fields.insert("language".to_owned(), json!(info.language));
    let ranges: Vec<Value> = place.ranges.iter().map(range).collect();
    json!({ "info": fields, "ranges": ranges })
}

fn range(range: &Range) -> Value {
    let position = |line: i32, character: i32| {
        if character == 0 {
            json!({ "line": line })
        } else {
            json!({ "line": line, "character": character })
        }
    };
    json!({
        "start": position(range.start.line, range.start.character),
        "end": position(range.end.line, range.end.character),
    })
}

/// `pb.Definition`; the vertex names and capabilities are all that a client could use of the metadata.
fn definition(graph: &pb::Definition) -> Value {
    let ops: Vec<String> = graph.def.iter().map(|op| BASE64.encode(op)).collect();
    let metadata: Map<String, Value> = graph
        .metadata
        .iter()
        .map(|(digest, meta)| {
            (
                digest.clone(),
                json!({ "description": meta.description, "caps": meta.caps }),
            )
        })
        .collect();
    json!({ "def": ops, "metadata": metadata })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use buildkit_llb::{Position, SourceInfo};

    use super::*;

    fn place(line: i32, character: i32) -> Location {
        let info = SourceInfo {
            filename: "modelcrate.yaml".to_owned(),
            data: b"name: x\nbasee: y\n".to_vec(),
            language: "YAML".to_owned(),
            definition: None,
        };
        Location {
            source: Arc::new(info),
            ranges: vec![Range {
                start: Position { line, character },
                end: Position { line, character: 0 },
            }],
        }
    }

    #[test]
    fn errors_source_map_has_a_detail_for_every_place() {
        let error = located_error("unknown key `basee`", &[place(2, 3), place(1, 0)]);
        assert_eq!((error.code, error.details.len()), (2, 2));
        assert_eq!(
            error.details[0].type_url,
            "github.com/moby/buildkit/errdefs.Source+json"
        );
        let sent: Value = serde_json::from_slice(&error.details[0].value).unwrap();
        assert_eq!(
            sent,
            json!({
                "info": {
                    "filename": "modelcrate.yaml",
                    "data": "bmFtZTogeApiYXNlZTogeQo=",
                    "language": "YAML",
                },
                "ranges": [{ "start": { "line": 2, "character": 3 }, "end": { "line": 2 } }],
            })
        );
    }

    #[test]
    fn frontend_subrequests_unknown_names_are_typed_errors() {
        let error = unsupported_subrequest("frontend.nope", &["lint", "plan"]);
        assert_eq!(error.code, 2);
        assert_eq!(error.message, "this frontend answers `lint` and `plan`");
        assert_eq!(error.details[0].value, br#"{"name":"frontend.nope"}"#);
        let error = unsupported_frontend_cap("moby.buildkit.frontend.nope");
        assert_eq!(error.code, 12);
        assert_eq!(
            error.details[0].type_url,
            "github.com/moby/buildkit/errdefs.FrontendCap+json"
        );
    }
}
