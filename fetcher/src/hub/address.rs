//! Addresses on a hub.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Repository;

/// What one part of a path keeps as it is (RFC 3986, unreserved).
const PART: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A hub, by its endpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hub {
    endpoint: String,
}

/// A text is not the address of a hub: `http(s)://host[:port][/path]`, without user, query and fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidEndpoint;

impl Default for Hub {
    /// Hugging Face's own.
    fn default() -> Self {
        Self {
            endpoint: "https://huggingface.co".into(),
        }
    }
}

impl Hub {
    /// A hub by what `HF_ENDPOINT` holds; slashes at the end are dropped.
    ///
    /// # Errors
    /// For what is no plain http address.
    pub fn new(endpoint: &str) -> Result<Self, InvalidEndpoint> {
        let endpoint = endpoint.trim_end_matches('/');
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|scheme| endpoint.strip_prefix(scheme))
            .ok_or(InvalidEndpoint)?;
        let odd = |c: char| {
            matches!(c, '@' | '?' | '#' | '\\' | '"' | '<' | '>') || c.is_whitespace() || c.is_control()
        };
        if rest.is_empty() || rest.starts_with([':', '/']) || rest.contains(odd) {
            return Err(InvalidEndpoint);
        }
        Ok(Self {
            endpoint: endpoint.to_owned(),
        })
    }

    /// The address without a slash at its end.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Host with its port where that is written: what a token is for.
    pub fn host(&self) -> &str {
        let rest = self.endpoint.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// The page where a person sees the repository, and accepts its licence.
    pub fn page(&self, repository: &Repository) -> String {
        format!("{}/{repository}", self.endpoint)
    }

    /// What is known of a repository as a whole.
    pub fn about(&self, repository: &Repository) -> String {
        format!("{}/api/models/{repository}", self.endpoint)
    }

    /// What a revision stands for.
    pub fn revision(&self, repository: &Repository, revision: &str) -> String {
        format!("{}/revision/{}", self.about(repository), encoded(revision))
    }

    /// The first page of the files of a commit.
    pub fn tree(&self, repository: &Repository, commit: &str) -> String {
        let about = self.about(repository);
        format!("{about}/tree/{}?recursive=true&expand=false", encoded(commit))
    }

    /// The branches and tags of a repository.
    pub fn references(&self, repository: &Repository) -> String {
        format!("{}/refs", self.about(repository))
    }

    /// A file of a commit.
    pub fn file(&self, repository: &Repository, commit: &str, path: &str) -> String {
        let parts: Vec<String> = path.split('/').map(encoded).collect();
        format!(
            "{}/{repository}/resolve/{}/{}",
            self.endpoint,
            encoded(commit),
            parts.join("/")
        )
    }
}

fn encoded(part: &str) -> String {
    utf8_percent_encode(part, PART).to_string()
}

/// The next page, out of a `Link` header (RFC 8288): `<address>; rel="next"`, maybe among others.
pub fn next_page(link: &str) -> Option<&str> {
    let mut rest = link;
    while let Some((address, after)) = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')) {
        let (parameters, tail) = after.split_once(',').unwrap_or((after, ""));
        let is_next = parameters.split(';').any(|parameter| {
            let parameter = parameter.trim().replace('"', "");
            parameter.eq_ignore_ascii_case("rel=next")
        });
        if is_next {
            return Some(address);
        }
        rest = tail;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_encoded_where_they_are_one_part() {
        let hub = Hub::new("https://hub.test:8443/mirror/").unwrap();
        let repository = Repository::parse("org/name").unwrap();
        assert_eq!(
            hub.revision(&repository, "feature/x"),
            "https://hub.test:8443/mirror/api/models/org/name/revision/feature%2Fx"
        );
        assert_eq!(
            hub.tree(&repository, "1234"),
            "https://hub.test:8443/mirror/api/models/org/name/tree/1234?recursive=true&expand=false"
        );
        assert_eq!(
            hub.file(&repository, "1234", "a b/ü#.json"),
            "https://hub.test:8443/mirror/org/name/resolve/1234/a%20b/%C3%BC%23.json"
        );
        assert_eq!(hub.host(), "hub.test:8443");
        assert_eq!(
            Hub::default().page(&repository),
            "https://huggingface.co/org/name"
        );
    }

    #[test]
    fn an_endpoint_is_a_plain_address() {
        for text in [
            "",
            "hub.test",
            "ftp://hub.test",
            "https://",
            "https://u:p@hub.test",
            "https://h?x",
            "https:///x",
        ] {
            assert_eq!(Hub::new(text), Err(InvalidEndpoint), "{text}");
        }
    }

    #[test]
    fn the_next_page_is_found() {
        let link = "<https://h/a?cursor=1,2>; rel=\"prev\", <https://h/b?cursor=x&limit=1>; rel=\"next\"";
        assert_eq!(next_page(link), Some("https://h/b?cursor=x&limit=1"));
        assert_eq!(
            next_page("<https://h/a>; title=\"x\"; rel=next"),
            Some("https://h/a")
        );
        assert_eq!(next_page("<https://h/a>; rel=\"prev\""), None);
        assert_eq!(next_page(""), None);
    }
}
