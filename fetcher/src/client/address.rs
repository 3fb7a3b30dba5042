//! Addresses of http and https: which are taken, what may be shown of them, where they lead.

use reqwest::Response;
use reqwest::header::LOCATION;
use url::Url;

use super::answer::header;
use super::{Error, Failure, Mask};

/// Where a redirect leads; never from https to http, where anybody could change the bytes.
pub(super) fn redirect(from: &Url, response: &Response) -> Result<Option<Url>, Failure> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let bad = |problem: &str| {
        Failure::never(Error::Network {
            address: plain(from),
            problem: problem.into(),
        })
    };
    let location = header(response.headers(), LOCATION.as_str());
    let location = location.ok_or_else(|| bad("the server redirects to nowhere"))?;
    let next = from
        .join(location)
        .map_err(|_| bad("the server redirects to what is no address"))?;
    match (from.scheme(), next.scheme()) {
        (_, "https") | ("http", "http") => Ok(Some(next)),
        _ => Err(bad("the server redirects from https to something else")),
    }
}

pub(super) fn parse(address: &str) -> Result<Url, Error> {
    let bad = |problem: &str| Error::Usage {
        problem: format!("`{}` {problem}", Mask::default().text(address)),
        fix: "give an address of http or https".into(),
    };
    let url = Url::parse(address).map_err(|_| bad("is no address"))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err(bad("is no address of http or https")),
    }
}

/// An address without user, query and fragment: what may be shown.
pub(super) fn plain(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_http_and_shown_without_its_query() {
        for address in ["file:///etc/passwd", "x", "ftp://h/x"] {
            assert!(parse(address).is_err(), "{address}");
        }
        assert_eq!(
            plain(&parse("https://me:pw@h:8/a?Signature=x#y").unwrap()),
            "https://h:8/a"
        );
    }
}
