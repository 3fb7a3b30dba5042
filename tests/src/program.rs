//! Programs of this workspace, for tests of what they do outside of images.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Output;

/// Compiles a program of a package, as the tests themselves were compiled, and says where it is.
///
/// # Panics
/// If it does not compile.
pub fn program(package: &str, name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a test is a program");
    // TARGET/PROFILE/deps/TEST
    let profile = own.ancestors().nth(2).expect("a folder of the profile");
    let target = profile.parent().expect("a folder of all profiles");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            package,
            "--bin",
            name,
        ])
        .arg("--target-dir")
        .arg(target)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")));
    // What cargo tells a test of its package would have build scripts run again, and all that depends on them compiled again.
    for (name, _) in std::env::vars_os() {
        let of_the_package =
            ["CARGO_MANIFEST_", "CARGO_PKG_"].map(|start| name.to_string_lossy().starts_with(start));
        if of_the_package.contains(&true) {
            cargo.env_remove(name);
        }
    }
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    Output::of(&mut cargo).ok();
    profile.join(name)
}
