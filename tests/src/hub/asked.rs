//! What a client wants, as far as answers depend on it.

use std::ops::Range;

use axum::http::{HeaderMap, Method, header};

/// A request without a body.
pub(super) struct Asked<'a> {
    pub method: &'a Method,
    /// As it was sent, with `%`.
    pub path: &'a str,
    pub query: &'a str,
    /// Who asks is no container but a program of this machine, as an engine is.
    pub from_machine: bool,
    headers: &'a HeaderMap,
}

impl<'a> Asked<'a> {
    pub(super) fn of(request: &'a axum::extract::Request, from_machine: bool) -> Self {
        Self {
            from_machine,
            method: request.method(),
            path: request.uri().path(),
            query: request.uri().query().unwrap_or_default(),
            headers: request.headers(),
        }
    }

    pub(super) fn header(&self, name: header::HeaderName) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The token, if it sent an `Authorization` at all; one that is not of the form `Bearer …` is empty.
    pub(super) fn token(&self) -> Option<&'a str> {
        let value = self.header(header::AUTHORIZATION)?;
        Some(value.strip_prefix("Bearer ").unwrap_or_default())
    }

    /// The value of a parameter of the query, as it was sent.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a str> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Whether the client has this entity already (RFC 9110, section 13.1.2).
    pub(super) fn has(&self, etag: &str) -> bool {
        let known = self.header(header::IF_NONE_MATCH).unwrap_or_default();
        known
            .split(',')
            .any(|known| known.trim().trim_start_matches("W/") == etag.trim_start_matches("W/"))
    }

    /// The part of `size` bytes that is asked for: `Err` if there is no such part, nothing if all of them are.
    pub(super) fn range(&self, etag: &str, size: u64) -> Result<Option<Range<u64>>, ()> {
        let still = self.header(header::IF_RANGE).is_none_or(|known| known == etag);
        match self.header(header::RANGE).filter(|_| still) {
            Some(range) => part(range, size),
            None => Ok(None),
        }
    }
}

/// One range (RFC 9110, section 14.1.2). Several, which nobody here asks for, are as none.
fn part(range: &str, size: u64) -> Result<Option<Range<u64>>, ()> {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return Ok(None);
    };
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) => first..(last + 1).min(size),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(length)) if first.is_empty() => size.saturating_sub(length)..size,
        _ => return Ok(None),
    };
    if part.is_empty() { Err(()) } else { Ok(Some(part)) }
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn a_part_is_of_the_bytes_that_are_there() {
        assert_eq!(part("bytes=0-0", 10), Ok(Some(0..1)));
        assert_eq!(part("bytes=4-99", 10), Ok(Some(4..10)));
        assert_eq!(part("bytes=4-", 10), Ok(Some(4..10)));
        assert_eq!(part("bytes=-3", 10), Ok(Some(7..10)));
        assert_eq!(part("bytes=10-", 10), Err(()));
        assert_eq!(part("bytes=1-2,4-5", 10), Ok(None));
        assert_eq!(part("lines=1-2", 10), Ok(None));
    }
}
