//! Programs of this workspace, for tests of what they do outside of images.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Output;

/// Compiles a program of the workspace, as the tests themselves were compiled, and says where it is. Told of the tests, cargo gives
/// libraries the features that it gave them then, and compiles none a second time.
///
/// # Panics
/// If it does not compile.
pub fn program(name: &str) -> PathBuf {
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
            "--workspace",
            "--bin",
            name,
            "--test",
            "e2e",
        ])
        .arg("--target-dir")
        .arg(target)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")));
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_test(name)) {
        cargo.env_remove(name);
    }
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    Output::of(&mut cargo).ok();
    profile.join(name)
}

/// What cargo tells a test of its own package. Build scripts that read such variables would run again, and all that stands on
/// them would be compiled again, each time that a build inside a test follows one outside.
fn is_of_test(name: &OsStr) -> bool {
    let prefixes = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_PRIMARY_",
        "CARGO_CRATE_",
        "CARGO_BIN_",
    ];
    name.to_str()
        .is_some_and(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)))
}
