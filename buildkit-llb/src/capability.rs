use std::fmt;

/// A feature of LLB that a daemon lists, with the BuildKit release that first knew it.
///
/// The ids are those of buildkit `solver/pb/caps.go` (v0.32.2), odd spellings included; the releases are the first
/// `.0` tag whose `caps.go` has the id (v0.3 is the oldest tag looked at). `file.copy.modestring` is left out: it has an
/// id there, yet no daemon lists it, and all refuse graphs that ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capability {
    id: &'static str,
    since: &'static str,
}

impl Capability {
    /// An image from a registry.
    pub const SOURCE_IMAGE: Self = Self::new("source.image", "0.3");
    /// A resolve mode that the daemon must obey.
    pub const SOURCE_IMAGE_RESOLVE_MODE: Self = Self::new("source.image.resolvemode", "0.3");
    /// Only the first layers of an image.
    pub const SOURCE_IMAGE_LAYER_LIMIT: Self = Self::new("source.image.layerlimit", "0.11");
    /// An image whose tag must have this digest.
    pub const SOURCE_IMAGE_CHECKSUM: Self = Self::new("source.image.checksum", "0.25");
    /// A directory of the client.
    pub const SOURCE_LOCAL: Self = Self::new("source.local", "0.3");
    /// A local source told apart by an id.
    pub const SOURCE_LOCAL_UNIQUE: Self = Self::new("source.local.unique", "0.3");
    /// A local source of one session.
    pub const SOURCE_LOCAL_SESSION_ID: Self = Self::new("source.local.sessionid", "0.3");
    /// A local source that takes matching files only.
    pub const SOURCE_LOCAL_INCLUDE_PATTERNS: Self = Self::new("source.local.includepatterns", "0.3");
    /// A local source that follows links out of its patterns.
    pub const SOURCE_LOCAL_FOLLOW_PATHS: Self = Self::new("source.local.followpaths", "0.3");
    /// A local source that leaves matching files out.
    pub const SOURCE_LOCAL_EXCLUDE_PATTERNS: Self = Self::new("source.local.excludepatterns", "0.3");
    /// A local source that is transferred on top of an earlier one.
    pub const SOURCE_LOCAL_SHARED_KEY_HINT: Self = Self::new("source.local.sharedkeyhint", "0.3");
    /// How a local source is compared with what the daemon has of it.
    pub const SOURCE_LOCAL_DIFFER: Self = Self::new("source.local.differ", "0.9");
    /// A git repository.
    pub const SOURCE_GIT: Self = Self::new("source.git", "0.3");
    /// A checkout with its `.git` directory.
    pub const SOURCE_GIT_KEEP_DIR: Self = Self::new("source.git.keepgitdir", "0.3");
    /// A repository named by its whole URL.
    pub const SOURCE_GIT_FULL_URL: Self = Self::new("source.git.fullurl", "0.3");
    /// A repository behind HTTP authentication.
    pub const SOURCE_GIT_HTTP_AUTH: Self = Self::new("source.git.httpauth", "0.8");
    /// A repository over SSH with known host keys.
    pub const SOURCE_GIT_KNOWN_SSH_HOSTS: Self = Self::new("source.git.knownsshhosts", "0.8");
    /// A repository over SSH with the client's agent.
    pub const SOURCE_GIT_MOUNT_SSH_SOCK: Self = Self::new("source.git.mountsshsock", "0.8");
    /// A directory of a repository.
    pub const SOURCE_GIT_SUBDIR: Self = Self::new("source.git.subdir", "0.9");
    /// A reference that must be this commit.
    pub const SOURCE_GIT_CHECKSUM: Self = Self::new("source.git.checksum", "0.22");
    /// A checkout without its submodules.
    pub const SOURCE_GIT_SKIP_SUBMODULES: Self = Self::new("source.git.skipsubmodules", "0.24");
    /// A file over HTTP.
    pub const SOURCE_HTTP: Self = Self::new("source.http", "0.3");
    /// A file behind an `Authorization` header.
    pub const SOURCE_HTTP_AUTH: Self = Self::new("source.http.auth", "0.21");
    /// A file that must have this digest.
    pub const SOURCE_HTTP_CHECKSUM: Self = Self::new("source.http.checksum", "0.3");
    /// A file with these permission bits.
    pub const SOURCE_HTTP_PERM: Self = Self::new("source.http.perm", "0.3");
    /// A file of this owner. The id is misspelt in BuildKit and stays so.
    pub const SOURCE_HTTP_UID_GID: Self = Self::new("soruce.http.uidgid", "0.3");
    /// A file asked for with these request headers.
    pub const SOURCE_HTTP_HEADER: Self = Self::new("source.http.header", "0.21");
    /// An image of an OCI layout.
    pub const SOURCE_OCI_LAYOUT: Self = Self::new("source.ocilayout", "0.11");
    /// A command.
    pub const EXEC_META_BASE: Self = Self::new("exec.meta.base", "0.3");
    /// A command under a cgroup.
    pub const EXEC_META_CGROUP_PARENT: Self = Self::new("exec.meta.cgroup.parent", "0.10");
    /// A command with its own network mode.
    pub const EXEC_META_NETWORK: Self = Self::new("exec.meta.network", "0.3");
    /// A command behind a proxy.
    pub const EXEC_META_PROXY: Self = Self::new("exec.meta.proxyenv", "0.3");
    /// A command with its own security mode.
    pub const EXEC_META_SECURITY: Self = Self::new("exec.meta.security", "0.5");
    /// The daemon sets `PATH` where the command has none.
    pub const EXEC_META_SETS_DEFAULT_PATH: Self = Self::new("exec.meta.setsdefaultpath", "0.3");
    /// A command with resource limits.
    pub const EXEC_META_ULIMIT: Self = Self::new("exec.meta.ulimit", "0.10");
    /// A command with devices of the machine, GPUs for one.
    pub const EXEC_META_CDI: Self = Self::new("exec.meta.cdi", "0.20");
    /// A mount of another vertex's output.
    pub const EXEC_MOUNT_BIND: Self = Self::new("exec.mount.bind", "0.3");
    /// A mount whose changes are thrown away.
    pub const EXEC_MOUNT_BIND_READ_WRITE_NO_OUTPUT: Self =
        Self::new("exec.mount.bind.readwrite-nooutput", "0.7");
    /// A directory that outlives the build.
    pub const EXEC_MOUNT_CACHE: Self = Self::new("exec.mount.cache", "0.3");
    /// How builds share a cache directory.
    pub const EXEC_MOUNT_CACHE_SHARING: Self = Self::new("exec.mount.cache.sharing", "0.3");
    /// A mount of a directory of its input.
    pub const EXEC_MOUNT_SELECTOR: Self = Self::new("exec.mount.selector", "0.3");
    /// A directory in memory.
    pub const EXEC_MOUNT_TMPFS: Self = Self::new("exec.mount.tmpfs", "0.3");
    /// A directory in memory, of a given size at most.
    pub const EXEC_MOUNT_TMPFS_SIZE: Self = Self::new("exec.mount.tmpfs.size", "0.10");
    /// A secret as a file.
    pub const EXEC_MOUNT_SECRET: Self = Self::new("exec.mount.secret", "0.3");
    /// The client's SSH agent.
    pub const EXEC_MOUNT_SSH: Self = Self::new("exec.mount.ssh", "0.3");
    /// Whether a mount is part of the cache key by its content.
    pub const EXEC_MOUNT_CONTENT_CACHE: Self = Self::new("exec.mount.cache.content", "0.13");
    /// A secret as an environment variable.
    pub const EXEC_SECRET_ENV: Self = Self::new("exec.secretenv", "0.10");
    /// A command that may end with other codes than 0.
    pub const EXEC_VALID_EXIT_CODE: Self = Self::new("exec.validexitcode", "0.17");
    /// File operations.
    pub const FILE_BASE: Self = Self::new("file.base", "0.5");
    /// Removal by wildcard.
    pub const FILE_RM_WILDCARD: Self = Self::new("file.rm.wildcard", "0.7");
    /// A copy of matching files.
    pub const FILE_COPY_INCLUDE_EXCLUDE_PATTERNS: Self = Self::new("file.copy.includeexcludepatterns", "0.9");
    /// A copy that replaces what is in its way.
    pub const FILE_COPY_ALWAYS_REPLACE: Self = Self::new("file.copy.alwaysreplaceexistingdestpaths", "0.14");
    /// Symbolic links.
    pub const FILE_SYMLINK_CREATE: Self = Self::new("file.symlink.create", "0.19");
    /// Ops that name workers.
    pub const CONSTRAINTS: Self = Self::new("constraints", "0.3");
    /// Ops that name a platform.
    pub const PLATFORM: Self = Self::new("platform", "0.3");
    /// A vertex that runs always.
    pub const META_IGNORE_CACHE: Self = Self::new("meta.ignorecache", "0.3");
    /// A vertex with a name.
    pub const META_DESCRIPTION: Self = Self::new("meta.description", "0.3");
    /// A vertex that is or is not exported with the cache.
    pub const META_EXPORT_CACHE: Self = Self::new("meta.exportcache", "0.3");
    /// Layers joined without copying.
    pub const MERGE_OP: Self = Self::new("mergeop", "0.10");
    /// The changes between two file systems as layers.
    pub const DIFF_OP: Self = Self::new("diffop", "0.10");

    /// Every capability that a graph of this crate may need.
    pub const ALL: &[Self] = &[
        Self::SOURCE_IMAGE,
        Self::SOURCE_IMAGE_RESOLVE_MODE,
        Self::SOURCE_IMAGE_LAYER_LIMIT,
        Self::SOURCE_IMAGE_CHECKSUM,
        Self::SOURCE_LOCAL,
        Self::SOURCE_LOCAL_UNIQUE,
        Self::SOURCE_LOCAL_SESSION_ID,
        Self::SOURCE_LOCAL_INCLUDE_PATTERNS,
        Self::SOURCE_LOCAL_FOLLOW_PATHS,
        Self::SOURCE_LOCAL_EXCLUDE_PATTERNS,
        Self::SOURCE_LOCAL_SHARED_KEY_HINT,
        Self::SOURCE_LOCAL_DIFFER,
        Self::SOURCE_GIT,
        Self::SOURCE_GIT_KEEP_DIR,
        Self::SOURCE_GIT_FULL_URL,
        Self::SOURCE_GIT_HTTP_AUTH,
        Self::SOURCE_GIT_KNOWN_SSH_HOSTS,
        Self::SOURCE_GIT_MOUNT_SSH_SOCK,
        Self::SOURCE_GIT_SUBDIR,
        Self::SOURCE_GIT_CHECKSUM,
        Self::SOURCE_GIT_SKIP_SUBMODULES,
        Self::SOURCE_HTTP,
        Self::SOURCE_HTTP_AUTH,
        Self::SOURCE_HTTP_CHECKSUM,
        Self::SOURCE_HTTP_PERM,
        Self::SOURCE_HTTP_UID_GID,
        Self::SOURCE_HTTP_HEADER,
        Self::SOURCE_OCI_LAYOUT,
        Self::EXEC_META_BASE,
        Self::EXEC_META_CGROUP_PARENT,
        Self::EXEC_META_NETWORK,
        Self::EXEC_META_PROXY,
        Self::EXEC_META_SECURITY,
        Self::EXEC_META_SETS_DEFAULT_PATH,
        Self::EXEC_META_ULIMIT,
        Self::EXEC_META_CDI,
        Self::EXEC_MOUNT_BIND,
        Self::EXEC_MOUNT_BIND_READ_WRITE_NO_OUTPUT,
        Self::EXEC_MOUNT_CACHE,
        Self::EXEC_MOUNT_CACHE_SHARING,
        Self::EXEC_MOUNT_SELECTOR,
        Self::EXEC_MOUNT_TMPFS,
        Self::EXEC_MOUNT_TMPFS_SIZE,
        Self::EXEC_MOUNT_SECRET,
        Self::EXEC_MOUNT_SSH,
        Self::EXEC_MOUNT_CONTENT_CACHE,
        Self::EXEC_SECRET_ENV,
        Self::EXEC_VALID_EXIT_CODE,
        Self::FILE_BASE,
        Self::FILE_RM_WILDCARD,
        Self::FILE_COPY_INCLUDE_EXCLUDE_PATTERNS,
        Self::FILE_COPY_ALWAYS_REPLACE,
        Self::FILE_SYMLINK_CREATE,
        Self::CONSTRAINTS,
        Self::PLATFORM,
        Self::META_IGNORE_CACHE,
        Self::META_DESCRIPTION,
        Self::META_EXPORT_CACHE,
        Self::MERGE_OP,
        Self::DIFF_OP,
    ];

    const fn new(id: &'static str, since: &'static str) -> Self {
        Self { id, since }
    }

    /// The capability of this id, if it is one that this crate knows.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|capability| capability.id == id)
    }

    /// The id as a daemon lists it.
    pub fn id(self) -> &'static str {
        self.id
    }

    /// The first BuildKit release that has it, as `MAJOR.MINOR`.
    pub fn since(self) -> &'static str {
        self.since
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_id_is_listed_once() {
        let ids: BTreeSet<_> = Capability::ALL.iter().map(|capability| capability.id()).collect();
        assert_eq!(ids.len(), Capability::ALL.len());
    }

    #[test]
    fn a_capability_is_found_by_its_id() {
        assert_eq!(Capability::find("mergeop"), Some(Capability::MERGE_OP));
        assert_eq!(
            Capability::find("source.image.checksum").map(Capability::since),
            Some("0.25")
        );
        assert_eq!(Capability::find("source.unheard.of"), None);
    }

    #[test]
    fn the_historical_typo_is_kept() {
        assert_eq!(Capability::SOURCE_HTTP_UID_GID.id(), "soruce.http.uidgid");
    }
}
