//! What is wrong with an image.

use serde::Serialize;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// What kind of thing.
    pub class: Class,
    /// Where it is: a layer and a path, a config, an attestation.
    pub place: String,
    /// What it is, in words that hold no secret.
    pub message: String,
}

/// Kinds of findings, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The value of a secret that was given.
    Secret,
    /// Something that looks like a token or a key.
    Token,
    /// Bytes that could not be looked at.
    Unreadable,
    /// A model's file that is not what is promised.
    Model,
    /// It runs as root.
    User,
    /// A label that is missing.
    Label,
    /// Ports are served, and nothing asks whether the server is well.
    Healthcheck,
}

impl Class {
    /// As it is written in `--allow`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Token => "token",
            Self::Unreadable => "unreadable",
            Self::Model => "model",
            Self::User => "user",
            Self::Label => "label",
            Self::Healthcheck => "healthcheck",
        }
    }
}
