//! An encoder that walks the table of messages in the order of Go's marshaller. It shares nothing with prost, so it can
//! tell what the daemon makes of an op.

use std::collections::BTreeMap;

use crate::schema::Kind::{Map, Message, Packed, Text, Varint};
use crate::schema::{Field, MESSAGES};

/// What is on the wire for a field.
#[derive(Clone, Debug)]
enum Value {
    Number(u64),
    Bytes(Vec<u8>),
}

/// The message as Go would write it after reading these bytes.
pub fn in_go_order(message: &str, bytes: &[u8]) -> Vec<u8> {
    let mut values = decode(bytes);
    let mut fields = fields(message).to_vec();
    // LegacyFieldOrder: fields of a oneof last, and otherwise by number.
    fields.sort_by_key(|field| (field.oneof, field.number));
    let written = fields
        .iter()
        .map(|field| encode(field, &values.remove(&field.number).unwrap_or_default()));
    let written = written.collect::<Vec<_>>().concat();
    assert!(
        values.is_empty(),
        "{message} has fields that the table does not know: {:?}",
        values.keys()
    );
    written
}

fn fields(message: &str) -> &'static [Field] {
    MESSAGES.iter().find(|(name, _)| *name == message).unwrap().1
}

fn encode(field: &Field, values: &[Value]) -> Vec<u8> {
    match (field.kind, values) {
        (_, []) => Vec::new(),
        (Map, values) => map(field.number, values),
        (_, values) if field.repeated => values.iter().flat_map(|value| tagged(field, value)).collect(),
        // Of a field that is there twice, the last counts.
        (kind, [.., last]) => match (kind, last) {
            (Varint, Value::Number(0)) if !field.oneof => Vec::new(),
            (Text | Packed, Value::Bytes(bytes)) if bytes.is_empty() && !field.oneof => Vec::new(),
            _ => tagged(field, last),
        },
    }
}

fn tagged(field: &Field, value: &Value) -> Vec<u8> {
    match (field.kind, value) {
        (Varint, Value::Number(number)) => [varint(field.number << 3), varint(*number)].concat(),
        (Message(name), Value::Bytes(bytes)) => delimited(field.number, &in_go_order(name, bytes)),
        (Text | Packed, Value::Bytes(bytes)) => delimited(field.number, bytes),
        (kind, value) => panic!("{value:?} where {kind:?} should be"),
    }
}

/// Sorted by key, and both key and value are written even if they are empty.
fn map(number: u64, entries: &[Value]) -> Vec<u8> {
    let entries: BTreeMap<Vec<u8>, Vec<u8>> = entries.iter().map(entry).collect();
    let written = entries
        .iter()
        .map(|(key, value)| [delimited(1, key), delimited(2, value)].concat());
    written.flat_map(|entry| delimited(number, &entry)).collect()
}

fn entry(entry: &Value) -> (Vec<u8>, Vec<u8>) {
    let Value::Bytes(bytes) = entry else {
        panic!("a map entry is a message")
    };
    let mut values = decode(bytes);
    let mut part = |number| match values.remove(&number).unwrap_or_default().pop() {
        Some(Value::Bytes(bytes)) => bytes,
        _ => Vec::new(),
    };
    (part(1), part(2))
}

fn delimited(number: u64, bytes: &[u8]) -> Vec<u8> {
    [
        varint(number << 3 | 2),
        varint(bytes.len() as u64),
        bytes.to_vec(),
    ]
    .concat()
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

fn decode(mut bytes: &[u8]) -> BTreeMap<u64, Vec<Value>> {
    let mut values: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
    while !bytes.is_empty() {
        let tag = take_varint(&mut bytes);
        let value = match tag & 7 {
            0 => Value::Number(take_varint(&mut bytes)),
            2 => {
                let length = take_varint(&mut bytes) as usize;
                let (value, rest) = bytes.split_at(length);
                bytes = rest;
                Value::Bytes(value.to_vec())
            }
            wire_type => panic!("no field of an op has the wire type {wire_type}"),
        };
        values.entry(tag >> 3).or_default().push(value);
    }
    values
}

fn take_varint(bytes: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..).step_by(7) {
        let (byte, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    number
}
