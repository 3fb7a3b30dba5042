//! The name of a repository.

/// A repository of models: `org/name`, or `name` for a few old ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repository(String);

/// Why a text is not the name of a repository, as what follows "the name".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidRepository {
    /// It has more than one slash, or an empty part.
    Parts,
    /// A character that is none of letters, digits, `-`, `_` and `.`.
    Character(char),
    /// `--`, `..`, or `-` or `.` at an end of a part.
    Punctuation,
    /// A part of more than 96 characters.
    Length,
    /// `.git` at its end.
    Git,
}

impl std::fmt::Display for InvalidRepository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Parts => f.write_str("is not of the form `org/name`"),
            Self::Character(c) => write!(f, "has a `{}`", c.escape_default()),
            Self::Punctuation => f.write_str("has `--` or `..`, or a part with `-` or `.` at an end"),
            Self::Length => f.write_str("has a part of more than 96 characters"),
            Self::Git => f.write_str("ends in `.git`"),
        }
    }
}

impl Repository {
    /// Reads a name by the rules of the hub (`validate_repo_id` of huggingface_hub).
    ///
    /// # Errors
    /// For what no repository can be called.
    pub fn parse(text: &str) -> Result<Self, InvalidRepository> {
        let parts: Vec<&str> = text.split('/').collect();
        if parts.len() > 2 || parts.iter().any(|part| part.is_empty()) {
            return Err(InvalidRepository::Parts);
        }
        if text.ends_with(".git") {
            return Err(InvalidRepository::Git);
        }
        parts.into_iter().try_for_each(part)?;
        Ok(Self(text.to_owned()))
    }

    /// `org/name`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder in a hub's cache: `models--org--name`.
    pub fn folder(&self) -> String {
        format!("models--{}", self.0.replace('/', "--"))
    }
}

fn part(part: &str) -> Result<(), InvalidRepository> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if let Some(c) = part.chars().find(|c| !allowed(*c)) {
        return Err(InvalidRepository::Character(c));
    }
    let edge = |c: char| matches!(c, '-' | '.');
    if part.contains("--") || part.contains("..") || part.starts_with(edge) || part.ends_with(edge) {
        return Err(InvalidRepository::Punctuation);
    }
    match part.len() {
        0..=96 => Ok(()),
        _ => Err(InvalidRepository::Length),
    }
}

impl std::fmt::Display for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules_of_the_hub() {
        for name in ["org/name", "gpt2", "a.b/c_d-e", "HuggingFaceTB/SmolLM2-135M"] {
            assert!(Repository::parse(name).is_ok(), "{name}");
        }
        for (name, why) in [
            ("", InvalidRepository::Parts),
            ("a/b/c", InvalidRepository::Parts),
            ("a/", InvalidRepository::Parts),
            ("a/b c", InvalidRepository::Character(' ')),
            ("a/b?c", InvalidRepository::Character('?')),
            ("a/..", InvalidRepository::Punctuation),
            ("a/b--c", InvalidRepository::Punctuation),
            ("a/-b", InvalidRepository::Punctuation),
            ("a/b.git", InvalidRepository::Git),
        ] {
            assert_eq!(Repository::parse(name), Err(why), "{name}");
        }
        assert_eq!(Repository::parse(&"a".repeat(97)), Err(InvalidRepository::Length));
    }

    #[test]
    fn the_cache_has_a_folder_for_each() {
        assert_eq!(Repository::parse("o/n").unwrap().folder(), "models--o--n");
    }
}
