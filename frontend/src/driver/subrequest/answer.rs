//! What is answered: the same for people and for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::Failure;
use crate::gateway::BuildResult;

/// The answer to a question.
#[derive(Debug, Clone, Default)]
pub(in crate::driver) struct Answer {
    /// For programs: `--call=NAME,format=json`. Without it the text is printed for them too.
    json: Option<String>,
    /// For people.
    text: String,
    /// What `docker buildx build` exits with, where it is not 0.
    status: Option<u8>,
}

impl Answer {
    /// A text that is the same for people and programs.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A value for programs, and the same in words.
    ///
    /// # Errors
    /// Only a value that cannot be written as JSON, which is a bug.
    pub(super) fn new(value: &impl Serialize, text: impl Into<String>) -> Result<Self, Failure> {
        let json = serde_json::to_string_pretty(value).map_err(|error| Failure::bug(&error.to_string()))?;
        Ok(Self {
            json: Some(json),
            ..Self::text(text)
        })
    }

    /// The same with JSON that has been written already.
    pub(super) fn with_json(mut self, json: impl Into<String>) -> Self {
        self.json = Some(json.into());
        self
    }

    /// What the client exits with.
    pub(super) fn exits(mut self, status: u8) -> Self {
        self.status = Some(status);
        self
    }

    /// The metadata that clients print (buildx `commands/build.go`, `printResult`).
    pub(super) fn into_result(self, version: &str) -> BuildResult {
        let entries = [
            ("result.json", self.json),
            ("result.txt", Some(self.text)),
            ("result.statuscode", self.status.map(|status| status.to_string())),
            ("version", Some(version.to_owned())),
        ];
        let metadata: BTreeMap<String, Vec<u8>> = entries
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?.into_bytes())))
            .collect();
        BuildResult::answer(metadata)
    }
}
