//! Takes secrets out of texts: below everything that writes, so that nothing above has to think of it.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, PoisonError, RwLock};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands in a text where a secret was.
const HIDDEN: &str = "***";
/// Shorter values are not taken out literally: they would take words out of messages.
const SHORTEST: usize = 6;

/// The secrets of a process. Clones are the same list.
#[derive(Clone, Default)]
pub struct Mask {
    values: Arc<RwLock<Vec<String>>>,
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mask")
    }
}

impl Mask {
    /// Takes this value out of every text from now on, and its percent-encoded form.
    pub fn hide(&self, value: &str) {
        let value = value.trim();
        if value.len() < SHORTEST {
            return;
        }
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        values.push(value.to_owned());
        let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
        if encoded != value {
            values.push(encoded);
        }
        // A secret that holds another is taken out whole.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    }

    /// The text without secrets: values of [`Mask::hide`], what looks like a token or key, queries and users of addresses.
    pub fn text(&self, text: &str) -> String {
        let values = self.values.read().unwrap_or_else(PoisonError::into_inner);
        let text = values
            .iter()
            .fold(text.to_owned(), |text, value| text.replace(value, HIDDEN));
        shapes(&addresses(&text))
    }

    /// A writer that masks whole lines before it hands them on.
    pub fn writer<W: Write>(&self, inner: W) -> Masked<W> {
        Masked {
            mask: self.clone(),
            line: Vec::new(),
            inner,
        }
    }
}

/// See [`Mask::writer`].
pub struct Masked<W: Write> {
    mask: Mask,
    line: Vec<u8>,
    inner: W,
}

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") || part.ends_with(b"\r") {
                let text = self.mask.text(&String::from_utf8_lossy(&self.line));
                self.line.clear();
                self.inner.write_all(text.as_bytes())?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> Drop for Masked<W> {
    fn drop(&mut self) {
        let text = self.mask.text(&String::from_utf8_lossy(&self.line));
        // There is nobody left to tell.
        let _ = self.inner.write_all(text.as_bytes());
    }
}

/// Queries, fragments and users of addresses.
fn addresses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '\\'))
            .unwrap_or(after.len());
        let (address, tail) = after.split_at(end);
        out.push_str(&plain(address));
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn plain(address: &str) -> String {
    let path = address.find(['?', '#']).map_or(address, |at| &address[..at]);
    let authority = path.find('/').unwrap_or(path.len());
    let mut out = match path[..authority].rfind('@') {
        Some(at) => format!("{HIDDEN}{}", &path[at..]),
        None => path.to_owned(),
    };
    if path.len() < address.len() {
        let _ = write!(out, "?{HIDDEN}");
    }
    out
}

/// Tokens of Hugging Face, ids of AWS keys, what follows `Bearer `.
fn shapes(text: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let starts = [("hf_", 20), ("AKIA", 12), ("ASIA", 12)];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut bearer = false;
    while let Some(c) = rest.chars().next() {
        let length = if bearer && !c.is_whitespace() {
            rest.find(|c: char| c.is_whitespace() || c == '"')
                .unwrap_or(rest.len())
        } else {
            rest.find(|c| !word(c)).unwrap_or(rest.len()).max(c.len_utf8())
        };
        let (item, tail) = rest.split_at(length);
        let secret = |(start, least): &(&str, usize)| {
            item.strip_prefix(start).is_some_and(|rest| rest.len() >= *least)
        };
        let hidden = (bearer && !c.is_whitespace()) || starts.iter().any(secret);
        out.push_str(if hidden { HIDDEN } else { item });
        bearer = item.eq_ignore_ascii_case("bearer") || (bearer && c.is_whitespace());
        rest = tail;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_queries_are_taken_out() {
        let mask = Mask::default();
        mask.hide("s3cr/et+key\n");
        for (text, expected) in [
            ("key s3cr/et+key!", "key ***!"),
            ("key s3cr%2Fet%2Bkey", "key ***"),
            (
                "get https://c.co/a/b?Expires=1&Signature=x failed",
                "get https://c.co/a/b?*** failed",
            ),
            ("(https://me:pw@h:1/p)", "(https://***@h:1/p)"),
            ("`http://h/p?q`, `http://h/`", "`http://h/p?***`, `http://h/`"),
            ("hf_abcdefghijklmnopqrstuv!", "***!"),
            ("hf_download is a program", "hf_download is a program"),
            ("AKIAIOSFODNN7EXAMPLE", "***"),
            ("Authorization: Bearer abc.def-1 x", "Authorization: Bearer *** x"),
            ("a bearer", "a bearer"),
            ("ümläut", "ümläut"),
        ] {
            assert_eq!(mask.text(text), expected);
        }
    }

    #[test]
    fn a_line_is_masked_even_where_it_is_written_in_pieces() {
        let mask = Mask::default();
        mask.hide("s3cret");
        let mut out = Vec::new();
        {
            let mut writer = mask.writer(&mut out);
            write!(writer, "a s3c").unwrap();
            writeln!(writer, "ret b").unwrap();
            write!(writer, "s3cret").unwrap();
        }
        assert_eq!(String::from_utf8(out).unwrap(), "a *** b\n***");
    }

    #[test]
    fn a_short_value_takes_no_words_out() {
        let mask = Mask::default();
        mask.hide("a");
        assert_eq!(mask.text("an answer"), "an answer");
    }
}
