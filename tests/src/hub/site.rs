//! What the two servers answer from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::header;
use axum::response::Response;

use super::access::Wanted;
use super::asked::Asked;
use super::cdn::Signed;
use super::fault::Faults;
use super::log::{Request, Side};
use super::refusal::Refusal;
use super::repository::Repository;

/// Both servers.
pub(super) struct Site {
    pub url: String,
    pub cdn: String,
    state: Mutex<State>,
}

/// What changes while they run.
pub(super) struct State {
    pub repositories: BTreeMap<String, Repository>,
    /// All that are valid.
    pub tokens: BTreeSet<String>,
    /// Entries of a tree a page.
    pub page: usize,
    pub faults: Faults,
    /// How many requests are still refused, and the seconds of the window.
    pub limit: (u32, u32),
    /// Addresses of the CDN that were given out, by signature.
    pub signed: BTreeMap<String, Signed>,
    pub requests: Vec<Request>,
    /// Bytes of files that were sent to programs of this machine.
    pub sent: Arc<AtomicU64>,
}

/// An answer, and the file that it is for.
pub(super) type Answer = (Response, Option<String>);

impl Site {
    pub(super) fn new(url: String, cdn: String) -> Self {
        Self {
            url,
            cdn,
            state: Mutex::new(State {
                repositories: BTreeMap::new(),
                tokens: BTreeSet::new(),
                page: 1000,
                faults: Faults::default(),
                limit: (0, 0),
                signed: BTreeMap::new(),
                requests: Vec::new(),
                sent: Arc::default(),
            }),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // A test that failed at it is told elsewhere.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request and notes it.
    pub(super) fn answer(
        &self,
        side: Side,
        request: &axum::extract::Request,
        from_machine: bool,
    ) -> Response {
        let asked = Asked::of(request, from_machine);
        let mut state = self.lock();
        let (response, file) = match side {
            Side::Hub => self.of_hub(&mut state, &asked),
            Side::Cdn => state.of_cdn(&asked),
        };
        state.requests.push(Request {
            side,
            method: asked.method.to_string(),
            path: asked.path.to_owned(),
            file,
            range: asked.header(header::RANGE).map(str::to_owned),
            authorized: asked.token().is_some(),
            status: response.status().as_u16(),
        });
        response
    }
}

impl State {
    /// The repository of this name, for who asks.
    pub(super) fn repository(
        &self,
        name: &str,
        asked: &Asked<'_>,
        wanted: Wanted,
    ) -> Result<&Repository, Refusal> {
        let token = asked.token();
        if token.is_some_and(|token| !self.tokens.contains(token)) {
            return Err(Refusal::Token);
        }
        let known = token.is_some();
        let repository = self.repositories.get(name).ok_or(Refusal::Repository { known })?;
        repository.access.check(name, token, wanted)?;
        Ok(repository)
    }

    /// The name that a repository has now, if this is one that it had before.
    pub(super) fn renamed(&self, name: &str) -> Option<&str> {
        let mut repositories = self.repositories.values();
        let now = repositories.find(|repository| repository.formerly.iter().any(|before| before == name))?;
        Some(&now.name)
    }

    /// Whether this request is one too many.
    pub(super) fn limited(&mut self, kind: &'static str) -> Result<(), Refusal> {
        let (left, seconds) = &mut self.limit;
        if *left == 0 {
            return Ok(());
        }
        *left -= 1;
        let seconds = *seconds;
        Err(Refusal::Limited { kind, seconds })
    }
}
