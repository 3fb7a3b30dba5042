//! Images in an engine.

use std::process::Stdio;

use serde_json::Value;

use crate::{Engine, Output, Run, Tree};

/// An image in an engine, which is removed with the value.
#[derive(Debug)]
pub struct Image {
    /// Where it is.
    pub engine: Engine,
    /// What it is called there.
    pub name: String,
}

impl Image {
    /// The image of this name.
    pub fn named(engine: &Engine, name: &str) -> Self {
        Self {
            engine: engine.clone(),
            name: name.to_owned(),
        }
    }

    /// All that the engine knows of it.
    pub fn inspect(&self) -> Value {
        let printed = self.engine.ask(&["image", "inspect", &self.name]);
        let mut images: Value = serde_json::from_str(&printed).expect("the engine answers in JSON");
        images[0].take()
    }

    /// What containers get from it: `User`, `Env`, `Labels`, ….
    pub fn config(&self) -> Value {
        self.inspect()["Config"].take()
    }

    /// A variable of its environment.
    pub fn env(&self, name: &str) -> Option<String> {
        let config = self.config();
        let mut variables = config["Env"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        variables.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    }

    /// Digests of its layers, uncompressed, lowest first.
    pub fn layers(&self) -> Vec<String> {
        let inspected = self.inspect();
        let layers = inspected["RootFS"]["Layers"]
            .as_array()
            .expect("an image has layers");
        layers
            .iter()
            .map(|layer| layer.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Runs a container to its end.
    pub fn run(&self, run: &Run<'_>) -> Output {
        run.to_end(self)
    }

    /// All its files, which are nowhere kept: an image may have gigabytes of them.
    pub fn tree(&self) -> Tree {
        let container = self.engine.ask(&["create", &self.name, "-"]);
        let mut export = self.engine.docker(&["export", &container]);
        let mut export = export.stdout(Stdio::piped()).spawn().expect("docker starts");
        let mut archive = export.stdout.take().expect("its output");
        let tree = Tree::read(&mut archive);
        std::io::copy(&mut archive, &mut std::io::sink()).expect("the end of the archive");
        assert!(
            export.wait().expect("docker ends").success(),
            "{} is exported",
            self.name
        );
        self.engine.ask(&["rm", &container]);
        tree
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        Output::of(&mut self.engine.docker(&["image", "rm", "--force", &self.name]));
    }
}
