//! The header of a safetensors file, read as its own library reads it (huggingface/safetensors `safetensors/src/tensor.rs`): the
//! tensors lie one behind the other, and there is nothing besides them.
//!
//! The header is read in one go and never kept: what is remembered of it are the offsets, which are less than half as long as the
//! words that say them.

use std::io::{self, Read};

use crate::format::Malformed;
use crate::json::{Scanned, Scanner, Stop};

/// How deep values may lie that nobody knows; serde's limit.
const DEPTH: u8 = 127;

/// Reads the header of `length` bytes, which `reader` is at, of a file of `size` bytes.
///
/// # Errors
/// When it cannot be read; within, what is wrong with it.
pub fn check(reader: impl Read, length: u64, size: u64) -> io::Result<Result<(), Malformed>> {
    let data = size.saturating_sub(length).saturating_sub(8);
    match tensors(&mut Scanner::new(reader, length)) {
        Ok(offsets) => Ok(covers(offsets, data)),
        Err(Stop::Wrong) => Ok(Err(Malformed::Header)),
        Err(Stop::Unreadable(cause)) => Err(cause),
    }
}

/// Each byte of the data is in one tensor.
fn covers(mut offsets: Vec<(u64, u64)>, data: u64) -> Result<(), Malformed> {
    offsets.sort_unstable();
    let mut reached = 0;
    for (begin, end) in offsets {
        match begin.cmp(&reached) {
            std::cmp::Ordering::Less => return Err(Malformed::Overlap(begin)),
            std::cmp::Ordering::Greater => return Err(Malformed::Hole(reached)),
            std::cmp::Ordering::Equal if end < begin => return Err(Malformed::Header),
            std::cmp::Ordering::Equal => reached = end,
        }
    }
    match reached == data {
        true => Ok(()),
        false => Err(Malformed::Data {
            tensors: reached,
            file: data,
        }),
    }
}

/// Where the tensors of a whole header begin and end.
fn tensors(scanner: &mut Scanner<impl Read>) -> Scanned<Vec<(u64, u64)>> {
    let mut offsets = Vec::new();
    scanner.object(&mut |scanner, key| {
        match key.text() {
            b"__metadata__" => metadata(scanner)?,
            _ => offsets.push(tensor(scanner)?),
        }
        Ok(())
    })?;
    // Writers fill up with blanks, so that the data begin at a round number.
    match scanner.after_blanks()? {
        None => Ok(offsets),
        Some(_) => Err(Stop::Wrong),
    }
}

/// Texts of the writer's own.
fn metadata(scanner: &mut Scanner<impl Read>) -> Scanned<()> {
    match scanner.after_blanks()? {
        Some(b'n') => scanner.word(b"null"),
        _ => scanner.object(&mut |scanner, _| scanner.string().map(drop)),
    }
}

fn tensor(scanner: &mut Scanner<impl Read>) -> Scanned<(u64, u64)> {
    let (mut has_type, mut has_shape, mut offsets) = (false, false, None);
    scanner.object(&mut |scanner, key| {
        match key.text() {
            b"dtype" => {
                scanner.string()?;
                has_type = true;
            }
            b"shape" => {
                scanner.array(&mut |scanner| scanner.number().map(drop))?;
                has_shape = true;
            }
            b"data_offsets" => offsets = Some(pair(scanner)?),
            _ => scanner.skip(DEPTH)?,
        }
        Ok(())
    })?;
    match offsets {
        Some(offsets) if has_type && has_shape => Ok(offsets),
        _ => Err(Stop::Wrong),
    }
}

fn pair(scanner: &mut Scanner<impl Read>) -> Scanned<(u64, u64)> {
    scanner.token(b'[')?;
    let begin = scanner.number()?;
    scanner.token(b',')?;
    let end = scanner.number()?;
    scanner.token(b']')?;
    Ok((begin, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a file of this header and so many bytes of data.
    fn found(header: &str, data: u64) -> Result<(), Malformed> {
        let length = header.len() as u64;
        check(header.as_bytes(), length, 8 + length + data).unwrap()
    }

    fn tensor(name: &str, begin: u64, end: u64) -> String {
        format!(
            "\"{name}\":{{\"dtype\":\"U8\",\"shape\":[{}],\"data_offsets\":[{begin},{end}]}}",
            end.saturating_sub(begin)
        )
    }

    fn of(tensors: &[(u64, u64)]) -> String {
        let tensors = tensors.iter().enumerate();
        let tensors: Vec<String> = tensors
            .map(|(n, (begin, end))| tensor(&format!("t{n}"), *begin, *end))
            .collect();
        format!("{{{}}}", tensors.join(","))
    }

    #[test]
    fn tensors_cover_the_data() {
        assert_eq!(found(&of(&[]), 0), Ok(()));
        assert_eq!(found(&of(&[(0, 4), (4, 10)]), 10), Ok(()));
        // In any order, and some may be empty.
        assert_eq!(found(&of(&[(4, 10), (0, 4), (4, 4), (10, 10)]), 10), Ok(()));
        assert_eq!(found(&of(&[(0, 4), (5, 10)]), 10), Err(Malformed::Hole(4)));
        assert_eq!(found(&of(&[(0, 4), (3, 10)]), 10), Err(Malformed::Overlap(3)));
        assert_eq!(found(&of(&[(0, 4), (4, 3)]), 4), Err(Malformed::Header));
        let cut_off = Malformed::Data { tensors: 10, file: 9 };
        assert_eq!(found(&of(&[(0, 10)]), 9), Err(cut_off));
        let more = Malformed::Data {
            tensors: 10,
            file: 11,
        };
        assert_eq!(found(&of(&[(0, 10)]), 11), Err(more));
        assert_eq!(
            found("{}", u64::MAX - 10),
            Err(Malformed::Data {
                tensors: 0,
                file: u64::MAX - 10
            })
        );
    }

    #[test]
    fn all_that_json_may_be_is_read() {
        let plain = tensor("a", 0, 2);
        for header in [
            format!("{{{plain}}}   \n\t\r "),
            format!(
                "{{ \"__metadata__\" : {{ \"format\" : \"pt\", \"ü\\n\\u00e4\\\"\": \"\" }} , {plain} }}"
            ),
            format!("{{\"__metadata__\":null,{plain}}}"),
            plain
                .replace(
                    "\"dtype\"",
                    "\"new\": [1, -2.5e+3, true, false, null, {\"a\": [[], {}]}, \"x\"], \"dtype\"",
                )
                .replacen("\"a\"", "{\"a\"", 1)
                + "}",
            format!("{{{}}}", plain.replace("[0,2]", "[ 0 , 2 ]")),
            format!(
                "{{{}}}",
                plain.replacen("\"a\"", "\"data_offsets and a name that is longer than any\"", 1)
            ),
        ] {
            assert_eq!(found(&header, 2), Ok(()), "{header}");
        }
    }

    #[test]
    fn what_is_no_header_is_told() {
        let plain = tensor("a", 0, 2);
        let nested = format!(
            "{{\"a\":{{\"new\":{}1{},\"dtype\":\"U8\"}}}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        for header in [
            String::new(),
            "{".into(),
            "[]".into(),
            "{}{}".into(),
            "{} x".into(),
            "{\"a\"}".into(),
            "{\"a\":1}".into(),
            "{\"a\":{}}".into(),
            format!("{{{plain},}}"),
            format!("{{{plain}"),
            format!("{{{plain}}}\0"),
            plain.clone(),
            format!("{{{}}}", plain.replace("[0,2]", "[0,2,3]")),
            format!("{{{}}}", plain.replace("[0,2]", "[0]")),
            format!("{{{}}}", plain.replace("[0,2]", "[-0,2]")),
            format!("{{{}}}", plain.replace("[0,2]", "[0,2.0]")),
            format!("{{{}}}", plain.replace("[0,2]", "[00,2]")),
            format!("{{{}}}", plain.replace("[0,2]", "[0,18446744073709551616]")),
            format!("{{{}}}", plain.replace("\"U8\"", "8")),
            format!("{{{}}}", plain.replace("\"a\"", "\"\u{1}\"")),
            format!("{{{}}}", plain.replace("\"a\"", "\"\\x\"")),
            format!("{{{}}}", plain.replace("\"a\"", "\"\\u12g4\"")),
            "{\"__metadata__\":{\"a\":1}}".into(),
            nested,
        ] {
            assert_eq!(found(&header, 2), Err(Malformed::Header), "{header:.80}");
        }
        for bytes in [&b"{\"\xff\":1}"[..], b"{\"\xc3\x28\":1}", b"{\"\xed\xa0\x80\":1}"] {
            let length = bytes.len() as u64;
            assert_eq!(check(bytes, length, 8 + length).unwrap(), Err(Malformed::Header));
        }
    }

    #[test]
    fn no_byte_behind_the_header_is_taken_for_one_of_it() {
        let header = of(&[(0, 2)]);
        let short = header.len() as u64 - 1;
        assert_eq!(
            check(header.as_bytes(), short, short + 10).unwrap(),
            Err(Malformed::Header)
        );
    }
}
