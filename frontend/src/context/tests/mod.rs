//! Spec and contexts against an engine in memory.

mod local;
mod named;
mod remote;
mod spec;

use buildkit_llb::{Definition, Local, Meta, Output};

use super::{BuildContext, Context, SpecFile};
use crate::gateway::GatewayError;
use crate::gateway::fake_engine::{FakeEngine, Solved};
use crate::options::Options;

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SPEC: &str = "# syntax=modelcrate/frontend:1\nname: director\n";

fn options(given: &[&str]) -> Options {
    let numbered = given.iter().enumerate();
    let variables =
        numbered.map(|(at, option)| (format!("BUILDKIT_FRONTEND_OPT_{at}"), (*option).to_owned()));
    let session = ("BUILDKIT_SESSION_ID".to_owned(), "session".to_owned());
    Options::from_env(variables.chain([session])).unwrap()
}

/// A build that has only come to know where things are.
async fn open(engine: &FakeEngine, given: &[&str]) -> Result<BuildContext, GatewayError> {
    let mut all = vec!["filename=modelcrate.yaml"];
    all.extend(given);
    let options = options(&all);
    BuildContext::open(&engine.gateway(&options).await, &options).await
}

async fn main_context(engine: &FakeEngine, given: &[&str]) -> (SpecFile, Context) {
    let build = open(engine, given).await.unwrap();
    let spec = build.spec().await.unwrap();
    let main = build.main(&spec).await.unwrap();
    (spec, main)
}

fn local_engine() -> FakeEngine {
    FakeEngine::current().file("dockerfile", "modelcrate.yaml", SPEC)
}

/// The head of what a context gives, as the engine would see it.
async fn seen(engine: &FakeEngine, output: Option<Output>) -> Solved {
    let gateway = engine.gateway(&Options::default()).await;
    let definition = Definition::new(output.as_ref()).unwrap();
    gateway.solve(&definition, false).await.unwrap();
    engine.solved().pop().unwrap()
}

/// A graph that the client hands in.
fn linked(name: &str) -> Definition {
    let local = Local {
        name: name.to_owned(),
        session: Some("session".to_owned()),
        ..Local::default()
    };
    Definition::new(&local.output(Meta::default())).unwrap()
}

fn dump(output: Option<Output>) -> String {
    Definition::new(output.as_ref()).unwrap().dump()
}

#[test]
fn the_image_of_the_frontend_is_a_root_for_helper_steps() {
    let folder = std::env::temp_dir().join(format!("modelcrate-frontend-image-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("frontend.bin");
    assert!(
        super::frontend_image(&path).unwrap().is_none(),
        "older engines give none"
    );
    std::fs::write(&path, linked("own").encode()).unwrap();
    assert!(super::frontend_image(&path).unwrap().is_some());
    std::fs::write(&path, b"\xff\xff").unwrap();
    assert!(super::frontend_image(&path).is_err());
    std::fs::remove_dir_all(&folder).unwrap();
}
