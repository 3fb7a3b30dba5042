//! The gateway against an engine in memory.

mod files;
mod image;
mod outcome;
mod solve;
mod wire;

use buildkit_llb::{Definition, Local, Location, Meta, Output, Position, Range, SourceInfo};

use super::fake_engine::FakeEngine;
use super::{Gateway, Ref};
use crate::options::Options;

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn local(name: &str) -> Output {
    let local = Local {
        name: name.to_owned(),
        session: Some("session".to_owned()),
        ..Local::default()
    };
    local.output(Meta {
        name: Some(format!("load {name}")),
        ..Meta::default()
    })
}

fn graph(output: &Output) -> Definition {
    Definition::new(output).unwrap()
}

async fn gateway(engine: &FakeEngine) -> Gateway {
    engine.gateway(&Options::default()).await
}

async fn solved(gateway: &Gateway, name: &str) -> Ref {
    gateway.solve(&graph(&local(name)), false).await.unwrap()
}

fn place() -> Location {
    let info = SourceInfo {
        filename: "modelcrate.yaml".to_owned(),
        data: b"name: x\n".to_vec(),
        language: "YAML".to_owned(),
        definition: None,
    };
    Location {
        source: std::sync::Arc::new(info),
        ranges: vec![Range {
            start: Position {
                line: 1,
                character: 6,
            },
            end: Position {
                line: 1,
                character: 7,
            },
        }],
    }
}
