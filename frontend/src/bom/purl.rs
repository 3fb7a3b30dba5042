//! Package URLs (package-url/purl-spec, `types/`).

use buildkit_llb::ImageReference;
use packageurl::PackageUrl;

/// A package URL of parts that may be empty; a part that the type does not allow is left out with the version.
fn purl(
    kind: &str,
    namespace: &str,
    name: &str,
    version: Option<&str>,
    qualifiers: &[(&str, &str)],
) -> String {
    let plain = format!("pkg:{kind}/{name}");
    let Ok(mut url) = PackageUrl::new(kind.to_owned(), name.to_owned()) else {
        return plain;
    };
    if !namespace.is_empty() && url.with_namespace(namespace.to_owned()).is_err() {
        return plain;
    }
    if let Some(version) = version
        && url.with_version(version.to_owned()).is_err()
    {
        return plain;
    }
    for (key, value) in qualifiers {
        if url.add_qualifier((*key).to_owned(), (*value).to_owned()).is_err() {
            return plain;
        }
    }
    url.to_string()
}

/// A Python package; `vcs` is the repository that it was built from.
pub(super) fn python(name: &str, version: Option<&str>, vcs: Option<&str>) -> String {
    let vcs = vcs.map(|vcs| ("vcs_url", vcs));
    purl("pypi", "", name, version, vcs.as_slice())
}

/// Python itself, as scanners of files name it.
pub(super) fn interpreter(version: &str) -> String {
    purl("generic", "", "python", Some(version), &[])
}

/// A crate.
pub(super) fn cargo(name: &str, version: &str, vcs: Option<&str>) -> String {
    let vcs = vcs.map(|vcs| ("vcs_url", vcs));
    purl("cargo", "", name, Some(version), vcs.as_slice())
}

/// A Debian package; `distribution` is `debian` or `ubuntu`.
pub(super) fn debian(name: &str, version: Option<&str>, distribution: &str, architecture: &str) -> String {
    purl("deb", distribution, name, version, &[("arch", architecture)])
}

/// An image by its digest.
pub(super) fn image(reference: &str, digest: Option<&str>) -> String {
    let Ok(reference) = reference.parse::<ImageReference>() else {
        return purl("oci", "", reference, digest, &[]);
    };
    let repository = reference.name();
    let name = repository.rsplit('/').next().unwrap_or(repository);
    let mut qualifiers = vec![("repository_url", repository)];
    qualifiers.extend(reference.tag().map(|tag| ("tag", tag)));
    purl("oci", "", name, digest.or(reference.digest()), &qualifiers)
}

/// A commit of a repository of the hub, `org/name` or a name alone.
pub(super) fn hub(repository: &str, commit: &str) -> String {
    let (owner, name) = repository.split_once('/').unwrap_or(("", repository));
    purl("huggingface", owner, name, Some(commit), &[])
}

/// Sources of a repository.
pub(super) fn git(url: &str, commit: Option<&str>) -> String {
    let name = url.trim_end_matches('/').trim_end_matches(".git");
    let name = name.rsplit(['/', ':']).next().unwrap_or(name);
    let vcs = vcs_url(url, commit);
    purl("generic", "", name, commit, &[("vcs_url", vcs.as_str())])
}

/// `git+https://host/name@commit` (SPDX 2.3, section 7.7).
pub(super) fn vcs_url(url: &str, commit: Option<&str>) -> String {
    match commit {
        Some(commit) => format!("git+{url}@{commit}"),
        None => format!("git+{url}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_encoded_as_their_type_wants_it() {
        assert_eq!(
            python("torch", Some("2.9.0+cu128"), None),
            "pkg:pypi/torch@2.9.0%2Bcu128"
        );
        assert_eq!(
            cargo("tool", "1.0.0", Some("git+https://git.test/tool@68a2")),
            "pkg:cargo/tool@1.0.0?vcs_url=git%2Bhttps:%2F%2Fgit.test%2Ftool%4068a2"
        );
        assert_eq!(
            debian("libgomp1", Some("12.2-1"), "debian", "amd64"),
            "pkg:deb/debian/libgomp1@12.2-1?arch=amd64"
        );
        assert_eq!(
            image("python:3.11-slim", Some("sha256:11")),
            "pkg:oci/python@sha256:11?repository_url=docker.io%2Flibrary%2Fpython&tag=3.11-slim"
        );
        assert_eq!(hub("org/Name", "68a2"), "pkg:huggingface/org/Name@68a2");
        assert_eq!(
            git("https://git.test/a/llama.cpp.git", Some("68a2")),
            "pkg:generic/llama.cpp@68a2?vcs_url=git%2Bhttps:%2F%2Fgit.test%2Fa%2Fllama.cpp.git%4068a2"
        );
    }
}
