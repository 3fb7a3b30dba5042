//! `subrequests.describe`: what can be asked.

use serde_json::{Value, json};

use super::{Answer, By, CALLS, Call};

/// buildkit `frontend/subrequests/describe.go`.
pub(super) const CALL: Call = Call {
    name: "frontend.subrequests.describe",
    aliases: &["describe"],
    version: "1.0.0",
    description: "List available subrequest types",
    by: By::Itself(answer),
};

fn answer() -> Answer {
    let json: Vec<Value> = CALLS.iter().map(described).collect();
    Answer::text(table()).with_json(Value::from(json).to_string())
}

/// buildkit `frontend/subrequests/types.go`.
fn described(call: &Call) -> Value {
    json!({
        "name": call.name, "version": call.version, "type": "rpc", "description": call.description,
        "opts": null, "inputs": null, "metadata": null, "refs": null,
    })
}

fn table() -> String {
    let row = |call: &Call| {
        [
            call.short().to_owned(),
            call.version.to_owned(),
            call.description.to_owned(),
        ]
    };
    super::table::table(["NAME", "VERSION", "DESCRIPTION"], CALLS.iter().map(row))
}
