//! Contexts of builds: examples of the repository, copied so that a test may edit them, and projects of a test's own.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Output;

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests lie in the repository")
}

/// A folder with a spec and what it builds, which goes away with the value.
#[derive(Debug)]
pub struct Project(TempDir);

impl Project {
    /// An empty one.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// One with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let project = Self::empty();
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// A copy of `examples/NAME`, without what git ignores.
    pub fn example(name: &str) -> Self {
        Self::copy("examples", name)
    }

    /// A copy of `tests/projects/NAME`.
    pub fn fixture(name: &str) -> Self {
        Self::copy("tests/projects", name)
    }

    /// A copy of the repository, without what git ignores.
    pub fn repository() -> Self {
        Self::copy("", "")
    }

    fn copy(folder: &str, name: &str) -> Self {
        let project = Self::empty();
        let from = repository().join(folder).join(name);
        let listed = Output::of(
            std::process::Command::new("git")
                .args([
                    "ls-files",
                    "-z",
                    "--cached",
                    "--others",
                    "--exclude-standard",
                    ".",
                ])
                .current_dir(&from),
        );
        for path in listed.ok().stdout.split_terminator('\0') {
            let to = project.file(path);
            std::fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("a folder");
            std::fs::copy(from.join(path), to).unwrap_or_else(|error| panic!("cannot copy {path}: {error}"));
        }
        project
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path of a file in it.
    pub fn file(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.file(path)).unwrap_or_else(|error| panic!("cannot read {path}: {error}"))
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: &str, text: &str) {
        let to = self.file(path);
        std::fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("a folder");
        std::fs::write(to, text).unwrap_or_else(|error| panic!("cannot write {path}: {error}"));
    }

    /// Replaces `from`, which must be in the file just once.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(from).count(), 1, "`{from}` must be in {path} once");
        self.write(path, &text.replacen(from, to, 1));
    }
}
