//! What the head of an answer says.

use std::ops::Range;

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap};

/// A header as text.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `bytes 0-99/1234` (RFC 9110 14.4): which bytes come, and of how many.
pub(super) fn content_range(headers: &HeaderMap) -> Option<(Range<u64>, Option<u64>)> {
    let value = header(headers, CONTENT_RANGE.as_str())?.strip_prefix("bytes ")?;
    let (range, size) = value.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let range = first.trim().parse().ok()?..last.trim().parse::<u64>().ok()?.checked_add(1)?;
    Some((range, size.trim().parse().ok()))
}

pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    header(headers, CONTENT_LENGTH.as_str())?.trim().parse().ok()
}

/// A strong validator, which `If-Range` may hold (RFC 9110 13.1.5).
pub(super) fn strong_etag(headers: &HeaderMap) -> Option<String> {
    let etag = header(headers, ETAG.as_str())?;
    (etag.starts_with('"') && etag.len() > 2).then(|| etag.to_owned())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn a_range_says_which_bytes_come_and_of_how_many() {
        for (value, expected) in [
            ("bytes 0-99/1234", Some((0..100, Some(1234)))),
            ("bytes 5-5/*", Some((5..6, None))),
            ("bytes */1234", None),
            ("lines 0-1/2", None),
            ("bytes 0-18446744073709551615/2", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_RANGE, HeaderValue::from_static(value));
            assert_eq!(content_range(&headers), expected, "{value}");
        }
    }

    #[test]
    fn only_a_strong_validator_counts() {
        for (value, strong) in [
            ("\"abc\"", true),
            ("W/\"abc\"", false),
            ("\"\"", false),
            ("abc", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ETAG, HeaderValue::from_static(value));
            assert_eq!(strong_etag(&headers).is_some(), strong, "{value}");
        }
    }
}
