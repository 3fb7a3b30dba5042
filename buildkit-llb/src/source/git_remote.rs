use crate::error::Problem;
use crate::file;

/// The parts of a repository's URL (buildkit `util/gitutil/git_url.go: ParseURL`).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct GitRemote {
    /// The URL that git is called with.
    pub(super) url: String,
    /// The host, with its port.
    pub(super) host: String,
    /// The path on the host, from `/`.
    pub(super) path: String,
    /// Whether git speaks SSH to it.
    pub(super) over_ssh: bool,
}

impl GitRemote {
    /// Takes a remote apart. One with a fragment or a query is refused: what to check out is said elsewhere.
    pub(super) fn parse(remote: &str) -> Result<Self, Problem> {
        let parsed = match remote.split_once("://") {
            Some((scheme, rest)) => from_url(remote, scheme, rest),
            None => from_scp(remote).or_else(|| from_url(&format!("https://{remote}"), "https", remote)),
        };
        let parsed = parsed.filter(|_| !remote.contains(['#', '?', ' ', '\n']));
        parsed.ok_or_else(|| Problem::GitRemote(remote.to_owned()))
    }
}

fn from_url(url: &str, scheme: &str, rest: &str) -> Option<GitRemote> {
    let over_ssh = match scheme.to_ascii_lowercase().as_str() {
        "https" | "http" | "git" => false,
        "ssh" => true,
        _ => return None,
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let path = file::clean_path(&format!("/{path}"));
    (!host.is_empty()).then(|| GitRemote {
        url: url.to_owned(),
        host: host.to_owned(),
        path,
        over_ssh,
    })
}

/// `user@host:path` (buildkit `util/sshutil/scpurl.go`).
fn from_scp(remote: &str) -> Option<GitRemote> {
    let (user, rest) = remote.split_once('@')?;
    let (host, path) = rest.split_once(':')?;
    let named = |text: &str, others: &[u8]| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
    };
    let path = file::clean_path(&format!("/{path}"));
    let valid = named(user, b"-_") && named(host, b"-.");
    valid.then(|| GitRemote {
        url: remote.to_owned(),
        host: host.to_owned(),
        path,
        over_ssh: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(remote: &str) -> Option<(String, String, bool)> {
        GitRemote::parse(remote)
            .ok()
            .map(|remote| (remote.host, remote.path, remote.over_ssh))
    }

    fn some(host: &str, path: &str, over_ssh: bool) -> Option<(String, String, bool)> {
        Some((host.to_owned(), path.to_owned(), over_ssh))
    }

    #[test]
    fn every_url_of_a_repository_has_the_same_host_and_path() {
        let expected = some("example.com", "/team/app.git", false);
        assert_eq!(parts("https://example.com/team/app.git"), expected);
        assert_eq!(parts("https://user:pass@example.com/team/app.git"), expected);
        assert_eq!(parts("git://example.com/team//app.git"), expected);
        assert_eq!(parts("example.com/team/app.git"), expected);
        assert_eq!(
            parts("ssh://git@example.com/team/app.git"),
            some("example.com", "/team/app.git", true)
        );
        assert_eq!(
            parts("git@example.com:team/app.git"),
            some("example.com", "/team/app.git", true)
        );
        assert_eq!(
            parts("https://example.com:8443/app"),
            some("example.com:8443", "/app", false)
        );
    }

    #[test]
    fn a_remote_without_a_scheme_is_fetched_over_https() {
        assert_eq!(
            GitRemote::parse("example.com/app").unwrap().url,
            "https://example.com/app"
        );
    }

    #[test]
    fn other_remotes_are_refused() {
        for remote in [
            "",
            "ftp://example.com/app",
            "https://",
            "https://example.com/app#main",
            "example.com/a?b=c",
        ] {
            assert_eq!(parts(remote), None, "{remote}");
        }
    }
}
