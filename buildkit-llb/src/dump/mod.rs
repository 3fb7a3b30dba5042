//! Dump: a definition comes in, a text that people and snapshots can read goes out. Vertices are called `v1`, `v2` … in
//! the order of the definition, so the text does not change with digests that nobody reads. What is not said is as usual.

mod exec;
mod file;
mod vertex;

use std::collections::BTreeMap;
use std::fmt::Display;

use prost::Message;

use crate::definition::Definition;
use crate::digest::Digest;
use crate::pb;

/// The text of a definition.
pub(crate) fn dump(definition: &Definition) -> String {
    let message = definition.as_pb();
    let Some((result, ops)) = message.def.split_last() else {
        return "scratch\n".to_owned();
    };
    let names = Names::new(ops);
    let texts: Vec<String> = ops
        .iter()
        .map(|bytes| vertex::dump(message, bytes, &names))
        .collect();
    let inputs = pb::Op::decode(result.as_slice())
        .map(|op| op.inputs)
        .unwrap_or_default();
    let results: Vec<String> = inputs.iter().map(|input| names.edge(input)).collect();
    let capabilities: Vec<&str> = definition.capabilities().into_iter().collect();
    format!(
        "{}result: {}\nneeds: {}\n",
        texts.concat(),
        results.join(", "),
        capabilities.join(" ")
    )
}

/// The short names of the vertices.
struct Names {
    by_digest: BTreeMap<String, String>,
}

impl Names {
    fn new(ops: &[Vec<u8>]) -> Self {
        let named = ops
            .iter()
            .zip(1..)
            .map(|(bytes, number)| (Digest::of(bytes).to_string(), format!("v{number}")));
        Self {
            by_digest: named.collect(),
        }
    }

    /// The name of the vertex with this digest.
    fn vertex(&self, digest: &str) -> String {
        self.by_digest
            .get(digest)
            .cloned()
            .unwrap_or_else(|| format!("missing {digest}"))
    }

    /// The name of an output. The first output goes by the vertex's own name.
    fn edge(&self, input: &pb::Input) -> String {
        match input.index {
            0 => self.vertex(&input.digest),
            index => format!("{}[{index}]", self.vertex(&input.digest)),
        }
    }

    /// The name of an op's input by its number.
    fn input(&self, op: &pb::Op, number: i64) -> String {
        let index = usize::try_from(number).ok();
        match index.and_then(|index| op.inputs.get(index)) {
            Some(input) => self.edge(input),
            None if number < 0 => "scratch".to_owned(),
            None => format!("missing input {number}"),
        }
    }
}

/// The text of a vertex: a headline and indented lines below.
struct Text(String);

impl Text {
    fn new(headline: impl Display) -> Self {
        Self(format!("{headline}\n"))
    }

    /// Adds a line, if its value is not empty.
    fn line(&mut self, key: impl Display, value: impl AsRef<str>) {
        if !value.as_ref().is_empty() {
            self.0.push_str(&format!("  {key}: {}\n", plain(value.as_ref())));
        }
    }

    /// Adds a line with several words, if there are any.
    fn words(&mut self, key: impl Display, words: impl IntoIterator<Item = String>) {
        let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        self.line(key, words.join(" "));
    }
}

/// The text as it is, or as JSON if it would not stay on its line.
fn plain(text: &str) -> String {
    match text.chars().any(char::is_control) || text.trim() != text {
        true => serde_json::Value::from(text).to_string(),
        false => text.to_owned(),
    }
}

/// A word that is there only if something is so.
fn flag(on: bool, word: &str) -> String {
    if on { word.to_owned() } else { String::new() }
}

/// A word with a value, if the value is not the usual one.
fn unless<T: PartialEq + Display>(usual: T, word: &str, value: T) -> String {
    if value == usual {
        String::new()
    } else {
        format!("{word}={value}")
    }
}
