//! JSON read byte by byte: nothing of it is kept but what the caller asks for, and of keys no more than the known ones are long.

use std::io::{self, BufReader, Bytes, Read, Take};

/// The longest key that is known; of longer ones nothing is kept.
const LONGEST_KEY: usize = 16;

/// Why reading ends early.
pub enum Stop {
    /// It is not JSON, or not what the caller asks for.
    Wrong,
    /// It cannot be read.
    Unreadable(io::Error),
}

/// What is read, if it is there.
pub type Scanned<T> = Result<T, Stop>;

/// The start of a key.
#[derive(Default)]
pub struct Key {
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
    pub fn text(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

/// A place in a text of JSON.
pub struct Scanner<R> {
    bytes: Bytes<Take<BufReader<R>>>,
    next: Option<u8>,
}

impl<R: Read> Scanner<R> {
    /// The start of a text of so many bytes.
    pub fn new(reader: R, length: u64) -> Self {
        Self {
            bytes: BufReader::new(reader).take(length).bytes(),
            next: None,
        }
    }

    /// An object; `member` reads the value of each key.
    pub fn object(&mut self, member: &mut dyn FnMut(&mut Self, &Key) -> Scanned<()>) -> Scanned<()> {
        self.token(b'{')?;
        self.list(b'}', &mut |scanner| {
            let key = scanner.string()?;
            scanner.token(b':')?;
            member(scanner, &key)
        })
    }

    /// An array; `item` reads each of its items.
    pub fn array(&mut self, item: &mut dyn FnMut(&mut Self) -> Scanned<()>) -> Scanned<()> {
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
    pub fn skip(&mut self, depth: u8) -> Scanned<()> {
        let Some(deeper) = depth.checked_sub(1) else {
            return Err(Stop::Wrong);
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
            _ => Err(Stop::Wrong),
        }
    }

    /// These letters.
    pub fn word(&mut self, word: &[u8]) -> Scanned<()> {
        word.iter().try_for_each(|byte| match self.byte()? == *byte {
            true => Ok(()),
            false => Err(Stop::Wrong),
        })
    }

    /// An offset or a dimension.
    pub fn number(&mut self) -> Scanned<u64> {
        let Some(first @ b'0'..=b'9') = self.after_blanks()? else {
            return Err(Stop::Wrong);
        };
        self.next = None;
        let mut number = u64::from(first - b'0');
        while let Some(digit @ b'0'..=b'9') = self.peek()? {
            self.next = None;
            let more = number.checked_mul(10).filter(|_| first != b'0');
            number = match more.and_then(|number| number.checked_add(u64::from(digit - b'0'))) {
                Some(number) => number,
                None => return Err(Stop::Wrong),
            };
        }
        Ok(number)
    }

    /// A text; what it says is told only where it may be a key that is known.
    pub fn string(&mut self) -> Scanned<Key> {
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
                0..0x20 => return Err(Stop::Wrong),
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
                false => Err(Stop::Wrong),
            }),
            _ => Err(Stop::Wrong),
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
            Err(_) => Err(Stop::Wrong),
        }
    }

    /// This byte, after blanks.
    pub fn token(&mut self, wanted: u8) -> Scanned<()> {
        match self.after_blanks()? {
            Some(byte) if byte == wanted => {
                self.next = None;
                Ok(())
            }
            _ => Err(Stop::Wrong),
        }
    }

    /// The next byte that is no blank; it stays the next one.
    pub fn after_blanks(&mut self) -> Scanned<Option<u8>> {
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
            None => Err(Stop::Wrong),
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
