//! Items of lists, entries of mappings and parts of fields, one after the other.

use serde::de::value::{StrDeserializer, UsizeDeserializer};
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess};

use super::{Decoder, REPORTED, Refused};
use crate::spec::field::FIELD_PARTS;
use crate::spec::node::{Node, Pair};

pub(super) struct Items<'n, 'l> {
    pub decoder: Decoder<'n, 'l>,
    pub items: std::slice::Iter<'n, Node>,
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

pub(super) struct Entries<'n, 'l> {
    pub decoder: Decoder<'n, 'l>,
    pub pairs: std::vec::IntoIter<&'n Pair>,
    pub value: Option<&'n Pair>,
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

/// Feeds a [`Field`](crate::spec::Field) with its places and its value.
pub(super) struct FieldParts<'n, 'l> {
    pub decoder: Decoder<'n, 'l>,
    pub next: usize,
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
