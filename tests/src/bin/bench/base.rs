//! A patch release of a base image: the same files and config, and not a byte that anyone has already.

use std::io::Write;
use std::process::Stdio;

use modelcrate_tests::{Engine, Image};
use serde_json::Value;

/// Makes the release and pushes it to the registry that mirrors Docker Hub: its name there.
pub fn renewed(engine: &Engine, base: &str) -> String {
    let name = format!("bench/{}", base.replace(['/', ':'], "-"));
    let in_registry = format!("{}/{name}", engine.registry());
    engine.ask(&["pull", "--quiet", base]);
    let config = Image::named(engine, base).config();
    let output = format!("type=image,name={in_registry},push=true,store=false");
    let mut docker = engine.docker(&[
        "buildx",
        "build",
        "--quiet",
        "--provenance=false",
        "--output",
        &output,
        "-",
    ]);
    let mut build = docker
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the client");
    let mut input = build.stdin.take().expect("a pipe");
    input
        .write_all(recipe(base, &config).as_bytes())
        .expect("the client reads");
    drop(input);
    assert!(build.wait().expect("an end").success(), "cannot make {name}");
    format!("docker.io/{name}")
}

/// All files in one new layer, and the variables and labels of the image.
fn recipe(base: &str, config: &Value) -> String {
    let variables = config["Env"].as_array().into_iter().flatten();
    let variables = variables.filter_map(|pair| pair.as_str()?.split_once('='));
    let labels = config["Labels"].as_object().into_iter().flatten();
    let labels = labels.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    let mut recipe = format!("FROM {base} AS old\nFROM scratch\nCOPY --from=old / /\n");
    for (name, value) in variables {
        recipe += &format!("ENV {name}={}\n", quoted(value));
    }
    for (name, value) in labels {
        recipe += &format!("LABEL {}={}\n", quoted(name), quoted(value));
    }
    recipe
}

fn quoted(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('$', "\\$")
    )
}
