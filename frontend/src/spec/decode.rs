//! A `serde` deserializer over the tree that reports what is wrong and goes on.
//!
//! It relies on [`Field`](super::Field) around every value: a failure is reported where it happens, the field becomes
//! `Bad`, and the next one is read.

use std::cell::RefCell;

use serde::Deserialize;
use serde::de::value::{StrDeserializer, UsizeDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::field::{FIELD, FIELD_PARTS, OR_NONE};
use super::node::{Kind, Node, Pair, Scalar};
use super::tree::duplicate;
use crate::diagnostic::{Diagnostic, code, did_you_mean, listed};
use crate::source::Span;

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
            return Err(self.wrong(&format!("a mapping with {}", listed(fields))));
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

struct Items<'n, 'l> {
    decoder: Decoder<'n, 'l>,
    items: std::slice::Iter<'n, Node>,
}

impl<'n> SeqAccess<'n> for Items<'n, '_> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'n>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        match self.items.next() {
            Some(item) => seed.deserialize(self.decoder.item(item)).map(Some),
            None => Ok(None),
        }
    }
}

struct Entries<'n, 'l> {
    decoder: Decoder<'n, 'l>,
    pairs: std::vec::IntoIter<&'n Pair>,
    value: Option<&'n Pair>,
}

impl<'n> MapAccess<'n> for Entries<'n, '_> {
    type Error = Refused;

    fn next_key_seed<S: DeserializeSeed<'n>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        self.value = self.pairs.next();
        match self.value {
            Some(pair) => {
                let key: StrDeserializer<Refused> = pair.key.value.as_str().into_deserializer();
                seed.deserialize(key).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'n>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let pair = self.value.ok_or(REPORTED)?;
        seed.deserialize(self.decoder.entry(pair))
    }
}

/// Feeds a [`Field`](super::Field) with its places and its value.
struct FieldParts<'n, 'l> {
    decoder: Decoder<'n, 'l>,
    next: usize,
}

impl<'n> MapAccess<'n> for FieldParts<'n, '_> {
    type Error = Refused;

    fn next_key_seed<S: DeserializeSeed<'n>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        match FIELD_PARTS.get(self.next) {
            Some(part) => {
                self.next += 1;
                let part: StrDeserializer<Refused> = part.into_deserializer();
                seed.deserialize(part).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'n>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let Decoder { node, key, .. } = self.decoder;
        let place = match self.next {
            1 => key.start,
            2 => key.end,
            3 => node.span.start,
            4 => node.span.end,
            _ => {
                let value = seed.deserialize(self.decoder);
                return value.map_err(|error| self.decoder.place(error));
            }
        };
        let place: UsizeDeserializer<Refused> = place.into_deserializer();
        seed.deserialize(place)
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_list_is_not_a_text() {
        check_diagnostics(
            r#"
              name: [a, b]
            #        ^ error[wrong-type]: `name` must be text, not a list
        "#,
        );
    }

    #[test]
    fn a_mapping_is_not_a_list() {
        check_diagnostics(
            r#"
              tools: { uv: latest }
            #          ^^ error[wrong-type]: `tools` must be a list, not a mapping
        "#,
        );
    }

    #[test]
    fn a_list_is_not_a_mapping() {
        check_diagnostics(
            r#"
              env: [A=b]
            #       ^^^ error[wrong-type]: `env` must be a mapping of names to values, not a list
            # = hint: write `env: { NAME: value }`
        "#,
        );
    }

    #[test]
    fn a_text_is_not_a_number() {
        check_diagnostics(
            r#"
              healthcheck: { url: "tcp:80", retries: three }
            #                                        ^^^^^ error[wrong-type]: `retries` must be a whole number, not `three`
        "#,
        );
    }

    #[test]
    fn a_number_is_not_a_switch() {
        check_diagnostics(
            r#"
              secrets: { key: { optional: 1 } }
            #                             ^ error[wrong-type]: `optional` must be `true` or `false`, not `1`
              run: [{ command: make, secrets: [key] }]
        "#,
        );
    }

    #[test]
    fn a_word_that_is_no_choice_shows_the_choices() {
        check_diagnostics(
            r#"
              cuda: { version: 12.8.1, build: full, image: runtme }
            #                                 ^^^^ error[unknown-choice]: `full` is no choice for `build`
            # = hint: the choices are `devel`, `runtime` and `base`
            #                                              ^^^^^^ error[unknown-choice]: `runtme` is no choice for `image`
            # = hint: did you mean `runtime`?
        "#,
        );
    }

    #[test]
    fn nothing_is_not_a_value_of_a_name() {
        check_diagnostics(
            r#"
              env:
                A:
            #   ^ error[no-value]: `A` has no value
            # = hint: write `""` for an empty text; leave the line out for none at all
                B: ""
        "#,
        );
    }

    #[test]
    fn nothing_is_not_an_item() {
        check_diagnostics(
            r#"
              apt:
                - git
                -
            #    ^ error[no-value]: an item of `packages` has no value
            # = hint: write `""` for an empty text; leave the line out for none at all
        "#,
        );
    }

    #[test]
    fn nothing_under_a_key_is_as_if_it_was_not_written() {
        check_diagnostics(
            r#"
              apt:
              env:
              run: []
        "#,
        );
    }

    #[test]
    fn everything_is_found_in_one_run() {
        check_diagnostics(
            r#"
              name: [a]
            #        ^ error[wrong-type]: `name` must be text, not a list
              base: Debian
            #       ^^^^^^ error[invalid-image]: `Debian` is not an image: repository names are lower case
            # = hint: write `debian`
              user: { nme: app }
            # ^^^^ error[missing-key]: `user` needs a `name`
            # = hint: write `user: app`, or `user: 1000:1000` for ids without a name
            #         ^^^ error[unknown-key]: unknown key `nme`
            # = hint: did you mean `name`?
              ports: { http: 99999 }
            #                ^^^^^ error[invalid-port]: `99999` is not a port
            # = hint: ports are numbers from 1 to 65535, `53/udp` for UDP
              healthcheck: { url: "tcp:80", interval: 5 }
            #                                         ^ error[invalid-duration]: `5` is not a duration
            # = hint: write `5s` for seconds
        "#,
        );
    }

    #[test]
    fn one_item_needs_no_list() {
        check_diagnostics(
            r#"
              apt: git
              volumes: /data
              ports: 8080
              tools: uv
        "#,
        );
    }

    #[test]
    fn numbers_and_switches_may_come_from_args() {
        check_diagnostics(
            r#"
              args: { N: "3", UID: "2000", O: "true" }
              healthcheck: { url: "tcp:80", retries: "${N}" }
              user: { name: app, uid: "${UID}" }
              secrets: { k: { optional: "${O}" } }
              run: { command: x, secrets: k }
        "#,
        );
    }
}
