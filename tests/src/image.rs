//! Images in an engine.

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

    /// All its files.
    pub fn tree(&self) -> Tree {
        let container = self.engine.ask(&["create", &self.name, "-"]);
        let dir = tempfile::tempdir().expect("a temporary folder");
        let tar = dir.path().join("files.tar");
        self.engine
            .ask(&["export", "--output", &tar.display().to_string(), &container]);
        self.engine.ask(&["rm", &container]);
        Tree::read(std::fs::File::open(tar).expect("the exported files"))
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        Output::of(&mut self.engine.docker(&["image", "rm", "--force", &self.name]));
    }
}
