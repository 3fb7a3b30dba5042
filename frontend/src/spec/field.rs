//! The wrappers that let a spec be read to its end with wrong parts in it.
//!
//! A wrong value is reported by the decoder and becomes [`Field::Bad`]; a wrong item of a list or mapping is left out.

use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::source::{Span, Spanned};

/// The name by which the decoder knows a [`Field`].
pub const FIELD: &str = "$field";
/// The parts of a [`Field`], in the decoder's order.
pub const FIELD_PARTS: [&str; 5] = ["key_start", "key_end", "start", "end", "value"];
/// The name by which the decoder knows an [`OrNone`].
pub const OR_NONE: &str = "$or-none";

/// The value of a key.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Field<T> {
    /// The key was not written, or is null.
    #[default]
    Absent,
    /// It was written, wrongly, and that has been reported.
    Bad(Span),
    /// It was written.
    Written(Entry<T>),
}

/// A value with its place and the place of its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<T> {
    /// The key; for an item of a list, a short part to point at.
    pub key: Span,
    /// The whole value.
    pub span: Span,
    /// What it says.
    pub value: T,
}

/// A list without the items that could not be read. One item may be written without the list.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T>(pub Vec<Entry<T>>);

/// Names and values in the written order, without the values that could not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Map<T>(pub Vec<(Spanned<String>, Entry<T>)>);

/// A value, or the word `none`.
#[derive(Debug, Clone, PartialEq)]
pub enum OrNone<T> {
    /// `none`.
    None,
    /// A value.
    Some(T),
}

impl<T> Field<T> {
    /// The value, when it was written and could be read.
    pub fn get(&self) -> Option<&Entry<T>> {
        match self {
            Self::Written(entry) => Some(entry),
            _ => None,
        }
    }

    /// Whether the key stands in the spec, rightly or wrongly.
    pub fn is_written(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// Key and value together, when it could be read.
    pub fn whole(&self) -> Option<Span> {
        self.get().map(Entry::whole)
    }

    /// The place of the key.
    pub fn key(&self) -> Option<Span> {
        match self {
            Self::Absent => None,
            Self::Bad(key) => Some(*key),
            Self::Written(entry) => Some(entry.key),
        }
    }
}

impl<T> Field<List<T>> {
    /// The items, none when the key was not written.
    pub fn items(&self) -> &[Entry<T>] {
        self.get().map_or(&[], |entry| &entry.value.0)
    }
}

impl<T> Field<Map<T>> {
    /// The entries, none when the key was not written.
    pub fn entries(&self) -> &[(Spanned<String>, Entry<T>)] {
        self.get().map_or(&[], |entry| &entry.value.0)
    }
}

impl<T> Field<OrNone<T>> {
    /// The value, unless it is absent or `none`.
    pub fn some(&self) -> Option<&T> {
        match &self.get()?.value {
            OrNone::Some(value) => Some(value),
            OrNone::None => None,
        }
    }
}

impl<T> Entry<T> {
    /// Key and value together.
    pub fn whole(&self) -> Span {
        self.key.to(self.span)
    }
}

impl<T> std::ops::Deref for Entry<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(FIELD, &FIELD_PARTS, FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value of a spec")
    }

    /// Takes the parts in the order of [`FIELD_PARTS`]. A value that fails has been reported by then.
    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<Field<T>, A::Error> {
        let mut places = [0; 4];
        for place in &mut places {
            parts.next_key::<String>()?;
            *place = parts.next_value()?;
        }
        parts.next_key::<String>()?;
        let key = Span::new(places[0], places[1]);
        let span = Span::new(places[2], places[3]);
        Ok(match parts.next_value() {
            Ok(value) => Field::Written(Entry { key, span, value }),
            Err(_) => Field::Bad(key),
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element::<Field<T>>()? {
            if let Field::Written(entry) = item {
                read.push(entry);
            }
        }
        Ok(List(read))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MapVisitor<T> {
    type Value = Map<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Map<T>, A::Error> {
        let mut read = Vec::new();
        while let Some((name, value)) = entries.next_entry::<String, Field<T>>()? {
            if let Field::Written(entry) = value {
                read.push((Spanned::new(name, entry.key), entry));
            }
        }
        Ok(Map(read))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OrNone<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(OR_NONE, OrNoneVisitor(PhantomData))
    }
}

struct OrNoneVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OrNoneVisitor<T> {
    type Value = OrNone<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value or `none`")
    }

    fn visit_unit<E>(self) -> Result<OrNone<T>, E> {
        Ok(OrNone::None)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<OrNone<T>, D::Error> {
        T::deserialize(deserializer).map(OrNone::Some)
    }
}

impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("ListOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [{ "type": "array", "items": item.clone() }, item] })
    }
}

impl<T: JsonSchema> JsonSchema for Map<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("MapOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        // `null` removes an entry in a target.
        schemars::json_schema!({ "type": "object", "additionalProperties": { "anyOf": [value, { "type": "null" }] } })
    }
}

impl<T: JsonSchema> JsonSchema for OrNone<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("{}OrNone", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [value, { "const": "none" }] })
    }
}
