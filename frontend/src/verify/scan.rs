//! Looks for secrets in a stream of bytes, as it passes.

use std::fmt;
use std::io::{self, Read};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use regex::bytes::Regex;

use super::Class;
use crate::diagnostic::token;

/// What is looked for: the values of secrets, and what looks like a token.
#[derive(Debug)]
pub struct Wanted {
    secrets: Vec<Secret>,
    begins: Regex,
    /// Bytes that are seen again at a border of two reads.
    overlap: usize,
}

/// A secret whose value must not be there.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its id, which is told.
    pub id: String,
    /// Its value, which is not.
    pub value: String,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ****", self.id)
    }
}

/// Longest token that is looked for whole, in bytes.
const LONGEST: usize = 512;
/// Values shorter than this are in any image, in bytes.
const SHORTEST: usize = 6;
/// Bytes that are looked at together.
const WINDOW: usize = 1 << 20;

impl Wanted {
    /// These secrets, and tokens of all known shapes.
    ///
    /// # Errors
    /// A secret that is too short to be told from other bytes, by its id.
    pub fn new(secrets: Vec<Secret>) -> Result<Self, String> {
        if let Some(short) = secrets.iter().find(|secret| secret.value.trim().len() < SHORTEST) {
            return Err(format!(
                "the secret `{}` has fewer than {SHORTEST} characters",
                short.id
            ));
        }
        let values = secrets.iter().flat_map(forms).map(|form| regex::escape(&form));
        let prefixes = token::prefixes().map(regex::escape);
        let all: Vec<String> = values.chain(prefixes).collect();
        let begins = Regex::new(&format!("(?-u){}", all.join("|"))).map_err(|error| error.to_string())?;
        let longest = secrets
            .iter()
            .flat_map(forms)
            .map(|form| form.len())
            .max()
            .unwrap_or_default();
        Ok(Self {
            secrets,
            begins,
            overlap: longest.max(LONGEST) + 1,
        })
    }

    /// What is in a text that is whole: passwords in addresses and private keys too.
    pub(super) fn in_text(&self, text: &[u8]) -> Vec<(usize, Class, String)> {
        let mut found = self.in_bytes(text);
        let text = String::from_utf8_lossy(text);
        found.extend(
            token::tokens(&text)
                .into_iter()
                .map(|token| (token.span.start, Class::Token, token.kind.to_owned())),
        );
        found.dedup();
        found
    }

    /// What is in these bytes: where, and what.
    pub(super) fn in_bytes(&self, bytes: &[u8]) -> Vec<(usize, Class, String)> {
        let begins = self.begins.find_iter(bytes);
        begins.filter_map(|begin| self.at(bytes, begin.start())).collect()
    }

    fn at(&self, bytes: &[u8], start: usize) -> Option<(usize, Class, String)> {
        let rest = &bytes[start..];
        let secret = self
            .secrets
            .iter()
            .find(|secret| forms(secret).iter().any(|form| rest.starts_with(form.as_bytes())));
        if let Some(secret) = secret {
            return Some((
                start,
                Class::Secret,
                format!("the value of the secret `{}`", secret.id),
            ));
        }
        // With the byte before: a token does not begin inside of a word.
        let from = start.saturating_sub(1);
        let to = bytes.len().min(start + LONGEST);
        let ascii: String = bytes[from..to]
            .iter()
            .map(|byte| if byte.is_ascii() { char::from(*byte) } else { '\0' })
            .collect();
        let token = token::shaped(&ascii)
            .into_iter()
            .find(|token| token.span.start == start - from)?;
        // The words of vendors' own manuals, which many packages carry.
        let example = ascii[token.span.start..token.span.end]
            .to_uppercase()
            .contains("EXAMPLE");
        (!example).then(|| (start, Class::Token, token.kind.to_owned()))
    }
}

/// A value as it is, and as base64 has it: alone, or as the password of a basic login.
fn forms(secret: &Secret) -> Vec<String> {
    let value = secret.value.trim();
    vec![
        value.to_owned(),
        STANDARD_NO_PAD.encode(value),
        URL_SAFE_NO_PAD.encode(value),
    ]
}

/// A stream whose bytes are looked at as they are read.
pub(super) struct Scanned<'a, R> {
    inner: R,
    wanted: &'a Wanted,
    window: Vec<u8>,
    /// Where the window begins in the stream.
    at: usize,
    /// Where something is in the stream, and what.
    pub found: Vec<(u64, Class, String)>,
}

impl<'a, R: Read> Scanned<'a, R> {
    /// Looks at all that is read of `inner`.
    pub fn new(inner: R, wanted: &'a Wanted) -> Self {
        Self {
            inner,
            wanted,
            window: Vec::with_capacity(2 * WINDOW),
            at: 0,
            found: Vec::new(),
        }
    }

    /// Looks at the window. What begins in its last bytes is left for the next one, which has them too.
    fn look(&mut self, is_end: bool) {
        let kept = if is_end {
            0
        } else {
            self.wanted.overlap.min(self.window.len())
        };
        let border = self.window.len() - kept;
        for (start, class, what) in self.wanted.in_bytes(&self.window) {
            // The first byte was looked at in the last window; it is here for what begins after it.
            if start < border && (start > 0 || self.at == 0) {
                self.found.push(((self.at + start) as u64, class, what));
            }
        }
        let drained = border.saturating_sub(1);
        self.window.drain(..drained);
        self.at += drained;
    }

    /// Reads what is left, and looks at the last bytes.
    pub fn finish(&mut self) -> io::Result<()> {
        io::copy(self, &mut io::sink())?;
        self.look(true);
        Ok(())
    }
}

impl<R: Read> Read for Scanned<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.window.extend_from_slice(&buffer[..read]);
        if self.window.len() >= WINDOW {
            self.look(false);
        }
        Ok(read)
    }
}
