use std::fmt;
use std::str::FromStr;

/// The registry of a reference that names none (`github.com/distribution/reference: normalize.go`).
const DEFAULT_DOMAIN: &str = "docker.io";

/// An image reference in its whole, normalised form: `docker.io/library/debian:12`
/// (`github.com/distribution/reference` v0.6.0: `ParseNormalizedNamed` and `TagNameOnly`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageReference {
    name: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// A text that is no image reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceError {
    /// The text.
    pub reference: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl ImageReference {
    /// Reads a reference as people write it: the registry `docker.io`, its directory `library` and the tag `latest`
    /// may be left out.
    ///
    /// # Errors
    /// A text that Docker would not take as a reference either.
    pub fn parse(reference: &str) -> Result<Self, ReferenceError> {
        parse(reference).map_err(|reason| ReferenceError {
            reference: reference.to_owned(),
            reason,
        })
    }

    /// The registry and the repository: `docker.io/library/debian`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The tag; a reference without a digest has one.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// The same image, pinned to this digest.
    #[must_use]
    pub fn with_digest(self, digest: &str) -> Self {
        Self {
            digest: Some(digest.to_owned()),
            ..self
        }
    }
}

impl FromStr for ImageReference {
    type Err = ReferenceError;

    fn from_str(reference: &str) -> Result<Self, ReferenceError> {
        Self::parse(reference)
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.tag.iter().try_for_each(|tag| write!(f, ":{tag}"))?;
        self.digest.iter().try_for_each(|digest| write!(f, "@{digest}"))
    }
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the image reference `{}` {}", self.reference, self.reason)
    }
}

impl std::error::Error for ReferenceError {}

fn parse(reference: &str) -> Result<ImageReference, &'static str> {
    if reference.len() == 64
        && reference
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    {
        return Err("is an image id, not a name");
    }
    let (named, digest) = match reference.split_once('@') {
        Some((named, digest)) => (named, Some(valid_digest(digest)?)),
        None => (reference, None),
    };
    let (domain, rest) = split_domain(named);
    let (path, tag) = match rest.split_once(':') {
        Some((path, tag)) => (path, Some(valid_tag(tag)?)),
        None => (rest, None),
    };
    let name = format!("{}/{}", valid_domain(domain)?, valid_path(domain, path)?);
    let tag = tag.or(digest.is_none().then_some("latest"));
    Ok(ImageReference {
        name,
        tag: tag.map(str::to_owned),
        digest: digest.map(str::to_owned),
    })
}

/// What comes before the first `/` is a registry if it looks like a host; capitals cannot be a repository.
fn split_domain(named: &str) -> (&str, &str) {
    match named.split_once('/') {
        Some(("index.docker.io", path)) => (DEFAULT_DOMAIN, path),
        Some((domain, path)) if is_host(domain) => (domain, path),
        _ => (DEFAULT_DOMAIN, named),
    }
}

fn is_host(text: &str) -> bool {
    text.contains(['.', ':']) || text == "localhost" || text.chars().any(char::is_uppercase)
}

fn valid_domain(domain: &str) -> Result<&str, &'static str> {
    let (host, port) = match domain.rsplit_once(':') {
        Some((host, port)) if !domain.ends_with(']') => (host, port),
        _ => (domain, "0"),
    };
    let label = |label: &str| {
        let inner = label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !label.is_empty() && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = match address {
        Some(address) => address
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b':'),
        None => host.split('.').all(label),
    };
    let port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    (host && port)
        .then_some(domain)
        .ok_or("has a registry that is no host name")
}

fn valid_path(domain: &str, path: &str) -> Result<String, &'static str> {
    if path.chars().any(char::is_uppercase) {
        return Err("has capital letters in its name");
    }
    if !path.split('/').all(is_path_component) {
        return Err("has an invalid name");
    }
    let official = domain == DEFAULT_DOMAIN && !path.contains('/');
    let path = if official {
        format!("library/{path}")
    } else {
        path.to_owned()
    };
    if path.len() > 255 {
        return Err("has a name of more than 255 characters");
    }
    Ok(path)
}

/// Lower-case letters and digits, joined by one `.`, one or two `_`, or any number of `-`.
fn is_path_component(component: &str) -> bool {
    let word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = component.as_bytes();
    let ends = bytes.first().is_some_and(word) && bytes.last().is_some_and(word);
    let mut separators = bytes.split(word).filter(|separator| !separator.is_empty());
    ends && separators
        .all(|separator| matches!(separator, b"." | b"_" | b"__") || separator.iter().all(|b| *b == b'-'))
}

fn valid_tag(tag: &str) -> Result<&str, &'static str> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let first = tag.bytes().next().is_some_and(word);
    let valid = first && tag.len() <= 128 && tag.bytes().all(|byte| word(byte) || b".-".contains(&byte));
    valid.then_some(tag).ok_or("has an invalid tag")
}

fn valid_digest(digest: &str) -> Result<&str, &'static str> {
    crate::digest::is_sha256(digest)
        .then_some(digest)
        .ok_or("has a digest that is not sha256 and 64 hex digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn normalized(reference: &str) -> String {
        match ImageReference::parse(reference) {
            Ok(reference) => reference.to_string(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn what_people_leave_out_is_filled_in() {
        assert_eq!(normalized("debian"), "docker.io/library/debian:latest");
        assert_eq!(normalized("debian:12-slim"), "docker.io/library/debian:12-slim");
        assert_eq!(normalized("team/app"), "docker.io/team/app:latest");
        assert_eq!(normalized("docker.io/debian"), "docker.io/library/debian:latest");
        assert_eq!(
            normalized("index.docker.io/debian"),
            "docker.io/library/debian:latest"
        );
        assert_eq!(
            normalized("nvcr.io/nvidia/cuda:12.8.1-base"),
            "nvcr.io/nvidia/cuda:12.8.1-base"
        );
        assert_eq!(normalized("localhost/app"), "localhost/app:latest");
        assert_eq!(normalized("localhost:5000/a/b/c:v1"), "localhost:5000/a/b/c:v1");
        assert_eq!(normalized("[::1]:5000/app"), "[::1]:5000/app:latest");
        assert_eq!(normalized("Registry/app"), "Registry/app:latest");
        assert_eq!(normalized("a__b/c---d.e_f"), "docker.io/a__b/c---d.e_f:latest");
    }

    #[test]
    fn a_digest_stands_with_or_without_a_tag() {
        assert_eq!(
            normalized(&format!("debian@{DIGEST}")),
            format!("docker.io/library/debian@{DIGEST}")
        );
        assert_eq!(
            normalized(&format!("debian:12@{DIGEST}")),
            format!("docker.io/library/debian:12@{DIGEST}")
        );
        let pinned = ImageReference::parse("debian:12").unwrap().with_digest(DIGEST);
        assert_eq!(
            (pinned.name(), pinned.tag(), pinned.digest()),
            ("docker.io/library/debian", Some("12"), Some(DIGEST))
        );
    }

    #[test]
    fn other_texts_are_refused_with_the_reason() {
        insta::assert_snapshot!(
            [
                "",
                "Debian",
                "debian:",
                "debian:a b",
                "a//b",
                "-a",
                "a___b",
                "a..b",
                "exa_mple.com/a",
                "example.com:port/a",
                "debian@sha256:12",
                &"a".repeat(64)
            ]
            .map(normalized)
            .join("\n"),
        );
    }

    #[test]
    fn a_normalised_reference_stays_as_it_is() {
        for reference in ["debian", "localhost:5000/a/b", "nvcr.io/nvidia/cuda:12"] {
            let once = normalized(reference);
            assert_eq!(normalized(&once), once);
        }
    }
}
