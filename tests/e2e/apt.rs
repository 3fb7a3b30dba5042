//! `apt:` with repositories of others.

use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use modelcrate_tests::{Build, Engine, FileServer, Output, Project, Tree};
use sha2::{Digest, Sha256};

/// 1980-01-01, the time of everything that is installed.
const FIXED: u64 = 315_532_800;

/// A repository that is signed with a new key, which lies beside it as `key.asc` and `key.gpg`.
struct Repository {
    folder: tempfile::TempDir,
    home: tempfile::TempDir,
}

impl Repository {
    /// One with a package of each name and version.
    fn with(packages: &[(&str, &str)]) -> Self {
        let repository = Self {
            folder: tempfile::tempdir().expect("a folder"),
            home: tempfile::tempdir().expect("a folder"),
        };
        let listed: String = packages
            .iter()
            .map(|(name, version)| repository.package(name, version))
            .collect();
        repository.write("Packages", &listed);
        let hash = repository.hash("Packages");
        let release = format!(
            "Origin: tests\nSuite: ./\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nArchitectures: all amd64\nSHA256:\n {hash} {} Packages\n",
            listed.len()
        );
        repository.write("Release", &release);
        let make = [
            "--passphrase",
            "",
            "--quick-generate-key",
            "tests",
            "ed25519",
            "sign",
            "never",
        ];
        repository.gpg(&make);
        repository.gpg(&["--armor", "--output", "key.asc", "--export"]);
        repository.gpg(&["--output", "key.gpg", "--export"]);
        repository.gpg(&["--clearsign", "--output", "InRelease", "Release"]);
        repository
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).expect("a file");
    }

    fn hash(&self, name: &str) -> String {
        let bytes = std::fs::read(self.path().join(name)).expect("a file");
        Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Builds a package, and says what a list of packages says of it.
    fn package(&self, name: &str, version: &str) -> String {
        let root = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let to = root.path().join(path);
            std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            std::fs::write(to, text).expect("a file");
        };
        let control = format!(
            "Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: tests\nDescription: a test\n"
        );
        write("DEBIAN/control", &control);
        write(&format!("usr/share/{name}/version"), version);
        let file = format!("{name}_{version}.deb");
        let mut build = Command::new("dpkg-deb");
        // Packages are older than the images that they are installed on.
        build.env("SOURCE_DATE_EPOCH", "1700000000");
        build.args(["--build", "--root-owner-group"]).arg(root.path());
        Output::of(build.arg(self.path().join(&file))).ok();
        let size = std::fs::metadata(self.path().join(&file))
            .expect("a package")
            .len();
        format!(
            "{control}Filename: {file}\nSize: {size}\nSHA256: {}\n\n",
            self.hash(&file)
        )
    }

    fn gpg(&self, args: &[&str]) {
        let mut gpg = Command::new("gpg");
        gpg.args(["--batch", "--quiet", "--pinentry-mode", "loopback", "--homedir"]);
        gpg.arg(self.home.path()).args(args).current_dir(self.path());
        Output::of(&mut gpg).ok();
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let mut end = Command::new("gpgconf");
        let _ = end
            .arg("--homedir")
            .arg(self.home.path())
            .args(["--kill", "all"])
            .status();
    }
}

fn assert_nothing_is_left(layer: &Tree, began: u64) {
    let left = [
        "/var/lib/apt/lists/",
        "/var/cache/apt/archives/",
        "/var/log/",
        "/tmp/",
        "/run/",
    ];
    for path in layer.paths() {
        assert!(
            !left.iter().any(|folder| path.starts_with(folder)),
            "{path} is left"
        );
        // Folders that did not change come along with the time that the base gives them.
        let mtime = layer.at(path).mtime;
        assert!(
            mtime == FIXED || mtime < began,
            "{path} has the time of the build"
        );
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn packages_come_from_signed_repositories_that_leave_nothing_unless_kept() {
    let engine = Engine::main();
    let began = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock")
        .as_secs();
    let once = Repository::with(&[("hello-once", "1.0"), ("hello-once", "2.0")]);
    let kept = Repository::with(&[("hello-kept", "1.0")]);
    let (of_once, of_kept) = (
        FileServer::new(&engine, once.path()),
        FileServer::new(&engine, kept.path()),
    );
    let project = Project::empty();
    std::fs::create_dir_all(project.file("keys")).expect("a folder");
    std::fs::copy(once.path().join("key.gpg"), project.file("keys/once.gpg")).expect("a key");
    let spec = |hash: &str| {
        format!(
            "# syntax=modelcrate/frontend:1\nbase: debian:bookworm-slim\napt:\n  packages: [hello-once=1.0, hello-kept]\n  repositories:\n    - {{ url: \"{}\", suites: /, key: keys/once.gpg }}\n    - {{ url: \"{}\", suites: /, key: \"{}/key.asc\", sha256: {hash}, keep: true }}\n",
            of_once.url(),
            of_kept.url(),
            of_kept.url(),
        )
    };
    project.write("modelcrate.yaml", &spec(&kept.hash("key.asc")));
    let (layout, _) = Build::of(&project).layout(&engine, &[]);
    let layer = layout.tree(&layout.layer_with("/hello-once/version"));
    assert_eq!(layer.at("/usr/share/hello-once/version").head, b"1.0");
    assert_nothing_is_left(&layer, began);
    let sources: Vec<&str> = layer.paths().filter(|path| path.contains("modelcrate")).collect();
    assert_eq!(
        sources,
        [
            "/etc/apt/keyrings/modelcrate-1.asc",
            "/etc/apt/sources.list.d/modelcrate-1.sources"
        ]
    );

    // Signed by another key.
    std::fs::copy(kept.path().join("key.gpg"), project.file("keys/once.gpg")).expect("a key");
    let refused = Build::of(&project).try_with(&engine, &[]);
    assert!(
        !refused.output.status.success(),
        "a key of somebody else opens nothing"
    );
    assert!(refused.log.contains("NO_PUBKEY"), "{}", refused.log);
}
