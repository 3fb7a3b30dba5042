//! The client's events (`--progress=rawjson`): BuildKit's `SolveStatus` as lines of JSON (buildkit `client/graph.go`).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// How the client tells of the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Text, as users see it in CI.
    Plain,
    /// Events, from which the fields of [`Built`](crate::Built) are read.
    Events,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Vertex {
    /// Its identity in this graph.
    pub digest: String,
    /// What it stands on.
    pub inputs: Vec<String>,
    /// What the user sees.
    pub name: String,
    /// When it began, if it did.
    pub started: Option<DateTime<Utc>>,
    /// When it ended, if it did.
    pub completed: Option<DateTime<Utc>>,
    /// Its result came out of a cache, or another build made it.
    pub cached: bool,
    /// Why it failed.
    pub error: String,
}

/// A warning of the frontend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The first line.
    pub short: String,
    /// The lines below it.
    pub detail: Vec<String>,
}

/// Everything that was told of a build.
#[derive(Debug, Clone, Default)]
pub(crate) struct Events {
    pub vertices: Vec<Vertex>,
    pub warnings: Vec<Warning>,
    pub log: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    vertexes: Vec<Vertex>,
    logs: Vec<Log>,
    warnings: Vec<WireWarning>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Log {
    data: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WireWarning {
    short: String,
    detail: Vec<String>,
}

impl Progress {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Events => "rawjson",
        }
    }
}

impl Vertex {
    /// It did work in this build: it stands on something, and did not come out of a cache. Sources and small files that
    /// stand on nothing are looked at in every build.
    pub fn ran(&self) -> bool {
        self.completed.is_some() && !self.cached && !self.inputs.is_empty()
    }

    /// Takes what was told later. Only the first word on a vertex names its inputs, and fetching the layers of one that
    /// came out of a cache is told as if it ran.
    fn update(&mut self, later: Self) {
        let inputs = std::mem::take(&mut self.inputs);
        let cached = self.cached;
        *self = later;
        self.cached |= cached;
        if self.inputs.is_empty() {
            self.inputs = inputs;
        }
    }
}

/// Reads all lines that are events, of a build that began at a time of this machine. A vertex is told of several times; the
/// last word counts.
pub(crate) fn read(stderr: &str, began: DateTime<Utc>) -> Events {
    let mut events = Events::default();
    let mut log = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for line in stderr.lines().filter(|line| line.starts_with('{')) {
        let Ok(line) = serde_json::from_str::<Line>(line) else {
            continue;
        };
        for mut vertex in line.vertexes {
            // While a build that did the step goes on, the engine tells its events to every other one with that step.
            vertex.cached |= vertex.started.is_some_and(|started| started < began);
            match places.get(&vertex.digest) {
                Some(place) => events.vertices[*place].update(vertex),
                None => {
                    places.insert(vertex.digest.clone(), events.vertices.len());
                    events.vertices.push(vertex);
                }
            }
        }
        events
            .warnings
            .extend(line.warnings.into_iter().map(Warning::from));
        log.extend(line.logs.iter().flat_map(|log| decoded(&log.data)));
    }
    events.log = String::from_utf8_lossy(&log).into_owned();
    events
}

impl From<WireWarning> for Warning {
    fn from(wire: WireWarning) -> Self {
        let text = |base64: &String| String::from_utf8_lossy(&decoded(base64)).into_owned();
        Self {
            short: text(&wire.short),
            detail: wire.detail.iter().map(text).collect(),
        }
    }
}

/// Go writes bytes as base64.
fn decoded(text: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text).expect("bytes are in base64")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_build_did_before_did_not_run() {
        let line = |digest: &str, second: u32| {
            format!(
                r#"{{"vertexes":[{{"digest":"{digest}","inputs":["base"],"started":"2026-01-02T03:04:{second:02}.5Z","completed":"2026-01-02T03:04:59Z"}}]}}"#
            )
        };
        let began = "2026-01-02T03:04:30Z".parse().expect("a time");
        let events = read(&[line("theirs", 29), line("ours", 30)].join("\n"), began);
        let ran: Vec<&str> = events
            .vertices
            .iter()
            .filter(|vertex| vertex.ran())
            .map(|vertex| vertex.digest.as_str())
            .collect();
        assert_eq!(ran, ["ours"]);
    }
}
