//! The C library of a base, which decides which wheels fit.

/// Whether the base has musl instead of glibc; its name says so.
pub fn is_musl(base: &str) -> bool {
    base.contains("alpine")
}

/// The version of glibc in a base, by the names that releases have in tags; 2.28 (what most wheels ask for) when no
/// name is known. Sources: the releases' own package lists.
pub(super) fn glibc(base: &str) -> &'static str {
    const RELEASES: [(&str, &str); 19] = [
        ("trixie", "2_41"),
        ("bookworm", "2_36"),
        ("bullseye", "2_31"),
        ("debian:13", "2_41"),
        ("debian:12", "2_36"),
        ("debian:11", "2_31"),
        ("ubuntu26.04", "2_42"),
        ("ubuntu24.04", "2_39"),
        ("ubuntu22.04", "2_35"),
        ("ubuntu20.04", "2_31"),
        ("ubuntu:24.04", "2_39"),
        ("ubuntu:22.04", "2_35"),
        ("ubuntu:20.04", "2_31"),
        ("noble", "2_39"),
        ("jammy", "2_35"),
        ("focal", "2_31"),
        ("ubi9", "2_34"),
        ("almalinux:9", "2_34"),
        ("rockylinux:9", "2_34"),
    ];
    RELEASES
        .iter()
        .find(|(name, _)| base.contains(name))
        .map_or("2_28", |(_, version)| version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wheels_are_chosen_for_the_c_library_of_the_base() {
        assert_eq!(glibc("nvidia/cuda:12.8.1-runtime-ubuntu22.04"), "2_35");
        assert_eq!(glibc("debian:bookworm-slim"), "2_36");
        assert_eq!(glibc("registry.test/own:1"), "2_28");
        assert!(is_musl("python:3.12-alpine"));
    }
}
