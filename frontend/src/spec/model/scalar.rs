//! The leaves of a spec.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use crate::spec::field::{Field, List};

/// A text, exactly as written: `3.10` is never `3.1`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Text(pub String);

/// A whole number from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Whole(pub u32);

/// `true` or `false`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Flag(pub bool);

/// A line of shell, or a program and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// `command: curl -f localhost`.
    Shell(String),
    /// `command: [curl, -f, localhost]`.
    Args(List<Text>),
}

/// A part that is read elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ignored;

/// Two ways to write a value, for the schema alone.
pub struct Either<A, B>(PhantomData<(A, B)>);

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Ignored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Self)
    }
}

impl<'de> Deserialize<'de> for Command {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CommandVisitor)
    }
}

struct CommandVisitor;

impl<'de> Visitor<'de> for CommandVisitor {
    type Value = Command;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a line of shell, or a list of a program and its arguments")
    }

    fn visit_str<E>(self, line: &str) -> Result<Command, E> {
        Ok(Command::Shell(line.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Command, A::Error> {
        let mut args = Vec::new();
        while let Some(item) = items.next_element::<Field<Text>>()? {
            if let Field::Written(entry) = item {
                args.push(entry);
            }
        }
        Ok(Command::Args(List(args)))
    }
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

/// A number or switch, or a text with `${…}` that becomes one.
fn or_interpolated(kind: &str) -> Schema {
    json_schema!({ "anyOf": [{ "type": kind }, { "type": "string", "pattern": "\\$\\{.+\\}" }] })
}

impl JsonSchema for Whole {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Whole".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        or_interpolated("integer")
    }
}

impl JsonSchema for Flag {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Flag".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        or_interpolated("boolean")
    }
}

impl JsonSchema for Command {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Command".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        List::<Text>::json_schema(generator)
    }
}

impl<A: JsonSchema, B: JsonSchema> JsonSchema for Either<A, B> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}Or{}", A::schema_name(), B::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let ways = [generator.subschema_for::<A>(), generator.subschema_for::<B>()];
        json_schema!({ "anyOf": ways })
    }
}
