//! The version of a toolkit.

use std::fmt;

/// All three numbers, as in the tags of nvidia/cuda: `12.8.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// `12`.
    pub major: u32,
    /// `8`.
    pub minor: u32,
    /// `1`: NVIDIA's "Update 1".
    pub update: u32,
}

impl Version {
    /// Reads all three numbers; nothing when there are not just three.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|number| number.parse().ok());
        let version = Self {
            major: numbers.next()??,
            minor: numbers.next()??,
            update: numbers.next()??,
        };
        numbers.next().is_none().then_some(version)
    }

    /// Major and minor number: what toolkits and wheels are made for.
    pub fn release(self) -> (u32, u32) {
        (self.major, self.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.update)
    }
}
