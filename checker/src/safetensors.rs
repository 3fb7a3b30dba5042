//! The header of a safetensors file, read as its own library reads it (huggingface/safetensors `safetensors/src/tensor.rs`): the
//! tensors lie one behind the other, and there is nothing besides them.
//!
//! The header is read in one go and never kept: what is remembered of it are the offsets, which are less than half as long as the
//! words that say them.

use std::io::{self, BufReader, Bytes, Read, Take};

use crate::format::Malformed;

/// How deep values may lie that nobody knows; serde's limit.
const DEPTH: u8 = 127;
/// The longest key that is known; of longer ones nothing is kept.
const LONGEST_KEY: usize = 16;

/// Reads the header of `length` bytes, which `reader` is at, of a file of `size` bytes.
///
/// # Errors
/// When it cannot be read; within, what is wrong with it.
pub fn check(reader: impl Read, length: u64, size: u64) -> io::Result<Result<(), Malformed>> {
    let mut scanner = Scanner {
        bytes: BufReader::new(reader).take(length).bytes(),
        next: None,
    };
    let data = size.saturating_sub(length).saturating_sub(8);
    let checked = scanner.tensors().and_then(|offsets| covers(offsets, data));
    match checked {
        Ok(()) => Ok(Ok(())),
        Err(Stop::Malformed(why)) => Ok(Err(why)),
        Err(Stop::Unreadable(cause)) => Err(cause),
    }
}

/// Each byte of the data is in one tensor.
fn covers(mut offsets: Vec<(u64, u64)>, data: u64) -> Result<(), Stop> {
    offsets.sort_unstable();
    let mut reached = 0;
    for (begin, end) in offsets {
        match begin.cmp(&reached) {
            std::cmp::Ordering::Less => return Err(Malformed::Overlap(begin).into()),
            std::cmp::Ordering::Greater => return Err(Malformed::Hole(reached).into()),
            std::cmp::Ordering::Equal if end < begin => return Err(Malformed::Header.into()),
            std::cmp::Ordering::Equal => reached = end,
        }
    }
    match reached == data {
        true => Ok(()),
        false => Err(Malformed::Data {
            tensors: reached,
            file: data,
        }
        .into()),
    }
}

/// Why reading ends early.
enum Stop {
    Malformed(Malformed),
    Unreadable(io::Error),
}

impl From<Malformed> for Stop {
    fn from(why: Malformed) -> Self {
        Self::Malformed(why)
    }
}

/// What is not JSON, or not what such a header says.
fn wrong<T>() -> Result<T, Stop> {
    Err(Malformed::Header.into())
}

/// The start of a key.
#[derive(Default)]
struct Key {
    text: [u8; LONGEST_KEY],
    length: usize,
}

impl Key {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.text.get_mut(self.length) {
            *place = byte;
        }
        self.length = self.length.saturating_add(1);
    }

    /// Nothing of one that is longer than all that are known.
    fn text(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

/// JSON, byte by byte.
struct Scanner<R> {
    bytes: Bytes<Take<BufReader<R>>>,
    next: Option<u8>,
}

type Scanned<T> = Result<T, Stop>;

impl<R: Read> Scanner<R> {
    /// Where the tensors of a whole header begin and end.
    fn tensors(&mut self) -> Scanned<Vec<(u64, u64)>> {
        let mut offsets = Vec::new();
        self.object(&mut |scanner, key| {
            match key.text() {
                b"__metadata__" => scanner.metadata()?,
                _ => offsets.push(scanner.tensor()?),
            }
            Ok(())
        })?;
        // Writers fill up with blanks, so that the data begin at a round number.
        match self.after_blanks()? {
            None => Ok(offsets),
            Some(_) => wrong(),
        }
    }

    /// Texts of the writer's own.
    fn metadata(&mut self) -> Scanned<()> {
        match self.after_blanks()? {
            Some(b'n') => self.word(b"null"),
            _ => self.object(&mut |scanner, _| scanner.string().map(drop)),
        }
    }

    fn tensor(&mut self) -> Scanned<(u64, u64)> {
        let (mut has_type, mut has_shape, mut offsets) = (false, false, None);
        self.object(&mut |scanner, key| {
            match key.text() {
                b"dtype" => {
                    scanner.string()?;
                    has_type = true;
                }
                b"shape" => {
                    scanner.array(&mut |scanner| scanner.number().map(drop))?;
                    has_shape = true;
                }
                b"data_offsets" => offsets = Some(scanner.pair()?),
                _ => scanner.skip(DEPTH)?,
            }
            Ok(())
        })?;
        match offsets {
            Some(offsets) if has_type && has_shape => Ok(offsets),
            _ => wrong(),
        }
    }

    fn pair(&mut self) -> Scanned<(u64, u64)> {
        self.token(b'[')?;
        let begin = self.number()?;
        self.token(b',')?;
        let end = self.number()?;
        self.token(b']')?;
        Ok((begin, end))
    }

    fn object(&mut self, member: &mut dyn FnMut(&mut Self, &Key) -> Scanned<()>) -> Scanned<()> {
        self.token(b'{')?;
        self.list(b'}', &mut |scanner| {
            let key = scanner.string()?;
            scanner.token(b':')?;
            member(scanner, &key)
        })
    }

    fn array(&mut self, item: &mut dyn FnMut(&mut Self) -> Scanned<()>) -> Scanned<()> {
        self.token(b'[')?;
        self.list(b']', item)
    }

    /// What is between brackets, up to the one that closes.
    fn list(&mut self, close: u8, item: &mut dyn FnMut(&mut Self) -> Scanned<()>) -> Scanned<()> {
        if self.after_blanks()? == Some(close) {
            return self.token(close);
        }
        loop {
            item(self)?;
            match self.after_blanks()? {
                Some(b',') => self.token(b',')?,
                _ => return self.token(close),
            }
        }
    }

    /// Any value, for it means nothing.
    fn skip(&mut self, depth: u8) -> Scanned<()> {
        let Some(deeper) = depth.checked_sub(1) else {
            return wrong();
        };
        match self.after_blanks()? {
            Some(b'{') => self.object(&mut |scanner, _| scanner.skip(deeper)),
            Some(b'[') => self.array(&mut |scanner| scanner.skip(deeper)),
            Some(b'"') => self.string().map(drop),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            Some(b'-' | b'0'..=b'9') => {
                while let Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') = self.peek()? {
                    self.next = None;
                }
                Ok(())
            }
            _ => wrong(),
        }
    }

    fn word(&mut self, word: &[u8]) -> Scanned<()> {
        word.iter().try_for_each(|byte| match self.byte()? == *byte {
            true => Ok(()),
            false => wrong(),
        })
    }

    /// An offset or a dimension.
    fn number(&mut self) -> Scanned<u64> {
        let Some(first @ b'0'..=b'9') = self.after_blanks()? else {
            return wrong();
        };
        self.next = None;
        let mut number = u64::from(first - b'0');
        while let Some(digit @ b'0'..=b'9') = self.peek()? {
            self.next = None;
            let more = number.checked_mul(10).filter(|_| first != b'0');
            number = match more.and_then(|number| number.checked_add(u64::from(digit - b'0'))) {
                Some(number) => number,
                None => return wrong(),
            };
        }
        Ok(number)
    }

    fn string(&mut self) -> Scanned<Key> {
        self.token(b'"')?;
        let mut key = Key::default();
        loop {
            match self.byte()? {
                b'"' => return Ok(key),
                b'\\' => {
                    self.escape()?;
                    // No key that is known has one.
                    key.length = usize::MAX;
                }
                0..0x20 => return wrong(),
                byte @ 0x80.. => {
                    self.letter(byte)?;
                    key.length = usize::MAX;
                }
                byte => key.push(byte),
            }
        }
    }

    fn escape(&mut self) -> Scanned<()> {
        match self.byte()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'u' => (0..4).try_for_each(|_| match self.byte()?.is_ascii_hexdigit() {
                true => Ok(()),
                false => wrong(),
            }),
            _ => wrong(),
        }
    }

    /// The rest of a letter of several bytes.
    fn letter(&mut self, first: u8) -> Scanned<()> {
        let mut bytes = [first, 0, 0, 0];
        let length = match first {
            0xC0..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        for byte in &mut bytes[1..length] {
            *byte = self.byte()?;
        }
        match std::str::from_utf8(&bytes[..length]) {
            Ok(_) => Ok(()),
            Err(_) => wrong(),
        }
    }

    /// This byte, after blanks.
    fn token(&mut self, wanted: u8) -> Scanned<()> {
        match self.after_blanks()? {
            Some(byte) if byte == wanted => {
                self.next = None;
                Ok(())
            }
            _ => wrong(),
        }
    }

    /// The next byte that is no blank; it stays the next one.
    fn after_blanks(&mut self) -> Scanned<Option<u8>> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek()? {
            self.next = None;
        }
        self.peek()
    }

    /// Takes a byte that must be there.
    fn byte(&mut self) -> Scanned<u8> {
        match self.peek()? {
            Some(byte) => {
                self.next = None;
                Ok(byte)
            }
            None => wrong(),
        }
    }

    /// The next byte, which stays the next one.
    fn peek(&mut self) -> Scanned<Option<u8>> {
        if self.next.is_none() {
            self.next = self.bytes.next().transpose().map_err(Stop::Unreadable)?;
        }
        Ok(self.next)
    }
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
