//! Whose Dockerfiles: readers differ in what they know.

/// Who reads the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Docker's own frontend, the line `# syntax=docker/dockerfile:1`.
    Docker,
    /// `buildah build` and `podman build`, since buildah 1.39 and podman 5.4, which are those of Debian 13.
    ///
    /// Everything that they lack is what those programs said when they were run.
    Buildah,
}

impl Dialect {
    /// The first line, which says who reads it.
    pub(super) fn syntax(self) -> Option<&'static str> {
        (self == Self::Docker).then_some("docker/dockerfile:1")
    }

    /// `COPY --link`: buildah 1.39 says "COPY --link is not supported".
    pub(super) fn links(self) -> bool {
        self == Self::Docker
    }

    /// `RUN --mount=type=secret,env=`: buildah 1.39 knows secrets as files.
    pub(super) fn secret_env(self) -> bool {
        self == Self::Docker
    }

    /// `COPY --chmod=go-w`: buildah 1.39 says "Error parsing chmod".
    pub(super) fn symbolic_modes(self) -> bool {
        self == Self::Docker
    }

    /// Secrets for `ADD` of a URL, by the name of its host.
    pub(super) fn tokens(self) -> bool {
        self == Self::Docker
    }

    /// `python` for `docker.io/library/python`: how podman reads a short name is the machine's setting.
    pub(super) fn short_names(self) -> bool {
        self == Self::Docker
    }
}
