//! Answers, and how the bytes of a file are sent or fail to be.

use std::future::pending;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use futures_util::stream;
use serde_json::Value;

use super::asked::Asked;
use super::content::Opened;
use super::fault::{Fault, Played};
use super::file::File;

/// How much is sent at a time, in bytes.
const PIECE: u64 = 256 * 1024;

pub(super) fn plain(status: u16, text: String) -> Response {
    with_body(status, "text/plain; charset=utf-8", text.into())
}

pub(super) fn json(status: u16, value: &Value) -> Response {
    with_body(
        status,
        "application/json; charset=utf-8",
        value.to_string().into(),
    )
}

/// What S3 and its kin say (an XML text), which must not be taken for a file.
pub(super) fn refused(status: u16) -> Response {
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{status}</Code></Error>");
    with_body(status, "application/xml", text.into())
}

fn with_body(status: u16, kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status.try_into().expect("a status");
    set(response.headers_mut(), header::CONTENT_TYPE, kind);
    response
}

/// Sets a header.
pub(super) fn set(headers: &mut HeaderMap, name: impl header::IntoHeaderName, value: impl AsRef<str>) {
    let value = HeaderValue::from_str(value.as_ref()).expect("a value without control characters");
    headers.insert(name, value);
}

/// Sends a file, or what a fault makes of it.
pub(super) fn send(
    file: &File,
    asked: &Asked<'_>,
    played: Option<Played>,
    sent: &Arc<AtomicU64>,
) -> Response {
    match played.as_ref().map(|played| played.fault) {
        Some(Fault::Status(status)) => return refused(status),
        Some(Fault::Page) => {
            let page = "<!doctype html>\n<title>Welcome to our network</title>\n";
            return with_body(200, "text/html", page.into());
        }
        Some(Fault::OneLane) if played.as_ref().is_some_and(Played::at_once) => return refused(403),
        _ => {}
    }
    let etag = file.etag();
    if asked.has(&etag) {
        let mut response = plain(304, String::new());
        set(response.headers_mut(), header::ETAG, etag);
        return response;
    }
    let deaf = played
        .as_ref()
        .is_some_and(|played| played.fault == Fault::NoRange);
    let sent = match asked.from_machine {
        true => Arc::clone(sent),
        false => Arc::default(),
    };
    match asked.range(&etag, file.size) {
        _ if deaf => part(file, 200, 0..file.size, played, sent),
        Ok(Some(range)) => part(file, 206, range, played, sent),
        Ok(None) => part(file, 200, 0..file.size, played, sent),
        Err(()) => {
            let mut response = refused(416);
            set(
                response.headers_mut(),
                header::CONTENT_RANGE,
                format!("bytes */{}", file.size),
            );
            response
        }
    }
}

fn part(
    file: &File,
    status: u16,
    range: Range<u64>,
    played: Option<Played>,
    sent: Arc<AtomicU64>,
) -> Response {
    let deaf = played
        .as_ref()
        .is_some_and(|played| played.fault == Fault::NoRange);
    let mut headers = HeaderMap::new();
    set(
        &mut headers,
        header::CONTENT_LENGTH,
        (range.end - range.start).to_string(),
    );
    set(&mut headers, header::ETAG, file.etag());
    if !deaf {
        set(&mut headers, header::ACCEPT_RANGES, "bytes");
    }
    if status == 206 {
        let value = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
        set(&mut headers, header::CONTENT_RANGE, value);
    }
    let opened = file.content.open().expect("a file that is still there");
    let sending = Sending::new(opened, range, file.size, played, sent);
    let mut response = with_body(status, "application/octet-stream", sending.body());
    response.headers_mut().extend(headers);
    response
}

/// Bytes on their way.
struct Sending {
    opened: Opened,
    at: u64,
    end: u64,
    /// Where it goes wrong, and whether the connection ends there or hangs.
    breaks: Option<(u64, bool)>,
    flipped: Option<u64>,
    /// Bytes a second.
    rate: Option<u64>,
    /// Counts them, with those of all that are counted.
    sent: Arc<AtomicU64>,
    /// Kept as long as the bytes are on their way.
    _played: Option<Played>,
}

impl Sending {
    fn new(
        opened: Opened,
        range: Range<u64>,
        size: u64,
        played: Option<Played>,
        sent: Arc<AtomicU64>,
    ) -> Self {
        let after = |percent: u8| range.start + (range.end - range.start) * u64::from(percent.min(100)) / 100;
        let (mut breaks, mut flipped, mut rate) = (None, None, None);
        match played.as_ref().map(|played| played.fault) {
            Some(Fault::Cut { percent }) => breaks = Some((after(percent), false)),
            Some(Fault::Hang { percent }) => breaks = Some((after(percent), true)),
            Some(Fault::Flip) => flipped = Some(size / 2),
            Some(Fault::Slow { rate: bytes }) => rate = Some(bytes.max(1)),
            _ => {}
        }
        Self {
            opened,
            at: range.start,
            end: range.end,
            breaks,
            flipped,
            rate,
            sent,
            _played: played,
        }
    }

    fn body(self) -> Body {
        Body::from_stream(stream::unfold(self, |mut sending| async {
            let piece = sending.next().await?;
            Some((piece, sending))
        }))
    }

    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        match self.breaks {
            Some((at, true)) if at == self.at => pending().await,
            Some((at, false)) if at == self.at => {
                // What was sent before arrives before the connection ends.
                tokio::time::sleep(Duration::from_millis(20)).await;
                return Some(Err(io::Error::other("cut, as planned")));
            }
            _ => {}
        }
        if self.at == self.end {
            return None;
        }
        Some(self.piece().await)
    }

    async fn piece(&mut self) -> io::Result<Bytes> {
        let stop = self.breaks.map_or(self.end, |(at, _)| at);
        let most = self.rate.map_or(PIECE, |rate| (rate / 20).clamp(1, PIECE));
        let length = most.min(stop - self.at);
        let mut bytes = self
            .opened
            .at(self.at, usize::try_from(length).map_err(io::Error::other)?)?;
        if let Some(flipped) = self.flipped.filter(|at| (self.at..self.at + length).contains(at)) {
            let index = usize::try_from(flipped - self.at).map_err(io::Error::other)?;
            bytes[index] ^= 1;
        }
        if let Some(rate) = self.rate {
            tokio::time::sleep(Duration::from_micros(length * 1_000_000 / rate)).await;
        }
        self.at += length;
        self.sent.fetch_add(length, Ordering::Relaxed);
        Ok(bytes.into())
    }
}
