//! A program that moves a file.

use std::process::Command;

use modelcrate_tests::s3::S3;

use super::cost::{self, Cost};
use super::scene::{BUCKET, FILE, SIZE, Scene};

/// A program and what it does.
pub struct Program {
    /// What the table calls it.
    pub name: &'static str,
    /// Whether it compares the SHA-256 of what it moves with the one that was promised.
    pub checks: bool,
    command: Command,
    leaves: Leaves,
}

/// Where the file is afterwards.
#[derive(Debug, Clone, Copy)]
pub enum Leaves {
    /// On the scene's disk, by its name.
    File,
    /// On the scene's disk, in parts whose names begin with it.
    Parts,
    /// In the bucket.
    Object,
}

impl Program {
    /// A program that is started as `command`, with the keys of the bucket.
    pub fn new(name: &'static str, checks: bool, mut command: Command, leaves: Leaves) -> Self {
        command.envs([
            ("AWS_ACCESS_KEY_ID", S3::KEY),
            ("AWS_SECRET_ACCESS_KEY", S3::SECRET),
            ("AWS_REGION", S3::REGION),
            ("AWS_DEFAULT_REGION", S3::REGION),
            ("NO_PROXY", "*"),
        ]);
        Self {
            name,
            checks,
            command,
            leaves,
        }
    }

    /// Runs it as if nothing had run before, and looks whether it did its work.
    pub fn run(&self, scene: &Scene) -> Cost {
        scene.clear();
        let cost = cost::of(&self.command);
        let size = match self.leaves {
            Leaves::File => scene.on_disk(|name| name == FILE),
            Leaves::Parts => scene.on_disk(|name| name.starts_with(FILE)),
            Leaves::Object => {
                let objects = scene.s3.objects(BUCKET).into_iter();
                objects
                    .filter(|(key, _)| key.ends_with(FILE))
                    .map(|(_, size)| size)
                    .sum()
            }
        };
        assert_eq!(size, SIZE as u64, "{} leaves the whole file", self.name);
        cost
    }
}
