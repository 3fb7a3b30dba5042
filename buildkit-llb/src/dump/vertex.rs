use prost::Message;
use serde_json::{Value, json};

use super::{Names, Text, exec, file, flag, plain};
use crate::digest::Digest;
use crate::meta::CUSTOM_NAME;
use crate::pb;
use crate::platform::Platform;

/// One vertex as it is told.
pub(super) struct Told {
    name: String,
    digest: String,
    inputs: Vec<String>,
    is: String,
    pub text: Text,
}

impl Told {
    /// For programs.
    pub fn into_json(self) -> Value {
        let said = self.text.below.into_iter();
        let said: Vec<Value> = said
            .map(|(key, value)| json!({ "key": key, "value": value }))
            .collect();
        json!({ "name": self.name, "digest": self.digest, "inputs": self.inputs, "is": self.is, "said": said })
    }
}

/// Tells of one vertex.
pub(super) fn tell(definition: &pb::Definition, bytes: &[u8], names: &Names) -> Told {
    let digest = Digest::of(bytes).to_string();
    let op = pb::Op::decode(bytes).unwrap_or_default();
    let (name, is) = (names.vertex(&digest), headline(&op, names));
    let mut text = Text::new(format!("{name} = {is}"));
    text.line(
        "platform",
        op.platform
            .clone()
            .map(|platform| Platform::from(platform).to_string())
            .unwrap_or_default(),
    );
    body(&mut text, &op, names);
    if let Some(metadata) = definition.metadata.get(&digest) {
        about(&mut text, metadata);
    }
    text.words("at", places(definition.source.as_ref(), &digest));
    Told {
        inputs: op.inputs.iter().map(|input| names.edge(input)).collect(),
        name,
        digest,
        is,
        text,
    }
}

fn headline(op: &pb::Op, names: &Names) -> String {
    let input = |number| names.input(op, number);
    match &op.op {
        Some(pb::op::Op::Source(source)) => plain(&source.identifier),
        Some(pb::op::Op::Exec(_)) => "exec".to_owned(),
        Some(pb::op::Op::File(_)) => "file".to_owned(),
        Some(pb::op::Op::Merge(merge)) => {
            let inputs = merge.inputs.iter().map(|merged| input(merged.input));
            format!("merge {}", inputs.collect::<Vec<_>>().join(" "))
        }
        Some(pb::op::Op::Diff(diff)) => {
            let lower = diff.lower.map_or_else(String::new, |lower| input(lower.input));
            let upper = diff.upper.map_or_else(String::new, |upper| input(upper.input));
            format!("diff {lower} -> {upper}")
        }
        Some(pb::op::Op::Build(_)) => "build".to_owned(),
        None => "unknown".to_owned(),
    }
}

fn body(text: &mut Text, op: &pb::Op, names: &Names) {
    match &op.op {
        Some(pb::op::Op::Source(source)) => {
            source.attrs.iter().for_each(|(key, value)| text.line(key, value))
        }
        Some(pb::op::Op::Exec(command)) => exec::dump(text, op, command, names),
        Some(pb::op::Op::File(files)) => file::dump(text, op, files, names),
        Some(pb::op::Op::Merge(_) | pb::op::Op::Diff(_)) => {}
        Some(pb::op::Op::Build(_)) | None => {
            text.words("inputs", op.inputs.iter().map(|input| names.edge(input)));
        }
    }
}

fn about(text: &mut Text, metadata: &pb::OpMetadata) {
    for (key, value) in &metadata.description {
        text.line(if key == CUSTOM_NAME { "name" } else { key }, value);
    }
    text.line("ignore cache", flag(metadata.ignore_cache, "yes"));
    text.line(
        "export cache",
        metadata
            .export_cache
            .map_or("", |export| if export.value { "yes" } else { "no" }),
    );
    if let Some(group) = &metadata.progress_group {
        text.words(
            "progress group",
            [group.id.clone(), plain(&group.name), flag(group.weak, "weak")],
        );
    }
}

/// The places of a vertex: `FILE:LINE` or `FILE:LINE-LINE` for each range.
fn places(source: Option<&pb::Source>, digest: &str) -> Vec<String> {
    let Some(source) = source else { return Vec::new() };
    let found = source
        .locations
        .get(digest)
        .map(|found| found.locations.as_slice())
        .unwrap_or_default();
    found
        .iter()
        .flat_map(|location| location.ranges.iter().map(|range| place(source, location, range)))
        .collect()
}

fn place(source: &pb::Source, location: &pb::Location, range: &pb::Range) -> String {
    let info = usize::try_from(location.source_index)
        .ok()
        .and_then(|index| source.infos.get(index));
    let filename = info.map_or("missing file", |info| info.filename.as_str());
    let line = |position: Option<pb::Position>| position.unwrap_or_default().line;
    match (line(range.start), line(range.end)) {
        (start, end) if end > start => format!("{filename}:{start}-{end}"),
        (start, _) => format!("{filename}:{start}"),
    }
}
