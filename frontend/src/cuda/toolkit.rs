//! Toolkits: which there are, the driver that each asks for, the systems that nvidia/cuda has images of it for.
//!
//! Read on 2026-11-21. What is newer than the tables is taken as it comes.

use super::Version;

type Release = (u32, u32);

/// A toolkit of one minor release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Toolkit {
    /// Major and minor number.
    pub release: Release,
    /// Its updates that nvidia/cuda has images of, oldest first, each with the build number of the CUDA runtime in it.
    updates: &'static [(u32, u32)],
    /// The oldest driver for Linux that knows all of it.
    pub driver: &'static str,
}

/// Every minor release since CUDA 11, oldest first.
///
/// Drivers: CUDA Toolkit Release Notes, "CUDA Toolkit and Corresponding Driver Versions" (the row of the first update,
/// docs.nvidia.com/cuda/cuda-toolkit-release-notes). Updates: the tags of nvidia/cuda on Docker Hub. Build numbers: "CUDA
/// Runtime (cudart)" in each update's release notes, and the versions of nvidia-cuda-runtime-cu12 on PyPI.
const TOOLKITS: [Toolkit; 23] = [
    row((11, 0), &[(3, 221)], "450.51.06"),
    row((11, 1), &[(1, 74)], "455.23"),
    row((11, 2), &[(0, 72), (1, 146), (2, 152)], "460.27.03"),
    row((11, 3), &[(0, 58), (1, 109)], "465.19.01"),
    row((11, 4), &[(0, 43), (1, 108), (2, 108), (3, 148)], "470.42.01"),
    row((11, 5), &[(0, 50), (1, 117), (2, 117)], "495.29.05"),
    row((11, 6), &[(0, 55), (1, 55), (2, 55)], "510.39.01"),
    row((11, 7), &[(0, 60), (1, 99)], "515.43.04"),
    row((11, 8), &[(0, 89)], "520.61.05"),
    row((12, 0), &[(0, 107), (1, 146)], "525.60.13"),
    row((12, 1), &[(0, 55), (1, 105)], "530.30.02"),
    row((12, 2), &[(0, 53), (2, 140)], "535.54.03"),
    row((12, 3), &[(0, 52), (1, 101), (2, 101)], "545.23.06"),
    row((12, 4), &[(0, 99), (1, 127)], "550.54.14"),
    row((12, 5), &[(0, 39), (1, 82)], "555.42.02"),
    row((12, 6), &[(0, 37), (1, 68), (2, 77), (3, 77)], "560.28.03"),
    row((12, 8), &[(0, 57), (1, 90)], "570.26"),
    row((12, 9), &[(0, 37), (1, 79), (2, 79)], "575.51.03"),
    row((13, 0), &[(0, 48), (1, 88), (2, 96), (3, 96)], "580.65.06"),
    row((13, 1), &[(0, 80), (1, 80), (2, 80)], "590.44.01"),
    row((13, 2), &[(0, 51), (1, 75)], "595.45.04"),
    row((13, 3), &[(0, 29), (1, 29)], "610.43.02"),
    // Linux drivers come apart from the toolkit since 13.4; R616 is what it is released with.
    row((13, 4), &[(0, 49), (1, 92), (2, 92)], "616.00"),
];

/// The oldest driver that runs programs of any toolkit of a major release, when they hold machine code for the GPU (CUDA
/// Compatibility, "Minor Version Compatibility"; the first toolkit's driver in the table of the release notes).
const LEAST_DRIVERS: [(u32, &str); 3] = [(11, "450.80.02"), (12, "525.60.13"), (13, "580.65.06")];

/// Ubuntu's releases, with the first and the last toolkit that nvidia/cuda has images of (its tags on Docker Hub; by release:
/// replicate/cog `pkg/config/cuda_compatibility.json`).
const UBUNTU: [(&str, Release, Release); 6] = [
    ("ubuntu16.04", (0, 0), (11, 3)),
    ("ubuntu18.04", (0, 0), (12, 1)),
    ("ubuntu20.04", (11, 0), (12, 9)),
    ("ubuntu22.04", (11, 7), NEWEST),
    ("ubuntu24.04", (12, 5), NEWEST),
    ("ubuntu26.04", (13, 3), NEWEST),
];

const NEWEST: Release = (u32::MAX, 0);

const fn row(release: Release, updates: &'static [(u32, u32)], driver: &'static str) -> Toolkit {
    Toolkit {
        release,
        updates,
        driver,
    }
}

impl Toolkit {
    fn versions(&self) -> impl DoubleEndedIterator<Item = Version> {
        let (major, minor) = self.release;
        let version = move |(update, _): &(u32, u32)| Version {
            major,
            minor,
            update: *update,
        };
        self.updates.iter().map(version)
    }
}

/// The toolkit of a minor release; for one that is newer than the table, the newest.
pub fn toolkit(release: Release) -> Option<Toolkit> {
    let known = TOOLKITS.iter().find(|toolkit| toolkit.release == release);
    known
        .or_else(|| TOOLKITS.last().filter(|_| is_newer(release)))
        .copied()
}

/// Whether a minor release is newer than the table.
pub(super) fn is_newer(release: Release) -> bool {
    TOOLKITS.last().is_some_and(|newest| newest.release < release)
}

/// What is next to a version that does not exist; nothing when it may: it is in the table, or newer than its row.
pub fn neighbours(version: Version) -> Option<Vec<Version>> {
    let all: Vec<Version> = TOOLKITS.iter().flat_map(Toolkit::versions).collect();
    let newer_update = toolkit(version.release())
        .and_then(|toolkit| toolkit.versions().next_back())
        .is_some_and(|newest| newest < version);
    if all.contains(&version) || newer_update || is_newer(version.release()) || version.major < 11 {
        return None;
    }
    let after = all.iter().position(|known| *known > version).unwrap_or(all.len());
    let near = [after.checked_sub(1), Some(after)].into_iter().flatten();
    Some(near.filter_map(|at| all.get(at).copied()).collect())
}

/// The newest version of a major release, or of a minor one.
pub fn newest_of(major: u32, minor: Option<u32>) -> Option<Version> {
    let versions = TOOLKITS.iter().flat_map(Toolkit::versions);
    versions
        .filter(|version| version.major == major && minor.is_none_or(|minor| version.minor == minor))
        .max()
}

/// The version that a build of one of its parts came with: `12.8.90` is in CUDA 12.8.1.
pub fn update_of(release: Release, build: u32) -> Option<Version> {
    let toolkit = TOOLKITS.iter().find(|toolkit| toolkit.release == release)?;
    let with = toolkit.versions().zip(toolkit.updates);
    with.filter(|(_, (_, from))| *from <= build)
        .last()
        .map(|(version, _)| version)
        .or_else(|| toolkit.versions().next())
}

/// The oldest driver for programs of a major release.
pub fn least_driver(major: u32) -> Option<&'static str> {
    LEAST_DRIVERS
        .iter()
        .find(|(of, _)| *of == major)
        .map(|(_, driver)| *driver)
}

/// The systems that a toolkit has images for, where it has none for `os`; nothing when it has or when that is not known.
pub fn systems(os: &str, release: Release) -> Option<Vec<&'static str>> {
    let has = |(_, first, last): &&(&str, Release, Release)| (*first..=*last).contains(&release);
    let row = UBUNTU.iter().find(|(name, ..)| *name == os)?;
    (!has(&row)).then(|| UBUNTU.iter().filter(has).map(|(name, ..)| *name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    fn near(text: &str) -> Option<Vec<String>> {
        Some(
            neighbours(version(text))?
                .iter()
                .map(ToString::to_string)
                .collect(),
        )
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(TOOLKITS.is_sorted_by(|a, b| a.release < b.release));
        for toolkit in TOOLKITS {
            assert!(toolkit.updates.is_sorted(), "{:?}", toolkit.release);
        }
    }

    #[test]
    fn a_version_that_never_was_has_neighbours() {
        assert_eq!(near("12.7.0").unwrap(), ["12.6.3", "12.8.0"]);
        assert_eq!(near("12.2.1").unwrap(), ["12.2.0", "12.2.2"]);
        assert_eq!(near("12.8.1"), None);
    }

    #[test]
    fn what_is_newer_than_the_table_may_exist() {
        assert_eq!(near("12.8.9"), None);
        assert_eq!(near("14.0.0"), None);
        assert_eq!(toolkit((14, 0)).unwrap().release, (13, 4));
    }

    #[test]
    fn a_part_says_the_update_that_it_came_with() {
        let found = |minor, build| update_of((12, minor), build).unwrap().to_string();
        assert_eq!(found(8, 90), "12.8.1");
        assert_eq!(found(8, 57), "12.8.0");
        // Other parts have slightly other numbers than the runtime.
        assert_eq!(found(8, 55), "12.8.0");
        assert_eq!(found(8, 93), "12.8.1");
        assert_eq!(found(6, 77), "12.6.3");
        assert_eq!(newest_of(12, None), Some(version("12.9.2")));
        assert_eq!(newest_of(12, Some(4)), Some(version("12.4.1")));
    }

    #[test]
    fn a_system_has_the_toolkits_of_its_time() {
        assert_eq!(
            systems("ubuntu20.04", (13, 0)).unwrap(),
            ["ubuntu22.04", "ubuntu24.04"]
        );
        assert_eq!(systems("ubuntu22.04", (13, 0)), None);
        assert_eq!(systems("rockylinux9", (13, 0)), None);
    }
}
