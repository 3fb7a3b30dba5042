//! A file on a server.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, IF_RANGE, RANGE};
use reqwest::{Response, StatusCode};
use url::Url;

use super::address::{parse, plain, redirect};
use super::answer::{content_length, content_range, header, strong_etag};
use super::body::{Body, Got, network};
use super::bucket::Object;
use super::door::Door;
use super::on_hub::OnHub;
use super::origin::Origin;
use super::retry::{Again, wanted_wait};
use super::{Client, Error, Failure, Token, Tries};

/// The most redirects that are followed.
const HOPS: usize = 10;

/// A file on a server. Clones share what is known of where it really lies.
#[derive(Debug, Clone)]
pub struct Remote {
    client: Client,
    origin: Origin,
    /// Where the last answer came from, when it was not the origin.
    place: Arc<Mutex<Option<Url>>>,
}

impl Remote {
    /// A file at an address. The token goes to the address's origin only.
    ///
    /// # Errors
    /// For what is no address of http or https.
    pub fn web(client: &Client, address: &str, token: Option<Token>) -> Result<Self, Error> {
        Ok(Self::of(
            client,
            Origin::Web {
                url: parse(address)?,
                token,
                asked: None,
            },
        ))
    }

    pub(super) fn on_hub(
        client: &Client,
        address: &str,
        token: Option<Token>,
        asked: OnHub,
    ) -> Result<Self, Error> {
        Ok(Self::of(
            client,
            Origin::Web {
                url: parse(address)?,
                token,
                asked: Some(Arc::new(asked)),
            },
        ))
    }

    pub(super) fn in_registry(client: &Client, address: &str, door: Arc<Door>) -> Result<Self, Error> {
        let url = parse(address)?;
        Ok(Self::of(client, Origin::Registry { url, door }))
    }

    /// An object in a bucket.
    pub fn object(client: &Client, object: Object) -> Self {
        Self::of(client, Origin::Bucket(object))
    }

    fn of(client: &Client, origin: Origin) -> Self {
        Self {
            client: client.clone(),
            origin,
            place: Arc::default(),
        }
    }

    /// The client that it is asked with.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Where it lies, without a query.
    pub fn address(&self) -> String {
        self.origin.to_string()
    }

    /// Bytes of the file, asked of the server.
    ///
    /// # Errors
    /// When it cannot be had, or the server does not say its size.
    pub async fn size(&self) -> Result<u64, Error> {
        let mut tries = Tries::new(self.client.settings());
        loop {
            match self.get(0..1, None).await {
                Ok(Got { size: Some(size), .. }) => return Ok(size),
                Ok(Got { size: None, .. }) => {
                    return Err(Error::Network {
                        address: self.address(),
                        problem: "the server does not say how large the file is".into(),
                    });
                }
                Err(failure) => tries.wait(failure).await?,
            }
        }
    }

    /// A small file or answer as a whole, with the head of the answer.
    ///
    /// # Errors
    /// When it cannot be had, or is larger than `most` bytes.
    pub async fn read(&self, most: usize) -> Result<(HeaderMap, Vec<u8>), Error> {
        self.read_with(&HeaderMap::new(), most).await
    }

    /// The same, asked for with these headers.
    pub(super) async fn read_with(
        &self,
        headers: &HeaderMap,
        most: usize,
    ) -> Result<(HeaderMap, Vec<u8>), Error> {
        let mut tries = Tries::new(self.client.settings());
        loop {
            match self.read_once(headers, most).await {
                Ok(read) => return Ok(read),
                Err(failure) => tries.wait(failure).await?,
            }
        }
    }

    async fn read_once(&self, headers: &HeaderMap, most: usize) -> Result<(HeaderMap, Vec<u8>), Failure> {
        let (response, address) = self.request(headers).await?;
        let headers = response.headers().clone();
        let mut body = Body { response, address };
        let mut bytes = Vec::new();
        while let Some(piece) = body.next().await? {
            if bytes.len() + piece.len() > most {
                return Err(Failure::never(Error::Network {
                    address: body.address,
                    problem: format!("the answer is larger than {most} bytes"),
                }));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok((headers, bytes))
    }

    /// Asks for bytes of the file, once. With `if_range` the server gives the whole file where it is another version.
    pub(crate) async fn get(&self, range: Range<u64>, if_range: Option<&str>) -> Result<Got, Failure> {
        let mut headers = HeaderMap::new();
        put(
            &mut headers,
            RANGE,
            &format!("bytes={}-{}", range.start, range.end - 1),
        );
        if let Some(etag) = if_range {
            put(&mut headers, IF_RANGE, etag);
        }
        let (response, address) = self.request(&headers).await?;
        let etag = strong_etag(response.headers());
        if response.status() != StatusCode::PARTIAL_CONTENT {
            return Ok(Got {
                ranged: false,
                size: content_length(response.headers()),
                etag,
                body: Body { response, address },
            });
        }
        match content_range(response.headers()) {
            Some((given, size)) if given.start == range.start && given.end <= range.end => Ok(Got {
                ranged: true,
                size,
                etag,
                body: Body { response, address },
            }),
            _ => Err(Failure::later(Error::Network {
                address,
                problem: "the server gives another range than was asked for".into(),
            })),
        }
    }

    /// One request, redirects followed. The answer is one of success.
    async fn request(&self, headers: &HeaderMap) -> Result<(Response, String), Failure> {
        let known = self.place.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut url = match &known {
            Some(place) => place.clone(),
            None => self.origin.start().await?,
        };
        for _ in 0..HOPS {
            let token = self.origin.token(&url).await;
            let response = self.send(&url, headers, token.as_ref()).await?;
            if let Some(door) = self.origin.door(&url) {
                let asks = response.status() == StatusCode::UNAUTHORIZED;
                if asks && door.renew(&url, token.as_ref(), response.headers()).await? {
                    continue;
                }
                if !response.status().is_client_error() {
                    door.opened().await;
                }
            }
            if let Some(next) = redirect(&url, &response)? {
                url = next;
                continue;
            }
            if response.status().is_success() {
                self.remember(&url);
                return Ok((response, plain(&url)));
            }
            if known.is_some() && matches!(response.status().as_u16(), 401 | 403 | 404 | 410) {
                self.forget(&url);
            }
            return Err(self.refused(&url, &response, token.as_ref(), known.is_some()));
        }
        Err(Failure::never(Error::Network {
            address: self.address(),
            problem: format!("the server redirects more than {HOPS} times"),
        }))
    }

    async fn send(&self, url: &Url, headers: &HeaderMap, token: Option<&Token>) -> Result<Response, Failure> {
        let mut headers = headers.clone();
        put(&mut headers, ACCEPT_ENCODING, "identity");
        if let Some(token) = token {
            let mut value = header_value(token.header());
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let request = self.client.http().get(url.clone()).headers(headers);
        request
            .send()
            .await
            .map_err(|error| Failure::later(network(&plain(url), error)))
    }

    /// What was asked of a hub, when it is the hub that answers. An address may be a hub's without anybody having said so.
    fn on_the_hub(&self, url: &Url, headers: &HeaderMap) -> Option<Arc<OnHub>> {
        match &self.origin {
            Origin::Web { url: own, asked, .. } if self.origin.has(url) => asked.clone().or_else(|| {
                header(headers, "x-error-code")?;
                OnHub::of(own).map(Arc::new)
            }),
            _ => None,
        }
    }

    fn remember(&self, url: &Url) {
        if self.origin.url() != Some(url) {
            *self.place.lock().unwrap_or_else(PoisonError::into_inner) = Some(url.clone());
        }
    }

    /// Unless another lane has found a new place meanwhile.
    fn forget(&self, url: &Url) {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        if place.as_ref() == Some(url) {
            *place = None;
        }
    }

    /// What a status says that is no success; a place that was `known` from earlier may no longer be the right one.
    fn refused(&self, url: &Url, response: &Response, token: Option<&Token>, known: bool) -> Failure {
        let (status, headers) = (response.status().as_u16(), response.headers());
        let address = plain(url);
        let wait = wanted_wait(headers);
        if matches!(status, 408 | 425 | 429 | 500..) {
            return self.passing(address, status, wait);
        }
        let error = match (self.on_the_hub(url, headers), status) {
            (Some(asked), _) => asked.refused(status, headers, token.is_some()),
            (_, 401 | 403) if let Some(door) = self.origin.door(url) => door.closed(status, token),
            (_, 401 | 403) => Error::Denied { address, status },
            (_, 404 | 410) => Error::Missing { address },
            _ => Error::Network {
                address,
                problem: format!("the server says {status}"),
            },
        };
        let led_astray =
            !self.origin.has(url) && (matches!(status, 401 | 403) || known && matches!(status, 404 | 410));
        Failure {
            error,
            again: if led_astray {
                Again::Elsewhere
            } else {
                Again::Never
            },
        }
    }

    fn passing(&self, address: String, status: u16, wait: Option<std::time::Duration>) -> Failure {
        let error = match (status, wait) {
            (429, Some(wait)) => Error::Limited {
                address,
                seconds: wait.as_secs(),
            },
            _ => Error::Network {
                address,
                problem: format!("the server says {status}"),
            },
        };
        Failure::after(error, wait)
    }
}

fn put(headers: &mut HeaderMap, name: reqwest::header::HeaderName, value: &str) {
    headers.insert(name, header_value(value));
}

/// Values are of our own making or were headers; any other is sent empty, never as two lines.
fn header_value(value: &str) -> reqwest::header::HeaderValue {
    reqwest::header::HeaderValue::from_str(value)
        .unwrap_or_else(|_| reqwest::header::HeaderValue::from_static(""))
}
