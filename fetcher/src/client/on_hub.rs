//! A file of a hub, whose no has words of its own.

use reqwest::header::HeaderMap;
use url::Url;

use super::Error;
use super::answer::header;
use crate::hub::{Asked, Hub, Refusal, Repository};

/// A file of a repository on a hub.
#[derive(Debug)]
pub(super) struct OnHub {
    pub(super) hub: Hub,
    pub(super) repository: Repository,
    pub(super) revision: String,
    pub(super) file: Option<String>,
}

impl OnHub {
    /// Reads the address of a file on a hub: `…/org/name/resolve/revision/path`.
    pub(super) fn of(url: &Url) -> Option<Self> {
        let (before, after) = url.path().split_once("/resolve/")?;
        let (revision, file) = after.split_once('/')?;
        let decoded = |text: &str| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8_lossy()
                .into_owned()
        };
        let name: Vec<&str> = before.trim_matches('/').rsplitn(3, '/').collect();
        let (name, base) = match name.as_slice() {
            [name, org, base] => (format!("{org}/{name}"), format!("/{base}")),
            [name, org] => (format!("{org}/{name}"), String::new()),
            _ => (before.trim_matches('/').to_owned(), String::new()),
        };
        Some(Self {
            hub: Hub::new(&format!("{}{base}", url.origin().ascii_serialization())).ok()?,
            repository: Repository::parse(&decoded(&name)).ok()?,
            revision: decoded(revision),
            file: Some(decoded(file)),
        })
    }

    pub(super) fn refused(&self, status: u16, headers: &HeaderMap, with_token: bool) -> Error {
        let refusal = Refusal::read(
            status,
            header(headers, "x-error-code"),
            header(headers, "x-error-message"),
            with_token,
        );
        let asked = Asked {
            hub: &self.hub,
            repository: &self.repository,
            revision: &self.revision,
            file: self.file.as_deref(),
        };
        Error::Refused {
            sentence: refusal.sentence(asked),
            fix: refusal.fix(asked, None),
            refusal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_file_says_what_was_asked_of_which_hub() {
        for (address, endpoint, repository) in [
            ("https://h.co/o/n/resolve/main/a/b%20c", "https://h.co", "o/n"),
            (
                "https://h.co/mirror/hf/o/n/resolve/main/a/b%20c",
                "https://h.co/mirror/hf",
                "o/n",
            ),
            ("http://h:1/gpt2/resolve/main/a/b%20c", "http://h:1", "gpt2"),
        ] {
            let asked = OnHub::of(&Url::parse(address).unwrap()).unwrap();
            assert_eq!(asked.hub.endpoint(), endpoint);
            assert_eq!(asked.repository.as_str(), repository);
            assert_eq!(
                (asked.revision.as_str(), asked.file.as_deref()),
                ("main", Some("a/b c"))
            );
        }
        assert!(OnHub::of(&Url::parse("https://h.co/o/n/a").unwrap()).is_none());
    }
}
