//! Git repositories that a server can offer.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A repository with a work tree; the same commands give the same commits.
pub struct GitRepository {
    folder: PathBuf,
}

impl GitRepository {
    /// An empty one in `folder`, which is made.
    pub fn new(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("the folder of the repository");
        let repository = Self {
            folder: folder.to_owned(),
        };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// Writes files, by path, and commits them: the commit's id.
    pub fn commit(&self, files: &[(&str, &str)]) -> String {
        for (path, text) in files {
            let path = self.folder.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            std::fs::write(path, text).expect("a file");
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "a commit"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Offers it as it is now as `NAME.git` in `folder`, for a server.
    pub fn publish(&self, folder: &Path, name: &str) {
        let bare = folder.join(format!("{name}.git"));
        self.git(&["clone", "--quiet", "--bare", ".", &bare.display().to_string()]);
    }

    /// Runs git in the repository, with fixed people and times: what it says.
    ///
    /// # Panics
    /// If git fails.
    pub fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.current_dir(&self.folder)
            .args(["-c", "protocol.file.allow=always"])
            .args(arguments);
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "modelcrate")
                .env(format!("GIT_{who}_EMAIL"), "tests@modelcrate.invalid")
                .env(format!("GIT_{who}_DATE"), "2024-01-01T00:00:00Z");
        }
        let output = git.output().expect("git");
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}
