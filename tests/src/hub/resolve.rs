//! Where a file is: small ones at the hub, large ones at the CDN.

use axum::http::header;
use axum::response::Response;

use super::access::Wanted;
use super::answer::{self, plain, set};
use super::asked::Asked;
use super::fault::{Fault, Stage};
use super::file::File;
use super::refusal::Refusal;
use super::route::Route;
use super::site::{Answer, Site, State};

impl Site {
    pub(super) fn of_file(&self, state: &mut State, asked: &Asked<'_>, route: &Route) -> Answer {
        let (Route::File {
            repository,
            revision,
            path,
        }
        | Route::Cached {
            repository,
            revision,
            path,
        }) = route
        else {
            return (plain(404, "Not Found".to_owned()), None);
        };
        let found = state
            .limited("resolvers")
            .and_then(|()| found(state, asked, repository, revision, path));
        let response = match found {
            Err(refusal) => refusal.of_file(),
            Ok((commit, file)) => {
                let mut response = match (&file.lfs, route) {
                    (Some(_), _) => self.elsewhere(state, repository, &file),
                    (None, Route::Cached { .. }) => {
                        let played = state.faults.play(repository, path, Stage::Send);
                        answer::send(&file, asked, played, &state.sent)
                    }
                    (None, _) => cached(asked, repository, &commit, &file),
                };
                set(response.headers_mut(), "x-repo-commit", commit);
                response
            }
        };
        (response, Some(format!("{repository}/{path}")))
    }

    /// Sends to the CDN.
    fn elsewhere(&self, state: &mut State, repository: &str, file: &File) -> Response {
        let url = format!("{}{}", self.cdn, state.sign(repository, file));
        let mut response = plain(302, format!("Found. Redirecting to {url}"));
        let headers = response.headers_mut();
        set(headers, header::LOCATION, url);
        set(headers, header::ACCEPT_RANGES, "bytes");
        set(headers, "x-linked-size", file.size.to_string());
        set(headers, "x-linked-etag", file.etag());
        response
    }
}

/// The commit and the file, or why who asks gets neither.
fn found(
    state: &mut State,
    asked: &Asked<'_>,
    name: &str,
    revision: &str,
    path: &str,
) -> Result<(String, File), Refusal> {
    let repository = state.repository(name, asked, Wanted::Files)?;
    let commit = repository
        .commit(revision)
        .ok_or_else(|| Refusal::Revision(revision.to_owned()))?;
    let entry = || Refusal::Entry {
        commit: commit.id.clone(),
    };
    let file = commit.file(path).ok_or_else(entry)?;
    let found = (commit.id.clone(), file.clone());
    match state
        .faults
        .play(name, path, Stage::Resolve)
        .map(|played| played.fault)
    {
        Some(Fault::Limited { seconds }) => Err(Refusal::Limited {
            kind: "resolvers",
            seconds,
        }),
        _ => Ok(found),
    }
}

/// Sends to where the hub itself keeps small files: 307, to a path of the hub.
fn cached(asked: &Asked<'_>, repository: &str, commit: &str, file: &File) -> Response {
    let path = asked
        .path
        .split('/')
        .skip_while(|part| *part != "resolve")
        .skip(2);
    let path = path.collect::<Vec<_>>().join("/");
    let to = format!(
        "/api/resolve-cache/models/{repository}/{commit}/{path}?etag=%22{}%22",
        file.oid
    );
    let mut response = plain(307, format!("Temporary Redirect. Redirecting to {to}"));
    let headers = response.headers_mut();
    set(headers, header::LOCATION, to);
    set(headers, "x-linked-size", file.size.to_string());
    set(headers, header::ETAG, file.etag());
    response
}
