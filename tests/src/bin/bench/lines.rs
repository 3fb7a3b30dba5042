//! How long a description is.

/// What a Dockerfile says only so that it builds where uv's own builds of Python cannot be reached; specs need not say it.
const OF_TEST_MACHINES: &str = "ARG UV_PYTHON_INSTALL_MIRROR";

/// Lines that say something: neither empty nor comments.
pub fn lines(text: &str) -> usize {
    let says =
        |line: &&str| !line.is_empty() && !line.starts_with('#') && !line.starts_with(OF_TEST_MACHINES);
    text.lines().map(str::trim).filter(says).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_empty_lines_say_nothing() {
        assert_eq!(lines("# a\n\nFROM x # y\n  # z\nRUN a \\\n  b\n"), 3);
    }
}
