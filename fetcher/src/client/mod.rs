//! Speaks with hubs, buckets and other servers.
//!
//! - [`Client`] makes connections; [`Settings`] say how patient it is.
//! - [`Remote`] is a file on a server: a hub's, a bucket's, or an address. It is asked for ranges, and knows when what it was led
//!   to has expired.
//! - [`Visit`] asks a hub what a repository holds; [`bucket`] opens buckets, [`Registry`] repositories of artifacts.
//! - [`Error`] says what went wrong, and by its class whether starting again helps. [`Mask`] takes secrets out of texts.
//!
//! A token goes to the origin that it is for and to no other. Connections are HTTP/1.1: with HTTP/2 all lanes would share one, and
//! hubs limit what a connection may carry.

mod address;
mod answer;
mod body;
pub mod bucket;
mod door;
mod error;
mod login;
mod mask;
mod on_hub;
mod origin;
mod registry;
mod remote;
mod retry;
mod tls;
mod token;
mod visit;

use std::path::PathBuf;
use std::time::Duration;

pub use error::Error;
pub use mask::{Mask, Masked};
pub use registry::Registry;
pub use remote::Remote;
pub use token::Token;
pub use visit::Visit;

pub(crate) use body::{Body, Got};
pub(crate) use retry::{Failure, Tries};
pub(crate) use visit::hexadecimal;

/// How patient a client is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A PEM file of certificates to trust beside the web's own, as `SSL_CERT_FILE` names it.
    pub certificates: Option<PathBuf>,
    /// Longest time to wait for a connection.
    pub connect: Duration,
    /// Longest time without a byte.
    pub idle: Duration,
    /// Tries of one piece of work that bring nothing, in a row.
    pub tries: u32,
    /// First bound of the random wait between tries; it doubles.
    pub shortest_wait: Duration,
    /// Last bound of the random wait between tries.
    pub longest_wait: Duration,
    /// Connections of one download.
    pub lanes: usize,
    /// Longest time to wait for another process that brings the same file.
    pub turn: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            certificates: None,
            connect: Duration::from_secs(30),
            idle: Duration::from_secs(60),
            tries: 6,
            shortest_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            lanes: 8,
            turn: Duration::from_secs(3600),
        }
    }
}

/// Makes requests. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    settings: Settings,
    mask: Mask,
}

impl Client {
    /// A client that trusts the web's roots and the certificates of the settings.
    ///
    /// # Errors
    /// For certificates that cannot be read.
    pub fn new(settings: Settings, mask: Mask) -> Result<Self, Error> {
        let tls = tls::config(settings.certificates.as_deref())?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(settings.connect)
            .read_timeout(settings.idle)
            .tcp_nodelay(true)
            .user_agent(concat!("modelcrate-fetcher/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Error::Usage {
                problem: format!("no client can be made: {}", error.without_url()),
                fix: "look at the proxy in the environment".into(),
            })?;
        Ok(Self { http, settings, mask })
    }

    /// How patient it is.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What its messages must not hold.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// The HTTP client itself, which follows no redirects.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }
}
