//! Dump: a definition comes in, a text that people and snapshots can read goes out, or the same as JSON. Vertices are called `v1`, `v2` … in
//! the order of the definition, so the text does not change with digests that nobody reads. What is not said is as usual.

mod exec;
mod file;
mod vertex;

use std::collections::BTreeMap;
use std::fmt::Display;

use prost::Message;
use serde_json::{Value, json};

use crate::definition::Definition;
use crate::digest::Digest;
use crate::pb;

/// A definition as it is told.
#[derive(Default)]
struct Told<'a> {
    vertices: Vec<vertex::Told>,
    results: Vec<String>,
    needs: Vec<&'a str>,
}

/// The text of a definition.
pub(crate) fn dump(definition: &Definition) -> String {
    let Some(told) = told(definition) else {
        return "scratch\n".to_owned();
    };
    let texts: Vec<String> = told.vertices.iter().map(|vertex| vertex.text.lines()).collect();
    format!(
        "{}result: {}\nneeds: {}\n",
        texts.concat(),
        told.results.join(", "),
        told.needs.join(" ")
    )
}

/// The same for programs, with the digests. Scratch has no vertices.
pub(crate) fn json(definition: &Definition) -> Value {
    let told = told(definition).unwrap_or_default();
    let vertices: Vec<Value> = told.vertices.into_iter().map(vertex::Told::into_json).collect();
    json!({ "vertices": vertices, "result": told.results, "needs": told.needs })
}

fn told(definition: &Definition) -> Option<Told<'_>> {
    let message = definition.as_pb();
    let (result, ops) = message.def.split_last()?;
    let names = Names::new(ops);
    let inputs = pb::Op::decode(result.as_slice())
        .map(|op| op.inputs)
        .unwrap_or_default();
    Some(Told {
        vertices: ops
            .iter()
            .map(|bytes| vertex::tell(message, bytes, &names))
            .collect(),
        results: inputs.iter().map(|input| names.edge(input)).collect(),
        needs: definition.capabilities().into_iter().collect(),
    })
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

/// What is said of a vertex: a headline and lines below, each a key and a value.
struct Text {
    headline: String,
    below: Vec<(String, String)>,
}

impl Text {
    fn new(headline: impl Display) -> Self {
        Self {
            headline: headline.to_string(),
            below: Vec::new(),
        }
    }

    /// Adds a line, if its value is not empty.
    fn line(&mut self, key: impl Display, value: impl AsRef<str>) {
        if !value.as_ref().is_empty() {
            self.below.push((key.to_string(), value.as_ref().to_owned()));
        }
    }

    /// All of it, the lines indented.
    fn lines(&self) -> String {
        let below = self.below.iter();
        let below = below.map(|(key, value)| format!("  {key}: {}\n", plain(value)));
        format!("{}\n{}", self.headline, below.collect::<String>())
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
        true => Value::from(text).to_string(),
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
