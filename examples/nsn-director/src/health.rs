//! Whether the node can do its work, check by check.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{json, Value};

use crate::models;
use crate::sidecar::State;
use crate::state::Shared;

/// What `/health` answers.
#[derive(Debug, Serialize)]
pub struct Report {
    /// `ok`, `failing` or `stopping`.
    pub status: &'static str,
    /// The id of the node.
    pub node: String,
    /// Each check by name.
    pub checks: BTreeMap<&'static str, Check>,
}

/// One check.
#[derive(Debug, Serialize)]
pub struct Check {
    /// Whether it passes.
    pub ok: bool,
    /// What was found.
    pub found: Value,
}

/// Makes every check. Reads a byte of each model file.
pub fn report(shared: &Shared) -> Report {
    let checks = BTreeMap::from([
        ("models", models_check(shared)),
        ("sidecar", sidecar_check(shared)),
        // Bound before anything answers, or there is no node.
        ("grpc", passed(json!({ "address": shared.addresses.grpc }))),
        (
            "p2p",
            passed(json!({ "address": shared.addresses.p2p, "peers": shared.peers() })),
        ),
        ("substrate", substrate_check(shared)),
    ]);
    let all = checks.values().all(|check| check.ok);
    let status = match (shared.is_stopping(), all) {
        (true, _) => "stopping",
        (false, true) => "ok",
        (false, false) => "failing",
    };
    Report {
        status,
        node: shared.identity.id().to_owned(),
        checks,
    }
}

impl Report {
    /// Whether every check passes and the node takes requests.
    pub fn is_ok(&self) -> bool {
        self.status == "ok"
    }
}

fn models_check(shared: &Shared) -> Check {
    let found = models::look(&shared.options.models_path);
    let ok = found.values().all(|model| model.problems.is_empty());
    Check {
        ok,
        found: json!(found),
    }
}

fn sidecar_check(shared: &Shared) -> Check {
    let restarts = shared.sidecar.restarts();
    match shared.sidecar.state() {
        State::Ready { pid, voices } => passed(json!({ "pid": pid, "voices": voices, "restarts": restarts })),
        State::Starting => failed(json!({ "problem": "is starting", "restarts": restarts })),
        State::Down(why) => failed(json!({ "problem": why, "restarts": restarts })),
    }
}

fn substrate_check(shared: &Shared) -> Check {
    match &shared.options.substrate_ws_url.0 {
        Some(url) => passed(json!({ "endpoint": url.to_string() })),
        None => failed(json!({ "problem": "SUBSTRATE_WS_URL is not set" })),
    }
}

fn passed(found: Value) -> Check {
    Check { ok: true, found }
}

fn failed(found: Value) -> Check {
    Check { ok: false, found }
}
