//! One solve of a graph of the test frontend.

use std::collections::BTreeSet;
use std::path::Path;

use modelcrate_tests::buildx::{Buildx, test_frontend};
use modelcrate_tests::nonce::nonce;
use serde_json::Value;
use tempfile::TempDir;

/// A build of one graph that has not run yet.
pub struct Solve {
    build: Buildx,
    nonce: String,
}

/// A vertex as the engine reported it.
#[derive(Debug, Default)]
pub struct Vertex {
    pub digest: String,
    pub name: String,
    pub completed: bool,
    pub cached: bool,
    /// The line that stands for it and others.
    pub group: Option<String>,
}

/// The graph of this name.
pub fn graph(name: &str) -> Solve {
    let build = Buildx::bare()
        .argument("BUILDKIT_SYNTAX", test_frontend())
        .argument("GRAPH", name);
    Solve {
        build,
        nonce: nonce(),
    }
}

impl Solve {
    /// A build argument.
    pub fn argument(self, name: &str, value: &str) -> Self {
        self.change(|build| build.argument(name, value))
    }

    /// The script that looks at a source.
    pub fn script(self, script: &str) -> Self {
        self.argument("SCRIPT", script)
    }

    /// A secret of the client.
    pub fn secret(self, id: &str, value: &str) -> Self {
        self.change(|build| build.secret(id, value))
    }

    /// Further flags of `docker buildx build`.
    pub fn flags(self, flags: &[&str]) -> Self {
        self.change(|build| build.flags(flags))
    }

    /// The build context.
    pub fn folder(self, folder: &Path) -> Self {
        self.change(|build| build.context(&folder.display().to_string()))
    }

    /// Builds with the same nonce have the same steps.
    pub fn nonce(mut self, nonce: &str) -> Self {
        nonce.clone_into(&mut self.nonce);
        self
    }

    /// Runs it, and compares the digests of both sides: the vertices that the engine ran.
    pub fn passes(self) -> Vec<Vertex> {
        let (vertices, computed) = self.both();
        assert!(
            !vertices.is_empty() || computed.is_empty(),
            "no vertex of the graph was reported"
        );
        vertices
    }

    /// The same for a graph that the frontend only reads from: such a build can end before the engine has reported
    /// anything of it.
    pub fn reads(self) -> Vec<Vertex> {
        self.both().0
    }

    fn both(self) -> (Vec<Vertex>, BTreeSet<String>) {
        let folder = TempDir::new().expect("a folder");
        let metadata = folder.path().join("metadata.json");
        let prefix = format!("graph {}: ", self.nonce);
        let built = self
            .flags(&["--metadata-file", &metadata.display().to_string()])
            .build()
            .raw_json()
            .run();
        assert!(metadata.exists(), "{}", words(&built.seen));
        let (vertices, computed) = (vertices(&built.seen, &prefix), computed(&metadata));
        compare(&vertices, &computed);
        (vertices, computed)
    }

    /// Runs it and sees it fail: what the user sees.
    pub fn fails(self) -> String {
        self.build().fails()
    }

    fn change(mut self, change: impl FnOnce(Buildx) -> Buildx) -> Self {
        self.build = change(self.build);
        self
    }

    fn build(self) -> Buildx {
        self.build.argument("NONCE", &self.nonce)
    }
}

/// The digests that `buildkit-llb` computed.
fn computed(metadata: &Path) -> BTreeSet<String> {
    let metadata = std::fs::read(metadata).expect("the metadata of the build");
    let metadata: Value = serde_json::from_slice(&metadata).expect("JSON");
    let digests = metadata["frontend.vertices"].as_str().expect("the digests");
    serde_json::from_str(digests).expect("a list")
}

/// Every vertex of the graph that the engine ran has a digest that was computed.
fn compare(ran: &[Vertex], computed: &BTreeSet<String>) {
    for vertex in ran {
        assert!(
            computed.contains(&vertex.digest),
            "{vertex:?} is none of {computed:#?}"
        );
    }
}

fn statuses(reported: &str) -> impl Iterator<Item = Value> {
    reported
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
}

/// The vertices whose names begin like this, and the rest of their names.
fn vertices(reported: &str, prefix: &str) -> Vec<Vertex> {
    let reported = statuses(reported).flat_map(|status| list(&status["vertexes"]));
    reported
        .filter_map(|vertex| self::vertex(&vertex, prefix))
        .collect()
}

fn vertex(reported: &Value, prefix: &str) -> Option<Vertex> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Some(Vertex {
        digest: text(&reported["digest"])?,
        name: reported["name"].as_str()?.strip_prefix(prefix)?.to_owned(),
        completed: reported["completed"].is_string(),
        cached: reported["cached"] == true,
        group: text(&reported["progressGroup"]["name"]),
    })
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// What a person would have seen of a build that was reported as JSON: errors, and all that is no JSON.
fn words(reported: &str) -> String {
    let errors = statuses(reported)
        .flat_map(|status| list(&status["vertexes"]))
        .filter_map(|vertex| Some(format!("{}: {}", vertex["name"], vertex.get("error")?)));
    let plain = reported
        .lines()
        .filter(|line| !line.starts_with('{'))
        .map(str::to_owned);
    errors.chain(plain).collect::<Vec<_>>().join("\n")
}
