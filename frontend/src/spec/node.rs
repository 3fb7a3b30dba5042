//! The tree of a YAML file: text exactly as written, every entry kept, a place for each part.

use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};

/// A file that is YAML with a mapping at its top.
#[derive(Debug, Clone)]
pub struct Document {
    /// The mapping at the top.
    pub root: Node,
    /// What was wrong on the way and did not stop the reading, such as a key written twice.
    pub problems: Vec<Diagnostic>,
}

/// One value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// From the first byte of the value to one past its last.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// The three kinds of values.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Text, a number, a switch: all of them text here.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values, in the written order.
    Mapping(Vec<Pair>),
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scalar {
    /// What it says, `3.10` and not `3.1`.
    pub text: String,
    /// Written without quotes, so that `null` means nothing at all.
    pub plain: bool,
    /// Some `${…}` in it could not be replaced: what to say about it, empty when it has been said.
    pub unresolved: Option<Vec<Diagnostic>>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The key.
    pub key: Spanned<String>,
    /// The value.
    pub value: Node,
}

impl Node {
    /// Text that was not written by the user but follows from what they wrote at `span`.
    pub fn text(text: impl Into<String>, span: Span) -> Self {
        let text = text.into();
        let kind = Kind::Scalar(Scalar {
            text,
            ..Scalar::default()
        });
        Self { span, kind }
    }

    /// A list.
    pub fn sequence(items: Vec<Self>, span: Span) -> Self {
        Self {
            span,
            kind: Kind::Sequence(items),
        }
    }

    /// A mapping.
    pub fn mapping(pairs: Vec<Pair>, span: Span) -> Self {
        Self {
            span,
            kind: Kind::Mapping(pairs),
        }
    }

    /// The text of a scalar.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(scalar) if !self.is_null() => Some(&scalar.text),
            _ => None,
        }
    }

    /// The entries of a mapping; nothing for other kinds.
    pub fn pairs(&self) -> &[Pair] {
        match &self.kind {
            Kind::Mapping(pairs) => pairs,
            _ => &[],
        }
    }

    /// The value of `key` in a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.pair(key).map(|pair| &pair.value)
    }

    /// The entry of `key` in a mapping.
    pub fn pair(&self, key: &str) -> Option<&Pair> {
        self.pairs().iter().find(|pair| pair.key.value == key)
    }

    /// Nothing was written, or a plain `null` or `~`.
    pub fn is_null(&self) -> bool {
        match &self.kind {
            Kind::Scalar(scalar) => {
                scalar.plain && matches!(scalar.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
            }
            _ => false,
        }
    }

    /// A short part to point at: the whole of a scalar, the first key of a mapping, the first item of a list.
    pub fn head(&self) -> Span {
        match &self.kind {
            Kind::Scalar(_) => self.span,
            Kind::Sequence(items) => items.first().map_or(self.span, Self::head),
            Kind::Mapping(pairs) => pairs.first().map_or(self.span, |pair| pair.key.span),
        }
    }

    /// "a list", for messages.
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(_) if self.is_null() => "nothing",
            Kind::Scalar(_) => "text",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
        }
    }
}
