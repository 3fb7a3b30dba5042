//! What one build took.

use std::ops::Sub;

/// What went over the wires so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Bytes to the registry: layers of images and caches, manifests.
    pub pushed: u64,
    /// Bytes from the registry in all: base images, tools' images and frontends, and caches, which hold bases too.
    pub pulled: u64,
    /// Those of them that came as images.
    pub bases: u64,
    /// Bytes that steps downloaded, packages of indexes, and models.
    pub downloaded: u64,
}

impl Sub for Moved {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            pushed: self.pushed - before.pushed,
            pulled: self.pulled - before.pulled,
            bases: self.bases - before.bases,
            downloaded: self.downloaded - before.downloaded,
        }
    }
}

/// One build.
#[derive(Debug, Clone, Copy, Default)]
pub struct Measurement {
    /// From the command's start to its end.
    pub seconds: f64,
    /// What the build moved.
    pub moved: Moved,
    /// Compressed bytes of the image's layers that the first build's image has not: what a node that runs that one pulls.
    pub new_to_node: u64,
}

/// A column of the tables that counts bytes.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its title.
    pub title: &'static str,
    /// It is a part of another, so that less elsewhere may make up for more here.
    pub is_part: bool,
    /// An empty engine has the frontend's image among it, which a Dockerfile needs none of.
    pub has_frontend: bool,
    /// Its value.
    pub bytes: fn(&Measurement) -> u64,
}

/// What is counted in bytes.
pub const COLUMNS: [Column; 5] = [
    Column {
        title: "pushed",
        is_part: false,
        has_frontend: false,
        bytes: |of| of.moved.pushed,
    },
    Column {
        title: "pulled",
        is_part: false,
        has_frontend: true,
        bytes: |of| of.moved.pulled,
    },
    Column {
        title: "of it as images",
        is_part: true,
        has_frontend: false,
        bytes: |of| of.moved.bases,
    },
    Column {
        title: "downloaded",
        is_part: false,
        has_frontend: false,
        bytes: |of| of.moved.downloaded,
    },
    Column {
        title: "pulled by a node",
        is_part: false,
        has_frontend: false,
        bytes: |of| of.new_to_node,
    },
];

/// How much more than the Dockerfile counts as more: a part of it, and what manifests weigh.
const TOLERANCE: f64 = 1.05;
const SLACK: u64 = 500_000;

impl Column {
    /// Whether modelcrate, with a frontend of so many bytes, moves more than the Dockerfile.
    pub fn is_worse(&self, ours: u64, theirs: u64, frontend: u64) -> bool {
        let frontend = if self.has_frontend { frontend } else { 0 };
        ours as f64 > theirs as f64 * TOLERANCE + (SLACK + frontend) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frontend_more_is_not_worse_but_a_layer_more_is() {
        let [pushed, pulled, ..] = COLUMNS;
        assert!(!pulled.is_worse(9_000_000, 0, 8_800_000));
        assert!(pushed.is_worse(9_000_000, 0, 8_800_000));
        assert!(!pushed.is_worse(104_000_000, 100_000_000, 0));
        assert!(pushed.is_worse(110_000_000, 100_000_000, 0));
    }
}
