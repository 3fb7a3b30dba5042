use super::Attributes;
use crate::capability::Capability;
use crate::error::{Fault, Problem};
use crate::meta::Meta;
use crate::output::Output;
use crate::vertex::Draft;

/// A directory of the client (buildkit `client/llb/source.go: Local`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Local {
    /// The name that the client gave the directory, `context` for one.
    pub name: String,
    /// The client's session. This or `unique` must be set: builds whose ops are equal share results, and the
    /// directories of two clients may have one name.
    pub session: Option<String>,
    /// An id that tells this directory from others of its name, where the session is not known.
    pub unique: Option<String>,
    /// Paths to take with the targets of the links on them; all by default.
    pub follow_paths: Vec<String>,
    /// Patterns of paths to take; all by default.
    pub include_patterns: Vec<String>,
    /// Patterns of paths to leave out, in the order of a `.dockerignore`.
    pub exclude_patterns: Vec<String>,
    /// What transfers have in common that send the same files; only changes are sent then.
    pub shared_key_hint: Option<String>,
    /// How files are compared with those of the last transfer; the daemon's own way by default.
    pub differ: Option<Differ>,
}

/// How files are compared with those of the last transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differ {
    /// Not at all: every file is sent.
    None,
    /// By size, time, mode and owner.
    Metadata,
}

impl Local {
    /// The directory.
    pub fn output(self, meta: Meta) -> Output {
        Output::of(self.draft(), meta)
    }

    fn draft(self) -> Result<Draft, Fault> {
        self.check()?;
        let mut attributes = Attributes::new(Capability::SOURCE_LOCAL);
        attributes.set_with(Capability::SOURCE_LOCAL_SESSION_ID, "local.session", self.session);
        attributes.set_with(Capability::SOURCE_LOCAL_UNIQUE, "local.unique", self.unique);
        let (include, follow) = (json(&self.include_patterns), json(&self.follow_paths));
        attributes.set_with(
            Capability::SOURCE_LOCAL_INCLUDE_PATTERNS,
            "local.includepattern",
            include,
        );
        attributes.set_with(Capability::SOURCE_LOCAL_FOLLOW_PATHS, "local.followpaths", follow);
        let exclude = json(&self.exclude_patterns);
        attributes.set_with(
            Capability::SOURCE_LOCAL_EXCLUDE_PATTERNS,
            "local.excludepatterns",
            exclude,
        );
        attributes.set_with(
            Capability::SOURCE_LOCAL_SHARED_KEY_HINT,
            "local.sharedkeyhint",
            self.shared_key_hint,
        );
        attributes.set_with(
            Capability::SOURCE_LOCAL_DIFFER,
            "local.differ",
            self.differ.map(Differ::as_str),
        );
        Ok(attributes.draft(format!("local://{}", self.name), false))
    }

    fn check(&self) -> Result<(), Problem> {
        let known = |id: &Option<String>| id.as_ref().is_some_and(|id| !id.is_empty());
        if self.name.is_empty() {
            return Err(Problem::Unnamed("the name of a local source"));
        }
        if !known(&self.session) && !known(&self.unique) {
            return Err(Problem::LocalWithoutSession(self.name.clone()));
        }
        Ok(())
    }
}

impl Differ {
    fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Metadata => "metadata",
        }
    }
}

/// A list as the attribute has it; none for an empty list.
fn json(list: &[String]) -> Option<String> {
    (!list.is_empty()).then(|| serde_json::Value::from(list).to_string())
}
