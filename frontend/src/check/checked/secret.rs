//! Secrets, and how steps see them.

use crate::source::{Span, Spanned};

/// A declared secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The build goes on without it.
    pub optional: bool,
    /// What it is for, in the user's words.
    pub description: Option<String>,
    /// Where it was declared.
    pub span: Span,
}

/// How a step sees a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretUse {
    /// Its id.
    pub id: Spanned<String>,
    /// The environment variable or file that holds it in the step.
    pub shown_as: SecretShown,
    /// The step runs without it.
    pub optional: bool,
}

/// Where a step finds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretShown {
    /// This environment variable.
    Env(String),
    /// This absolute path, `/run/secrets/ID` when not written.
    File(String),
}
