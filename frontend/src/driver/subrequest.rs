//! Questions that are not a build (`docker buildx build --call=NAME`).

use std::collections::BTreeMap;

use serde_json::json;

use super::Failure;
use crate::gateway::BuildResult;
use crate::options::Request;

/// What describes itself (buildkit `frontend/subrequests/describe.go`).
const DESCRIBE: &str = "frontend.subrequests.describe";

/// The version of the description's form, from the same file.
const VERSION: &str = "1.0.0";

/// Answers a question.
pub(super) fn answer(request: &Request) -> Result<BuildResult, Failure> {
    match request.name.as_str() {
        "subrequests.describe" => Ok(BuildResult::answer(describe())),
        _ => Err(Failure::unsupported_subrequest(&request.id)),
    }
}

fn describe() -> BTreeMap<String, Vec<u8>> {
    let words = "List available subrequest types";
    let json = json!([{ "name": DESCRIBE, "version": VERSION, "type": "rpc", "description": words,
        "opts": null, "inputs": null, "metadata": null, "refs": null }]);
    let short = DESCRIBE.trim_start_matches("frontend.");
    let text = format!("NAME                 VERSION DESCRIPTION\n{short:<20} {VERSION}   {words}\n");
    [
        ("result.json", json.to_string()),
        ("result.txt", text),
        ("version", VERSION.to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value.into_bytes()))
    .into()
}
