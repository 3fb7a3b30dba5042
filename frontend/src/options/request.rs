//! Questions to the frontend, and what clients need of it.

/// A subrequest: a question that is not a build (`docker buildx build --call NAME`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The whole id as the client sent it, `frontend.lint`: what an error must name.
    pub id: String,
    /// The name without prefix, `lint`. buildx puts `frontend.` before any name, so `--call frontend.lint` has it twice.
    pub name: String,
}

/// What this frontend can do, as its image's label `moby.buildkit.frontend.caps` says
/// (buildkit frontend/dockerfile/builder/caps.go).
pub const FRONTEND_CAPS: [&str; 4] = [
    "moby.buildkit.frontend.inputs",
    "moby.buildkit.frontend.subrequests",
    "moby.buildkit.frontend.contexts",
    "moby.buildkit.frontend.gitquerystring",
];

impl Request {
    pub(super) fn new(id: String) -> Self {
        let mut name = id.as_str();
        while let Some(rest) = name.strip_prefix("frontend.") {
            name = rest;
        }
        Self {
            name: name.to_owned(),
            id,
        }
    }
}

/// The first of the comma list that this frontend lacks; `+forward` after a name is for the builtin frontend.
pub(super) fn unsupported(required: &str) -> Option<String> {
    required
        .split(',')
        .map(|cap| cap.split_once('+').map_or(cap, |(name, _)| name))
        .find(|name| !name.is_empty() && !FRONTEND_CAPS.contains(name))
        .map(str::to_owned)
}
