//! Git repositories as build contexts: what is one, and what its URL asks for
//! (buildkit frontend/dockerfile/dfgitutil/git_ref.go and util/gitutil/git_url.go).

use buildkit_llb::{Git, Output};

use super::titled;
use crate::gateway::GatewayError;

/// A repository, as `URL#REF:SUBDIR` or `URL?ref=…&subdir=…` names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct GitContext {
    /// As the user wrote it, for messages and names.
    written: String,
    remote: String,
    reference: Option<String>,
    subdir: Option<String>,
    checksum: Option<String>,
    keep_git_dir: bool,
    skip_submodules: bool,
}

impl GitContext {
    /// The repository that `url` names; none where it names something else.
    ///
    /// `./` and `../` are folders; http(s) URLs are repositories when their path ends in `.git`.
    pub fn detect(url: &str) -> Option<Result<Self, GatewayError>> {
        let (head, fragment) = url.split_once('#').unwrap_or((url, ""));
        let (remote, query) = head.split_once('?').unwrap_or((head, ""));
        if !is_repository(remote) {
            return None;
        }
        let (reference, subdir) = fragment.split_once(':').unwrap_or((fragment, ""));
        let mut context = Self {
            written: url.to_owned(),
            remote: remote.to_owned(),
            reference: some(reference),
            subdir: some(subdir.trim_matches('/')),
            ..Self::default()
        };
        Some(context.query(query).map(|()| context))
    }

    /// The checkout, with `.git` where `keep_git_dir` or the URL asks for it.
    pub fn output(&self, keep_git_dir: bool) -> Output {
        let git = Git {
            remote: self.remote.clone(),
            reference: self.reference.clone(),
            subdir: self.subdir.clone(),
            checksum: self.checksum.clone(),
            keep_git_dir: keep_git_dir || self.keep_git_dir,
            skip_submodules: self.skip_submodules,
            ..Git::default()
        };
        git.output(titled(format!("[internal] load git source {}", self.written)))
    }

    fn query(&mut self, query: &str) -> Result<(), GatewayError> {
        let mut seen = std::collections::BTreeSet::new();
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if !seen.insert(key.clone().into_owned()) {
                return Err(self.bad(format!("`{key}` is given twice")));
            }
            self.parameter(&key, &value)?;
        }
        Ok(())
    }

    fn parameter(&mut self, key: &str, value: &str) -> Result<(), GatewayError> {
        let switch = matches!(key, "keep-git-dir" | "submodules");
        if value.is_empty() && !switch {
            return Err(self.bad(format!("`{key}` has no value")));
        }
        match key {
            "ref" => self.set_reference(value.to_owned()),
            "tag" => self.set_reference(full_name("refs/tags/", value)),
            "branch" => self.set_reference(full_name("refs/heads/", value)),
            "subdir" => self.set_subdir(value.trim_matches('/')),
            "checksum" | "commit" => {
                self.checksum = some(value);
                Ok(())
            }
            "keep-git-dir" => self.boolean(key, value).map(|keep| self.keep_git_dir = keep),
            "submodules" => self
                .boolean(key, value)
                .map(|fetch| self.skip_submodules = !fetch),
            _ => Err(self.bad(format!("`{key}` is not a parameter that this frontend knows"))),
        }
    }

    fn set_reference(&mut self, reference: String) -> Result<(), GatewayError> {
        match &self.reference {
            Some(other) if *other != reference => {
                Err(self.bad(format!("`{other}` and `{reference}` cannot both be checked out")))
            }
            _ => {
                self.reference = Some(reference);
                Ok(())
            }
        }
    }

    fn set_subdir(&mut self, subdir: &str) -> Result<(), GatewayError> {
        match &self.subdir {
            Some(other) if other != subdir => {
                Err(self.bad(format!("`{other}` and `{subdir}` cannot both be the context")))
            }
            _ => {
                self.subdir = some(subdir);
                Ok(())
            }
        }
    }

    /// A switch without a value is on.
    fn boolean(&self, key: &str, value: &str) -> Result<bool, GatewayError> {
        match value {
            "" | "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
            _ => Err(self.bad(format!("`{key}={value}` is neither true nor false"))),
        }
    }

    fn bad(&self, problem: String) -> GatewayError {
        GatewayError::invalid(format!("the git context `{}`: {problem}", self.written)).hint(
            "write `https://HOST/PATH.git#REF:SUBDIR`, or the parameters `ref`, `tag`, `branch`, `subdir`, `checksum`, `keep-git-dir` and `submodules`",
        )
    }
}

fn is_repository(remote: &str) -> bool {
    if remote.starts_with("./") || remote.starts_with("../") {
        return false;
    }
    match remote.split_once("://") {
        Some((scheme, rest)) => match scheme.to_ascii_lowercase().as_str() {
            "git" | "ssh" => true,
            "http" | "https" => rest.ends_with(".git"),
            _ => false,
        },
        // The deprecated form without a scheme, and `git@host:path`.
        None => remote.starts_with("github.com/") || is_scp(remote),
    }
}

fn is_scp(remote: &str) -> bool {
    let word = |text: &str, others: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|char| char.is_ascii_alphanumeric() || others.contains(char))
    };
    let host_path = remote.split_once('@').filter(|(user, _)| word(user, "-_"));
    host_path
        .and_then(|(_, rest)| rest.split_once(':'))
        .is_some_and(|(host, _)| word(host, "-."))
}

fn full_name(prefix: &str, name: &str) -> String {
    match name.starts_with(prefix) {
        true => name.to_owned(),
        false => format!("{prefix}{name}"),
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> GitContext {
        GitContext::detect(url).unwrap().unwrap()
    }

    fn problem(url: &str) -> String {
        GitContext::detect(url).unwrap().unwrap_err().status.message
    }

    #[test]
    fn dockerfile_from_git_urls_are_recognised() {
        for url in [
            "https://example.com/team/app.git",
            "http://example.com/app.git#main",
            "git://example.com/app",
            "ssh://git@example.com/app",
            "git@example.com:team/app.git",
            "github.com/moby/buildkit",
        ] {
            assert!(GitContext::detect(url).is_some(), "{url}");
        }
        for other in [
            "https://example.com/context.tar.gz",
            "./app.git",
            "../app.git",
            "context",
            "https://x/y.git/z",
        ] {
            assert!(GitContext::detect(other).is_none(), "{other}");
        }
    }

    #[test]
    fn the_fragment_names_reference_and_folder() {
        let context = parse("https://example.com/app.git#v1:models/director/");
        assert_eq!(context.remote, "https://example.com/app.git");
        assert_eq!(context.reference.as_deref(), Some("v1"));
        assert_eq!(context.subdir.as_deref(), Some("models/director"));
    }

    #[test]
    fn git_query_string_sets_every_part() {
        let context =
            parse("https://example.com/app.git?tag=v1&subdir=a/b&commit=abc&keep-git-dir&submodules=false");
        assert_eq!(context.reference.as_deref(), Some("refs/tags/v1"));
        assert_eq!(context.subdir.as_deref(), Some("a/b"));
        assert_eq!(context.checksum.as_deref(), Some("abc"));
        assert!(context.keep_git_dir && context.skip_submodules);
        let branch = parse("git@example.com:app.git?branch=main");
        assert_eq!(branch.reference.as_deref(), Some("refs/heads/main"));
    }

    #[test]
    fn git_query_string_mistakes_are_named() {
        assert_eq!(
            problem("https://example.com/app.git?reff=v1"),
            "the git context `https://example.com/app.git?reff=v1`: `reff` is not a parameter that this frontend knows"
        );
        assert!(
            problem("https://e.com/a.git?tag=v1#main")
                .ends_with("`main` and `refs/tags/v1` cannot both be checked out")
        );
        assert!(problem("https://e.com/a.git?ref=").ends_with("`ref` has no value"));
        assert!(problem("https://e.com/a.git?ref=a&ref=b").ends_with("`ref` is given twice"));
        assert!(
            problem("https://e.com/a.git?submodules=maybe")
                .ends_with("`submodules=maybe` is neither true nor false")
        );
    }
}
