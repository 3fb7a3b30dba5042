//! A token, which goes to the server it is for and nowhere else.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::{Error, Mask};

/// The value of an `Authorization` header. It has no `Display`, and `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(***)")
    }
}

impl Token {
    /// Reads a token as people store it: maybe with `Bearer ` before it and a line's end after it; what follows `Basic ` is
    /// a user's name and password. From now on the mask hides it.
    ///
    /// # Errors
    /// For a text that no header can hold.
    pub fn new(text: &str, mask: &Mask) -> Result<Self, Error> {
        let mut words = text.split_whitespace().peekable();
        let of_scheme = |scheme: &str, word: &str| word.eq_ignore_ascii_case(scheme);
        let scheme = match words.next_if(|word| of_scheme("basic", word)) {
            Some(_) => "Basic",
            None => "Bearer",
        };
        if scheme == "Bearer" {
            words.next_if(|word| of_scheme("bearer", word));
        }
        let token = words.next().unwrap_or_default();
        mask.hide(token);
        let printable = token.chars().all(|c| c.is_ascii_graphic());
        if token.is_empty() || !printable || words.next().is_some() {
            return Err(Error::Usage {
                problem: "the token is empty, or holds what no token does".into(),
                fix: "give the token alone, on one line".into(),
            });
        }
        Ok(Self(format!("{scheme} {token}")))
    }

    /// Reads `USER:PASSWORD`. From now on the mask hides it.
    ///
    /// # Errors
    /// For a text without a colon.
    pub fn basic(login: &str, mask: &Mask) -> Result<Self, Error> {
        let login = login.trim();
        let Some((_, password)) = login.split_once(':').filter(|(user, _)| !user.is_empty()) else {
            return Err(Error::Usage {
                problem: "the secret of a registry is not `USER:PASSWORD`".into(),
                fix:
                    "give both on one line, with a colon between them, or the file that `docker login` writes"
                        .into(),
            });
        };
        let encoded = BASE64.encode(login);
        [password, login, &encoded]
            .iter()
            .for_each(|secret| mask.hide(secret));
        Ok(Self(format!("Basic {encoded}")))
    }

    /// Reads the token that a file holds.
    ///
    /// # Errors
    /// For a file that cannot be read, or holds none.
    pub fn read(file: &Path, mask: &Mask) -> Result<Self, Error> {
        let text = std::fs::read_to_string(file).map_err(|error| Error::Usage {
            problem: format!("the token in `{}` cannot be read: {error}", file.display()),
            fix: "build with `--secret id=…,src=…`, or mount the secret there".into(),
        })?;
        Self::new(&text, mask)
    }

    pub(super) fn header(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_people_store_it() {
        let mask = Mask::default();
        for text in [
            "hf_abcdef",
            "hf_abcdef\n",
            "Bearer hf_abcdef",
            "bearer  hf_abcdef\r\n",
        ] {
            let token = Token::new(text, &mask).unwrap();
            assert_eq!(token.header(), "Bearer hf_abcdef");
            assert_eq!(format!("{token:?}"), "Token(***)");
        }
        assert_eq!(Token::new("basic dTpw\n", &mask).unwrap().header(), "Basic dTpw");
        let login = Token::basic("user:pass:word\n", &mask).unwrap();
        assert_eq!(login.header(), "Basic dXNlcjpwYXNzOndvcmQ=");
        assert!(!mask.text("dXNlcjpwYXNzOndvcmQ= pass:word").contains("word"));
        assert!(Token::basic("token", &mask).is_err());
        for text in ["", " \n", "Basic", "a b", "Bearer ", "a\nb"] {
            assert!(Token::new(text, &mask).is_err(), "{text:?}");
        }
    }
}
