use std::collections::BTreeMap;
use std::sync::Arc;

use crate::definition::Definition;
use crate::digest::Digest;
use crate::pb;

/// A file that vertices come from, whole: an engine prints its lines when a step fails
/// (buildkit `solver/pb/ops.proto: SourceInfo`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceInfo {
    /// The name shown above the lines.
    pub filename: String,
    /// The whole file.
    pub data: Vec<u8>,
    /// The language by its name in GitHub's linguist, `YAML` for one.
    pub language: String,
    /// The graph that the file itself was read from, if it was.
    pub definition: Option<Definition>,
}

/// A place in a file that a vertex comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// The file. Share one `Arc` among the vertices of a graph; equal files are sent once in any case.
    pub source: Arc<SourceInfo>,
    /// The parts of the file.
    pub ranges: Vec<Range>,
}

/// A part of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// Where it begins.
    pub start: Position,
    /// Where it ends. An end before the start counts as the start (buildkit `solver/errdefs/source.go`).
    pub end: Position,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: i32,
    /// The column, from 0. BuildKit keeps it and shows lines only.
    pub character: i32,
}

impl From<Range> for pb::Range {
    fn from(range: Range) -> Self {
        Self {
            start: Some(range.start.into()),
            end: Some(range.end.into()),
        }
    }
}

impl From<&pb::Range> for Range {
    fn from(range: &pb::Range) -> Self {
        Self {
            start: range.start.unwrap_or_default().into(),
            end: range.end.unwrap_or_default().into(),
        }
    }
}

impl From<Position> for pb::Position {
    fn from(position: Position) -> Self {
        Self {
            line: position.line,
            character: position.character,
        }
    }
}

impl From<pb::Position> for Position {
    fn from(position: pb::Position) -> Self {
        Self {
            line: position.line,
            character: position.character,
        }
    }
}

impl From<&SourceInfo> for pb::SourceInfo {
    fn from(info: &SourceInfo) -> Self {
        Self {
            filename: info.filename.clone(),
            data: info.data.clone(),
            definition: info.definition.clone().map(Definition::into_pb),
            language: info.language.clone(),
        }
    }
}

/// Gathers the locations of a graph's vertices: equal files once, the locations by vertex
/// (buildkit `client/llb/sourcemap.go: sourceMapCollector`).
#[derive(Default)]
pub(crate) struct SourceMap<'a> {
    infos: Vec<&'a SourceInfo>,
    index: BTreeMap<*const SourceInfo, usize>,
    locations: BTreeMap<String, Vec<pb::Location>>,
}

impl<'a> SourceMap<'a> {
    /// Adds the locations of a vertex. One that the vertex already has is not added again: the engine prints each.
    pub(crate) fn add(&mut self, vertex: &Digest, locations: &'a [Location]) {
        for location in locations {
            let located = self.located(location);
            let known = self.locations.entry(vertex.to_string()).or_default();
            if !known.contains(&located) {
                known.push(located);
            }
        }
    }

    /// The message, or nothing if no vertex has a location.
    pub(crate) fn into_pb(self) -> Option<pb::Source> {
        if self.locations.is_empty() {
            return None;
        }
        let locations = self.locations.into_iter();
        Some(pb::Source {
            locations: locations
                .map(|(digest, locations)| (digest, pb::Locations { locations }))
                .collect(),
            infos: self.infos.into_iter().map(Into::into).collect(),
        })
    }

    fn located(&mut self, location: &'a Location) -> pb::Location {
        pb::Location {
            source_index: i32::try_from(self.index_of(&location.source)).unwrap_or(i32::MAX),
            ranges: location.ranges.iter().copied().map(Into::into).collect(),
        }
    }

    /// Vertices mostly share one `Arc`, so the slow comparison of whole files happens once for each `Arc`.
    fn index_of(&mut self, info: &'a Arc<SourceInfo>) -> usize {
        if let Some(index) = self.index.get(&Arc::as_ptr(info)) {
            return *index;
        }
        let index = self
            .infos
            .iter()
            .position(|known| **known == **info)
            .unwrap_or_else(|| {
                self.infos.push(info);
                self.infos.len() - 1
            });
        self.index.insert(Arc::as_ptr(info), index);
        index
    }
}
