//! The hub's answers but for files.

use axum::http::header;
use axum::response::Response;
use base16ct::lower::encode_string;
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};

use super::access::Wanted;
use super::answer;
use super::asked::Asked;
use super::refusal::Refusal;
use super::route::Route;
use super::site::{Answer, Site, State};
use super::tree;

impl Site {
    /// The hub's answer.
    pub(super) fn of_hub(&self, state: &mut State, asked: &Asked<'_>) -> Answer {
        let route = Route::of(asked.path);
        if let Some(response) = moved(state, asked, &route) {
            return (response, None);
        }
        match route {
            Route::File { .. } | Route::Cached { .. } => self.of_file(state, asked, &route),
            Route::Nothing => (answer::plain(404, "Not Found".to_owned()), None),
            route => {
                let found = state
                    .limited("api")
                    .and_then(|()| self.of_api(state, asked, route));
                (found.unwrap_or_else(|refusal| refusal.of_api()), None)
            }
        }
    }

    fn of_api(&self, state: &State, asked: &Asked<'_>, route: Route) -> Result<Response, Refusal> {
        match route {
            Route::Revision { repository, revision } => {
                Ok(unless_known(asked, &about(state, asked, &repository, revision)?))
            }
            Route::Tree {
                repository,
                revision,
                folder,
            } => {
                let found = state.repository(&repository, asked, Wanted::List)?;
                let commit = found.commit(&revision).ok_or(Refusal::Revision(revision))?;
                let recursive = asked.parameter("recursive").is_some_and(|value| value != "false");
                let entries = tree::entries(commit, &folder, recursive);
                if entries.is_empty() && !folder.is_empty() {
                    return Err(Refusal::Entry {
                        commit: commit.id.clone(),
                    });
                }
                Ok(self.page(state, asked, &entries))
            }
            Route::Check { repository } => {
                state.repository(&repository, asked, Wanted::Files)?;
                Ok(answer::plain(200, "OK".to_owned()))
            }
            _ => Ok(answer::plain(404, "Not Found".to_owned())),
        }
    }

    /// One page of a tree, and where the next is.
    fn page(&self, state: &State, asked: &Asked<'_>, entries: &[Value]) -> Response {
        let limit = asked.parameter("limit").and_then(|limit| limit.parse().ok());
        let length = limit.unwrap_or(usize::MAX).min(state.page).max(1);
        // The real one is opaque too.
        let from = asked
            .parameter("cursor")
            .and_then(|cursor| usize::from_str_radix(cursor, 36).ok());
        let from = from.unwrap_or(0).min(entries.len());
        let to = (from + length).min(entries.len());
        let mut response = unless_known(asked, &entries[from..to].into());
        if to < entries.len() {
            let kept = asked
                .query
                .split('&')
                .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
            let query: Vec<String> = kept
                .map(str::to_owned)
                .chain([format!("cursor={}", in_36(to))])
                .collect();
            let next = format!("<{}{}?{}>; rel=\"next\"", self.url, asked.path, query.join("&"));
            answer::set(response.headers_mut(), header::LINK, next);
        }
        response
    }
}

fn about(state: &State, asked: &Asked<'_>, name: &str, revision: String) -> Result<Value, Refusal> {
    let repository = state.repository(name, asked, Wanted::List)?;
    let commit = repository.commit(&revision).ok_or(Refusal::Revision(revision))?;
    let files = commit.files.iter().map(|file| json!({ "rfilename": file.path }));
    Ok(json!({
        "_id": &commit.id[..24],
        "id": name,
        "modelId": name,
        "author": name.split_once('/').map(|(author, _)| author),
        "sha": commit.id,
        "lastModified": "2026-01-02T03:04:05.000Z",
        "createdAt": "2026-01-02T03:04:05.000Z",
        "private": matches!(repository.access, super::Access::Private(_)),
        "gated": repository.access.gate(),
        "disabled": false,
        "downloads": 0,
        "likes": 0,
        "tags": [],
        "cardData": super::card::of(commit),
        "siblings": files.collect::<Value>(),
    }))
}

/// The text with an entity tag, as the hub's web server makes one; 304 to those who have it.
fn unless_known(asked: &Asked<'_>, value: &Value) -> Response {
    let text = value.to_string();
    let etag = format!("W/\"{:x}-{}\"", text.len(), encode_string(&Sha1::digest(&text)));
    let mut response = if asked.has(&etag) {
        answer::plain(304, String::new())
    } else {
        answer::json(200, value)
    };
    answer::set(response.headers_mut(), header::ETAG, etag);
    response
}

/// Sends those who use an earlier name on: 307, to a path of the hub.
fn moved(state: &State, asked: &Asked<'_>, route: &Route) -> Option<Response> {
    let (Route::Revision { repository, .. }
    | Route::Tree { repository, .. }
    | Route::Check { repository }
    | Route::File { repository, .. }) = route
    else {
        return None;
    };
    let now = state.renamed(repository)?;
    let path = asked.path.replacen(repository.as_str(), now, 1);
    let query = if asked.query.is_empty() {
        String::new()
    } else {
        format!("?{}", asked.query)
    };
    let mut response = answer::plain(307, format!("Temporary Redirect. Redirecting to {path}"));
    answer::set(response.headers_mut(), header::LOCATION, path + &query);
    Some(response)
}

fn in_36(mut number: usize) -> String {
    let mut digits = Vec::new();
    while number > 0 || digits.is_empty() {
        digits.push(char::from_digit((number % 36) as u32, 36).expect("a digit"));
        number /= 36;
    }
    digits.iter().rev().collect()
}
