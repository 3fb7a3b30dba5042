//! What `fetcher resolve` writes: the state of a source at this moment, or why it cannot be had.
//!
//! The program ends with 0 in both cases and writes JSON to the file of `--to`, so that a build can say the reason itself:
//!
//! ```text
//! fetcher resolve --source hf:org/repo --revision main --endpoint https://huggingface.co
//!                 [--include GLOB]… [--exclude GLOB]… [--token-file PATH] --to FILE
//! fetcher resolve --source s3:bucket/prefix --endpoint https://s3.example.com
//!                 --key-file PATH --secret-file PATH [--include GLOB]… [--exclude GLOB]… --to FILE
//! fetcher resolve --source oci:registry/name --revision TAG|DIGEST [--endpoint http://registry] [--token-file PATH] … --to FILE
//! ```

use serde::{Deserialize, Serialize};

use crate::card::Card;
use crate::closed::Closed;
use crate::file::File;
use crate::hub::Refusal;

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// What the source holds.
    Found(Listing),
    /// The server's no.
    Refused(Refusal),
    /// A registry's no.
    Closed(Closed),
    /// What is asked for, or asked with, is of no use: an artifact without files, a secret without a login.
    Unusable {
        /// What is wrong.
        problem: String,
        /// What to do.
        fix: String,
    },
    /// Anything else, in words that hold no secret and no query of an address.
    Failed(String),
}

/// What a source holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The commit or digest; `None` where the source has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// What the model's card says.
    #[serde(default, skip_serializing_if = "Card::is_empty")]
    pub card: Card,
    /// Files that the patterns take, by path, each with its SHA-256.
    pub files: Vec<File>,
    /// Paths of all files, where the patterns take none: for the advice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for (answer, text) in [
            (Answer::Refused(Refusal::Gated), r#"{"refused":"gated"}"#),
            (
                Answer::Refused(Refusal::Limited { seconds: Some(55) }),
                r#"{"refused":{"limited":{"seconds":55}}}"#,
            ),
            (Answer::Closed(Closed::Login), r#"{"closed":"login"}"#),
            (
                Answer::Unusable {
                    problem: "a".into(),
                    fix: "b".into(),
                },
                r#"{"unusable":{"problem":"a","fix":"b"}}"#,
            ),
            (
                Answer::Found(Listing {
                    card: Card::default(),
                    revision: None,
                    files: vec![],
                    others: vec![],
                }),
                r#"{"found":{"files":[]}}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&answer).unwrap(), text);
            assert_eq!(serde_json::from_str::<Answer>(text).unwrap(), answer);
        }
    }
}
