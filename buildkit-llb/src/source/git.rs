use super::git_remote::GitRemote;
use super::{Attributes, switch};
use crate::capability::Capability;
use crate::error::Fault;
use crate::file;
use crate::meta::Meta;
use crate::output::Output;
use crate::vertex::Draft;

/// A checkout of a git repository (buildkit `client/llb/source.go: Git`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Git {
    /// The repository: `https://`, `http://`, `ssh://` or `git://` and the rest, or `user@host:path`. Without a scheme
    /// it is `https://`. What to check out is not part of it.
    pub remote: String,
    /// The branch, tag or commit; the default branch by default.
    pub reference: Option<String>,
    /// The directory of the repository to take; all of it by default.
    pub subdir: Option<String>,
    /// Whether `.git` stays.
    pub keep_git_dir: bool,
    /// The id of the secret with an access token; BuildKit looks for `GIT_AUTH_TOKEN` by default.
    pub auth_token_secret: Option<String>,
    /// The id of the secret with an `Authorization` header; BuildKit looks for `GIT_AUTH_HEADER` by default.
    pub auth_header_secret: Option<String>,
    /// The host keys to trust over SSH, as lines of a `known_hosts` file.
    pub known_ssh_hosts: Option<String>,
    /// The id of the client's SSH agent; `default` by default, and used over SSH only.
    pub ssh_socket: Option<String>,
    /// The commit that the reference must be.
    pub checksum: Option<String>,
    /// Whether submodules are left out.
    pub skip_submodules: bool,
}

impl Git {
    /// The checkout.
    pub fn output(self, meta: Meta) -> Output {
        Output::of(self.draft(), meta)
    }

    fn draft(self) -> Result<Draft, Fault> {
        let remote = GitRemote::parse(&self.remote)?;
        let subdir = self
            .subdir
            .as_deref()
            .map(clean_subdir)
            .filter(|subdir| !subdir.is_empty());
        let identifier = identifier(
            &remote,
            self.reference.as_deref().unwrap_or_default(),
            subdir.as_deref(),
        );
        let mut attributes = Attributes::new(Capability::SOURCE_GIT);
        attributes.set_with(
            Capability::SOURCE_GIT_KEEP_DIR,
            "git.keepgitdir",
            switch(self.keep_git_dir),
        );
        attributes.set_with(
            Capability::SOURCE_GIT_FULL_URL,
            "git.fullurl",
            Some(remote.url.as_str()),
        );
        attributes.set_with(
            Capability::SOURCE_GIT_CHECKSUM,
            "git.checksum",
            self.checksum.as_deref(),
        );
        let skip = switch(self.skip_submodules);
        attributes.set_with(Capability::SOURCE_GIT_SKIP_SUBMODULES, "git.skipsubmodules", skip);
        attributes
            .capabilities
            .extend(subdir.map(|_| Capability::SOURCE_GIT_SUBDIR));
        self.set_secrets(&mut attributes);
        if remote.over_ssh {
            self.set_ssh(&mut attributes);
        }
        Ok(attributes.draft(identifier, false))
    }

    /// The default ids need no capability: a daemon that does not know them just does not look.
    fn set_secrets(&self, attributes: &mut Attributes) {
        attributes.set("git.authtokensecret", Some("GIT_AUTH_TOKEN"));
        attributes.set("git.authheadersecret", Some("GIT_AUTH_HEADER"));
        let auth = Capability::SOURCE_GIT_HTTP_AUTH;
        attributes.set_with(auth, "git.authtokensecret", self.auth_token_secret.as_deref());
        attributes.set_with(auth, "git.authheadersecret", self.auth_header_secret.as_deref());
    }

    /// Go's client asks the host for its keys when none are given. A graph is made without the network, so the daemon
    /// then accepts none but those it has.
    fn set_ssh(&self, attributes: &mut Attributes) {
        let hosts = self
            .known_ssh_hosts
            .as_deref()
            .map(|hosts| format!("{}\n", hosts.trim_end_matches('\n')));
        attributes.set_with(Capability::SOURCE_GIT_KNOWN_SSH_HOSTS, "git.knownsshhosts", hosts);
        let socket = self
            .ssh_socket
            .as_deref()
            .filter(|socket| !socket.is_empty())
            .unwrap_or("default");
        attributes.set_with(
            Capability::SOURCE_GIT_MOUNT_SSH_SOCK,
            "git.mountsshsock",
            Some(socket),
        );
    }
}

/// The same for all URLs of a repository, so that they share results.
fn identifier(remote: &GitRemote, reference: &str, subdir: Option<&str>) -> String {
    let fragment = match subdir {
        Some(subdir) => format!("#{reference}:{subdir}"),
        None if reference.is_empty() => String::new(),
        None => format!("#{reference}"),
    };
    format!("git://{}{}{fragment}", remote.host, remote.path)
}

fn clean_subdir(subdir: &str) -> String {
    file::clean_path(&format!("/{subdir}"))
        .trim_start_matches('/')
        .to_owned()
}
