//! A `serde` deserializer over the tree that reports what is wrong and goes on.
//!
//! It relies on [`Field`](super::Field) around every value: a failure is reported where it happens, the field becomes
//! `Bad`, and the next one is read.

mod entries;
#[cfg(test)]
mod tests;

use std::cell::RefCell;

use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::field::{FIELD, OR_NONE};
use super::node::{Kind, Node, Pair, Scalar};
use super::tree::duplicate;
use crate::diagnostic::{Diagnostic, code, did_you_mean, listed};
use crate::source::Span;
use entries::{Entries, FieldParts, Items};

/// Reads a value out of the tree; `None` when its own shape is wrong.
pub fn decode<'n, T: Deserialize<'n>>(node: &'n Node, findings: &mut Vec<Diagnostic>) -> Option<T> {
    let log = RefCell::new(Vec::new());
    let decoder = Decoder {
        node,
        key: node.head(),
        name: "the spec",
        is_item: false,
        log: &log,
    };
    let value = T::deserialize(decoder).ok();
    findings.append(&mut log.into_inner());
    value
}

/// Something was wrong, and it has been reported.
#[derive(Debug)]
struct Refused(String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl serde::de::Error for Refused {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// A message of a visitor has no place yet; an empty one has been reported.
const REPORTED: Refused = Refused(String::new());

#[derive(Clone, Copy)]
struct Decoder<'n, 'l> {
    node: &'n Node,
    /// The key that the value belongs to.
    key: Span,
    /// The key's name, for messages.
    name: &'n str,
    /// It is an item of the list under that key.
    is_item: bool,
    log: &'l RefCell<Vec<Diagnostic>>,
}

impl<'n> Decoder<'n, '_> {
    fn report(&self, diagnostic: Diagnostic) -> Refused {
        self.log.borrow_mut().push(diagnostic);
        REPORTED
    }

    /// Reports what a visitor said without a place.
    fn place(&self, error: Refused) -> Refused {
        if error.0.is_empty() {
            return error;
        }
        self.report(Diagnostic::error(
            code::WRONG_TYPE,
            self.node.head(),
            format!("`{}`: {}", self.name, error.0),
        ))
    }

    fn wrong(&self, expected: &str) -> Refused {
        self.report(self.wrong_type(expected))
    }

    fn wrong_type(&self, expected: &str) -> Diagnostic {
        let name = match self.is_item {
            true => format!("an item of `{}`", self.name),
            false => format!("`{}`", self.name),
        };
        if self.node.is_null() {
            return Diagnostic::error(code::NO_VALUE, self.key, format!("{name} has no value"))
                .hint("write `\"\"` for an empty text; leave the line out for none at all");
        }
        let found = match self.node.as_text() {
            Some(text) => format!("`{text}`"),
            None => self.node.kind_name().to_string(),
        };
        let message = format!("{name} must be {expected}, not {found}");
        Diagnostic::error(code::WRONG_TYPE, self.node.head(), message)
    }

    /// The text of a scalar whose `${…}` are all replaced.
    fn text(&self, expected: &str) -> Result<&'n str, Refused> {
        match &self.node.kind {
            Kind::Scalar(Scalar {
                unresolved: Some(reasons),
                ..
            }) => {
                self.log.borrow_mut().extend(reasons.iter().cloned());
                Err(REPORTED)
            }
            _ => self.node.as_text().ok_or_else(|| self.wrong(expected)),
        }
    }

    fn number<T: std::str::FromStr>(&self) -> Result<T, Refused> {
        const EXPECTED: &str = "a whole number";
        self.text(EXPECTED)?.parse().map_err(|_| self.wrong(EXPECTED))
    }

    fn item(self, node: &'n Node) -> Self {
        Self {
            node,
            key: node.head(),
            is_item: true,
            ..self
        }
    }

    fn entry(self, pair: &'n Pair) -> Self {
        Self {
            node: &pair.value,
            key: pair.key.span,
            name: &pair.key.value,
            is_item: false,
            ..self
        }
    }
}

impl<'n> Deserializer<'n> for Decoder<'n, '_> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Refused> {
        match &self.node.kind {
            Kind::Scalar(_) => self.deserialize_str(visitor),
            Kind::Sequence(_) => self.deserialize_seq(visitor),
            Kind::Mapping(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Refused> {
        let text = self.text("text")?;
        visitor
            .visit_borrowed_str(text)
            .map_err(|error| self.place(error))
    }

    fn deserialize_string<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.text("`true` or `false`")? {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(self.wrong("`true` or `false`")),
        }
    }

    fn deserialize_u32<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_u32(self.number()?)
    }

    fn deserialize_enum<V: Visitor<'n>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        let text = self.text(&format!("one of {}", listed(variants)))?;
        if !variants.contains(&text) {
            let message = format!("`{text}` is no choice for `{}`", self.name);
            let mut finding = Diagnostic::error(code::UNKNOWN_CHOICE, self.node.span, message);
            finding.hints.extend(did_you_mean(text, variants));
            return Err(self.report(finding));
        }
        let word: StrDeserializer<Refused> = text.into_deserializer();
        visitor.visit_enum(word)
    }

    fn deserialize_newtype_struct<V: Visitor<'n>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        if name == OR_NONE && self.node.as_text() == Some("none") {
            return visitor.visit_unit();
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Refused> {
        let items = match &self.node.kind {
            Kind::Sequence(items) => items.as_slice(),
            Kind::Scalar(_) if !self.node.is_null() => std::slice::from_ref(self.node),
            _ => return Err(self.wrong("a list")),
        };
        visitor.visit_seq(Items {
            decoder: self,
            items: items.iter(),
        })
    }

    fn deserialize_map<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Refused> {
        let Kind::Mapping(pairs) = &self.node.kind else {
            let finding = self.wrong_type("a mapping of names to values");
            return Err(self.report(finding.hint(format!("write `{}: {{ NAME: value }}`", self.name))));
        };
        self.visit_pairs(pairs.iter().collect(), visitor)
    }

    fn deserialize_struct<V: Visitor<'n>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        if name == FIELD {
            return visitor.visit_map(FieldParts {
                decoder: self,
                next: 0,
            });
        }
        let Kind::Mapping(pairs) = &self.node.kind else {
            let mut finding = self.wrong_type(&format!("a mapping with {}", listed(fields)));
            let text = self.node.as_text();
            finding
                .hints
                .extend(text.and_then(|text| super::model::long_form(name, text)));
            return Err(self.report(finding));
        };
        let (known, unknown): (Vec<&Pair>, Vec<&Pair>) = pairs
            .iter()
            .partition(|pair| fields.contains(&pair.key.value.as_str()));
        for pair in unknown {
            self.log
                .borrow_mut()
                .push(super::model::unknown_key(&pair.key, name, fields));
        }
        let written = known.into_iter().filter(|pair| !pair.value.is_null());
        self.visit_pairs(written.collect(), visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { <V: Visitor<'n>>
        i8 i16 i32 i64 i128 u8 u16 u64 u128 f32 f64 char bytes byte_buf option unit unit_struct tuple tuple_struct identifier
    }
}

impl<'n, 'l> Decoder<'n, 'l> {
    /// Entries one after the other; a key that became the same as another through `${…}` is a mistake.
    fn visit_pairs<V: Visitor<'n>>(self, pairs: Vec<&'n Pair>, visitor: V) -> Result<V::Value, Refused> {
        let mut once: Vec<&Pair> = Vec::new();
        for pair in pairs {
            match once.iter().find(|other| other.key.value == pair.key.value) {
                Some(first) => self.log.borrow_mut().push(duplicate(&first.key, &pair.key)),
                None => once.push(pair),
            }
        }
        let entries = Entries {
            decoder: self,
            pairs: once.into_iter(),
            value: None,
        };
        visitor.visit_map(entries)
    }
}
