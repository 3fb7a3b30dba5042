//! Private indexes: each step gets the credentials of the indexes that it must ask, and no others.
//!
//! uv finds credentials by an index's name in `UV_INDEX_NAME_USERNAME` and `UV_INDEX_NAME_PASSWORD`, and the name by
//! `UV_INDEX` (uv `docs/concepts/indexes.md`).

use super::super::{Facts, SecretEnv};
use crate::check::Python;
use crate::python::without_credentials;

/// Environment and secrets of a step.
#[derive(Debug, Default)]
pub(super) struct Access {
    /// Plain variables.
    pub env: Vec<(String, String)>,
    /// Secret ones.
    pub secrets: Vec<SecretEnv>,
}

/// Access to those of the declared indexes that `needed` picks by URL.
pub(super) fn access(python: &Python, facts: &Facts, needed: impl Fn(&str) -> bool) -> Access {
    let mut access = Access::default();
    let mut urls = Vec::new();
    for (name, index) in &python.indexes {
        let Some(url) = index
            .url
            .as_ref()
            .map(|url| url.value.clone())
            .or_else(|| url_of(name, facts))
        else {
            continue;
        };
        if !needed(&url) {
            continue;
        }
        urls.push(format!("{name}={url}"));
        let variable = variable(name);
        let secret = |suffix: &str, id: &Option<crate::source::Spanned<String>>| {
            let id = id.as_ref()?.value.clone();
            Some(SecretEnv {
                name: format!("UV_INDEX_{variable}_{suffix}"),
                id,
                optional: false,
            })
        };
        access.secrets.extend(secret("USERNAME", &index.username));
        access.secrets.extend(secret("PASSWORD", &index.password));
    }
    if !urls.is_empty() {
        access.env.push(("UV_INDEX".into(), urls.join(" ")));
    }
    access
}

/// The project's own name for an index.
fn url_of(name: &str, facts: &Facts) -> Option<String> {
    let indexes = &facts.project.as_ref()?.root.indexes;
    let index = indexes.iter().find(|index| index.name.as_deref() == Some(name))?;
    Some(without_credentials(&index.url))
}

/// uv's spelling of an index's name in a variable: upper case, everything else but letters and digits is `_`.
fn variable(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect()
}

/// Whether two URLs name the same index, or one names the host of the other.
pub(super) fn same_index(index: &str, of_package: &str) -> bool {
    let plain = |url: &str| url.trim_end_matches('/').to_owned();
    plain(index) == plain(of_package) || origin(index) == Some(of_package)
}

/// `https://host` of a URL.
pub(super) fn origin(url: &str) -> Option<&str> {
    let start = url.find("://")? + 3;
    let end = url[start..].find('/').map_or(url.len(), |slash| start + slash);
    url.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_matched_by_its_url_or_its_host() {
        assert!(same_index("https://a.test/simple/", "https://a.test/simple"));
        assert!(same_index("https://a.test/simple", "https://a.test"));
        assert!(!same_index("https://a.test/simple", "https://a.test/other"));
        assert_eq!(variable("my-corp.x"), "MY_CORP_X");
    }
}
