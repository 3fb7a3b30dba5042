//! What the templates of a Dockerfile see: texts that need no thought any more.

use serde::Serialize;

/// All of it.
#[derive(Debug, Serialize)]
pub(super) struct Dockerfile {
    /// Who reads it, for BuildKit.
    pub syntax: Option<&'static str>,
    /// Comments at the top.
    pub title: Vec<String>,
    /// The stages; what a stage takes files from comes before it.
    pub stages: Vec<Stage>,
}

/// `FROM` and what follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Stage {
    /// What it is for, and which line of the spec asks for it.
    pub comment: String,
    /// Where it runs, when that is not the image's platform.
    pub platform: Option<&'static str>,
    /// An image or a stage.
    pub from: String,
    /// What other stages call it; the image itself has no name.
    pub name: Option<String>,
    /// Its instructions.
    pub lines: Vec<Line>,
}

/// One instruction. Its template has the name of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Line {
    /// `RUN`.
    Run(Run),
    /// `COPY` and `ADD`.
    Copy(Copy),
    /// `ENV`, `USER`, `LABEL`, ….
    Setting(Setting),
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Run {
    /// Mounts and the network.
    pub flags: Vec<String>,
    /// The command line, or the start of a heredoc.
    pub command: String,
    /// The heredoc.
    pub script: Option<Heredoc>,
}

/// Files that come from elsewhere, or are written here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Copy {
    /// `COPY` or `ADD`.
    pub keyword: &'static str,
    /// Owner, mode, origin.
    pub flags: Vec<String>,
    /// From where to where.
    pub words: String,
    /// What is written.
    pub script: Option<Heredoc>,
}

/// A text of many lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Heredoc {
    /// Its lines, without the last line feed.
    pub text: String,
    /// The word that ends it.
    pub end: String,
}

/// An instruction of one word and values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Setting {
    /// Which.
    pub keyword: &'static str,
    /// Each on a line of its own.
    pub values: Vec<String>,
}

impl Line {
    /// An instruction with one value.
    pub fn setting(keyword: &'static str, value: impl Into<String>) -> Self {
        Self::Setting(Setting {
            keyword,
            values: vec![value.into()],
        })
    }

    /// `COPY`.
    pub fn copy(flags: Vec<String>, words: String) -> Self {
        Self::Copy(Copy {
            keyword: "COPY",
            flags,
            words,
            script: None,
        })
    }

    /// A file that the Dockerfile holds itself.
    pub fn file(path: &str, mode: u32, text: &str) -> Self {
        let script = Heredoc::of(text);
        Self::Copy(Copy {
            keyword: "COPY",
            flags: vec![format!("--chmod={mode:04o}")],
            words: format!("<<'{}' {}", script.end, super::words::path(path)),
            script: Some(script),
        })
    }
}

impl Heredoc {
    /// A text, with an end that no line of it is.
    pub fn of(text: &str) -> Self {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let is_free = |end: &String| !text.lines().any(|line| line == end);
        let ends = std::iter::once("EOF".to_owned()).chain((2..).map(|number| format!("EOF{number}")));
        Self {
            text: text.to_owned(),
            end: ends.into_iter().find(is_free).unwrap_or_default(),
        }
    }
}
