//! Which system a program is compiled on: the base's own release, so that the program finds there the libraries it was
//! linked to, in the versions that it was linked to.

/// The system of a base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    /// A release that has an image of its own.
    Release(&'static str),
    /// One with musl, or with no C library at all: it runs static programs.
    Static,
    /// Not known by its name: the base itself is compiled on.
    Unknown,
}

/// The image of Debian 12, which Rust's official images stand on.
pub(super) const BOOKWORM: &str = "debian:bookworm-slim";

/// Words in the names of bases, and the system that each means. Systems that are neither Debian nor Ubuntu get programs
/// of a Debian with an older glibc. Sources: the images' own tags; glibc of each by its package lists.
const NAMES: [(&str, System); 33] = [
    ("alpine", System::Static),
    ("busybox", System::Static),
    ("distroless/static", System::Static),
    ("chainguard/static", System::Static),
    ("musl", System::Static),
    ("trixie", System::Release("debian:trixie-slim")),
    ("bookworm", System::Release(BOOKWORM)),
    ("bullseye", System::Release("debian:bullseye-slim")),
    ("debian:13", System::Release("debian:trixie-slim")),
    ("debian:12", System::Release(BOOKWORM)),
    ("debian:11", System::Release("debian:bullseye-slim")),
    ("-debian13", System::Release("debian:trixie-slim")),
    ("-debian12", System::Release(BOOKWORM)),
    ("-debian11", System::Release("debian:bullseye-slim")),
    ("ubuntu26.04", System::Release("ubuntu:26.04")),
    ("ubuntu24.04", System::Release("ubuntu:24.04")),
    ("ubuntu22.04", System::Release("ubuntu:22.04")),
    ("ubuntu20.04", System::Release("ubuntu:20.04")),
    ("ubuntu:26.04", System::Release("ubuntu:26.04")),
    ("ubuntu:24.04", System::Release("ubuntu:24.04")),
    ("ubuntu:22.04", System::Release("ubuntu:22.04")),
    ("ubuntu:20.04", System::Release("ubuntu:20.04")),
    ("noble", System::Release("ubuntu:24.04")),
    ("jammy", System::Release("ubuntu:22.04")),
    ("focal", System::Release("ubuntu:20.04")),
    // glibc 2.34 and newer; that of Debian 11 is 2.31.
    ("ubi9", System::Release("debian:bullseye-slim")),
    ("rockylinux9", System::Release("debian:bullseye-slim")),
    ("rockylinux:9", System::Release("debian:bullseye-slim")),
    ("almalinux:9", System::Release("debian:bullseye-slim")),
    ("oraclelinux9", System::Release("debian:bullseye-slim")),
    ("amzn2023", System::Release("debian:bullseye-slim")),
    ("amazonlinux:2023", System::Release("debian:bullseye-slim")),
    ("fedora", System::Release("debian:bullseye-slim")),
];

/// The system of a base by its name; `None` is `scratch`.
pub(super) fn system(base: Option<&str>) -> System {
    let Some(base) = base else {
        return System::Static;
    };
    let known = NAMES.iter().find(|(name, _)| base.contains(name));
    known.map_or(System::Unknown, |(_, system)| *system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_compiled_on_the_system_that_runs_it() {
        let release = |base| match system(Some(base)) {
            System::Release(image) => image,
            other => panic!("{base}: {other:?}"),
        };
        assert_eq!(release("debian:bookworm-slim"), "debian:bookworm-slim");
        assert_eq!(release("nvidia/cuda:12.1.0-runtime-ubuntu22.04"), "ubuntu:22.04");
        assert_eq!(release("gcr.io/distroless/cc-debian12"), "debian:bookworm-slim");
        assert_eq!(system(Some("python:3.12-alpine")), System::Static);
        assert_eq!(system(Some("gcr.io/distroless/static-debian12")), System::Static);
        assert_eq!(system(None), System::Static);
        assert_eq!(system(Some("registry.example.com/own:1")), System::Unknown);
    }
}
