//! What a file is asked of first, and who asks.

use std::sync::Arc;

use url::Url;

use super::address::plain;
use super::bucket::Object;
use super::door::Door;
use super::on_hub::OnHub;
use super::{Failure, Token};

/// Where a file is asked for first.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    /// An address.
    Web {
        url: Url,
        token: Option<Token>,
        /// What is asked of a hub, whose no has words of its own.
        asked: Option<Arc<OnHub>>,
    },
    /// A repository of a registry, which says itself what it wants to see.
    Registry { url: Url, door: Arc<Door> },
    /// Addresses in a bucket are signed, each for an hour.
    Bucket(Object),
}

impl Origin {
    /// The address to begin at.
    pub(super) async fn start(&self) -> Result<Url, Failure> {
        match self {
            Self::Web { url, .. } | Self::Registry { url, .. } => Ok(url.clone()),
            Self::Bucket(object) => object.signed().await.map_err(Failure::never),
        }
    }

    /// The address, where it is always the same.
    pub(super) fn url(&self) -> Option<&Url> {
        match self {
            Self::Web { url, .. } | Self::Registry { url, .. } => Some(url),
            Self::Bucket(_) => None,
        }
    }

    /// Whether an address is of the same server.
    pub(super) fn has(&self, url: &Url) -> bool {
        self.url().is_some_and(|own| own.origin() == url.origin())
    }

    /// The token for an address: no other server sees it.
    pub(super) async fn token(&self, url: &Url) -> Option<Token> {
        match self {
            _ if !self.has(url) => None,
            Self::Web { token, .. } => token.clone(),
            Self::Registry { door, .. } => door.token().await,
            Self::Bucket(_) => None,
        }
    }

    /// The door that an address is behind.
    pub(super) fn door(&self, url: &Url) -> Option<&Door> {
        match self {
            Self::Registry { door, .. } if self.has(url) => Some(door),
            _ => None,
        }
    }
}

impl std::fmt::Display for Origin {
    /// Without a query.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Web { url, .. } | Self::Registry { url, .. } => f.write_str(&plain(url)),
            Self::Bucket(object) => object.fmt(f),
        }
    }
}
