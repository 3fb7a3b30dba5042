//! The bytes of an answer.

use bytes::Bytes;
use reqwest::Response;

use super::{Error, Failure};

/// An answer with bytes.
#[derive(Debug)]
pub(crate) struct Got {
    /// Whether the body is the range that was asked for; else it is the whole file.
    pub(crate) ranged: bool,
    /// Bytes of the whole file, where the server says.
    pub(crate) size: Option<u64>,
    /// A strong validator of this version of the file.
    pub(crate) etag: Option<String>,
    /// The bytes.
    pub(crate) body: Body,
}

/// The bytes of an answer, in the order of the file.
#[derive(Debug)]
pub(crate) struct Body {
    pub(super) response: Response,
    pub(super) address: String,
}

impl Body {
    /// The next bytes; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        self.response
            .chunk()
            .await
            .map_err(|error| Failure::later(network(&self.address, error)))
    }
}

/// What reqwest says, down to the cause, without the address and its signature.
pub(super) fn network(address: &str, error: reqwest::Error) -> Error {
    let idle = error.is_timeout();
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    let problem = match idle {
        true => "the server sends nothing any more".into(),
        false => format!("the connection broke: {cause}"),
    };
    Error::Network {
        address: address.to_owned(),
        problem,
    }
}
