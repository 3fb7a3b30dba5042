//! Asks an address through the engine: the frontend's own container has no network.

use buildkit_llb::{Definition, Http, Meta};

use super::super::{Build, Failure};
use crate::gateway::{ErrorKind, GatewayError};
use crate::source::Span;

/// What the answer is called.
const ANSWER: &str = "answer";

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// The server's status.
    Status(u16),
    /// The engine's words: no connection, no name, no certificate.
    Unreachable(String),
}

/// What an address answers at this moment. Without a checksum the engine asks the server in each build, and downloads only
/// what has changed.
pub(super) async fn ask(
    build: &Build,
    url: &str,
    title: &str,
    span: Span,
) -> Result<Result<Vec<u8>, NoAnswer>, Failure> {
    let http = Http {
        url: url.to_owned(),
        filename: Some(ANSWER.into()),
        ..Http::default()
    };
    let meta = Meta {
        name: Some(format!("[internal] {title}")),
        locations: vec![build.spec.location(span)],
        ..Meta::default()
    };
    let definition = Definition::new(&http.output(meta))?;
    let solved = match build.gateway.solve(&definition, true).await {
        Ok(solved) => solved,
        Err(error) if error.kind == ErrorKind::Closed => return Err(error.into()),
        Err(error) => return Ok(Err(no_answer(&error))),
    };
    Ok(Ok(build.gateway.read_file(&solved, ANSWER).await?))
}

fn no_answer(error: &GatewayError) -> NoAnswer {
    let message = &error.status.message;
    match status(message) {
        Some(status) => NoAnswer::Status(status),
        None => NoAnswer::Unreachable(without_query(message)),
    }
}

/// The status in the engine's words (buildkit `source/http/source.go`).
pub(super) fn status(message: &str) -> Option<u16> {
    let (_, status) = message.split_once("invalid response status ")?;
    let digits: String = status.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Queries of addresses hold signatures, and say nothing to a person.
fn without_query(message: &str) -> String {
    let word = |word: &str| match word.split_once('?') {
        Some((address, _)) if address.contains("://") => format!("{address}?…"),
        _ => word.to_owned(),
    };
    message.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_not_shown() {
        assert_eq!(
            without_query("Get \"https://cdn.test/a?Signature=x\": dial tcp"),
            "Get \"https://cdn.test/a?… dial tcp"
        );
        assert_eq!(without_query("why? because"), "why? because");
    }

    #[test]
    fn a_status_is_read() {
        assert_eq!(status("failed: invalid response status 404 Not Found"), Some(404));
        assert_eq!(status("dial tcp: refused"), None);
    }
}
