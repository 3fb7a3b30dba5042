//! Which compute capabilities a toolkit compiles for.
//!
//! Read on 2026-11-21 from the release notes of each toolkit ("New Features", "Deprecated and Dropped Features",
//! docs.nvidia.com/cuda/archive) and, where these are silent, CMake's `Modules/CUDA/architectures.cmake`.

use super::Arch;
use super::toolkit::is_newer;

type Release = (u32, u32);

/// Compute capability, the first toolkit that compiles for it, and the first that does so no more.
const GPUS: [(u32, Release, Release); 26] = [
    (30, (4, 2), (11, 0)),
    (32, (6, 0), (11, 0)),
    (35, (5, 0), (12, 0)),
    (37, (6, 5), (12, 0)),
    (50, (6, 5), (13, 0)),
    (52, (6, 5), (13, 0)),
    (53, (7, 0), (13, 0)),
    (60, (8, 0), (13, 0)),
    (61, (8, 0), (13, 0)),
    (62, (8, 0), (13, 0)),
    (70, (9, 0), (13, 0)),
    (72, (9, 0), (13, 0)),
    (75, (10, 0), STILL),
    (80, (11, 0), STILL),
    (86, (11, 1), STILL),
    (87, (11, 4), STILL),
    (88, (13, 0), STILL),
    (89, (11, 8), STILL),
    (90, (11, 8), STILL),
    (100, (12, 8), STILL),
    // Called 110 since CUDA 13.0.
    (101, (12, 8), (13, 0)),
    (103, (12, 9), STILL),
    (107, (13, 4), STILL),
    (110, (13, 0), STILL),
    (120, (12, 8), STILL),
    (121, (12, 9), STILL),
];

const STILL: Release = (u32::MAX, 0);

/// First toolkit with code for one GPU alone (`90a`), and first with code for a family of them (`100f`), and the oldest GPUs
/// that have such code (CUDA Compiler Driver NVCC, "GPU Feature List").
const OWN_CODE: (Release, u32) = ((12, 0), 90);
const FAMILY_CODE: (Release, u32) = ((12, 9), 100);

/// What is compiled for where nobody says it: the GPUs of data centres and desks that are still sold or rented.
const COMMON: [u32; 7] = [75, 80, 86, 89, 90, 100, 120];

/// Why a toolkit does not compile for a compute capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// No GPU has it.
    Unknown,
    /// This toolkit is the first.
    Before(Release),
    /// This toolkit was the first without it.
    After(Release),
}

/// Whether the toolkit `release` compiles for `arch`. A toolkit that is newer than the table may compile for anything new.
///
/// # Errors
/// Why not.
pub fn compiles(release: Release, arch: Arch) -> Result<(), Refused> {
    let Some((_, since, until)) = GPUS.iter().find(|(number, ..)| *number == arch.number) else {
        return if is_newer(release) {
            Ok(())
        } else {
            Err(Refused::Unknown)
        };
    };
    let since = (*since).max(suffix_since(arch).ok_or(Refused::Unknown)?);
    match () {
        () if release < since => Err(Refused::Before(since)),
        () if release >= *until => Err(Refused::After(*until)),
        () => Ok(()),
    }
}

fn suffix_since(arch: Arch) -> Option<Release> {
    let (since, oldest) = match arch.suffix {
        None => return Some((0, 0)),
        Some('a') => OWN_CODE,
        Some(_) => FAMILY_CODE,
    };
    (arch.number >= oldest).then_some(since)
}

/// What is compiled for where a spec does not say.
pub fn default_archs(release: Release) -> Vec<Arch> {
    let common = COMMON.into_iter().map(Arch::plain);
    common.filter(|arch| compiles(release, *arch).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(release: Release, arch: &str) -> Option<Refused> {
        compiles(release, Arch::parse(arch).unwrap()).err()
    }

    #[test]
    fn a_toolkit_compiles_for_the_gpus_of_its_time() {
        assert_eq!(refused((12, 1), "120"), Some(Refused::Before((12, 8))));
        assert_eq!(refused((13, 0), "70"), Some(Refused::After((13, 0))));
        assert_eq!(refused((13, 0), "101"), Some(Refused::After((13, 0))));
        assert_eq!(refused((12, 8), "81"), Some(Refused::Unknown));
        assert_eq!(refused((12, 8), "120"), None);
    }

    #[test]
    fn code_for_one_gpu_alone_came_later_than_the_gpu() {
        assert_eq!(refused((11, 8), "90"), None);
        assert_eq!(refused((11, 8), "90a"), Some(Refused::Before((12, 0))));
        assert_eq!(refused((12, 8), "100f"), Some(Refused::Before((12, 9))));
        assert_eq!(refused((12, 8), "80a"), Some(Refused::Unknown));
    }

    #[test]
    fn a_toolkit_newer_than_the_table_may_know_more() {
        assert_eq!(refused((99, 0), "130"), None);
        assert_eq!(refused((99, 0), "60"), Some(Refused::After((13, 0))));
    }

    #[test]
    fn defaults_are_what_the_toolkit_knows() {
        let numbers =
            |version| -> Vec<u32> { default_archs(version).iter().map(|arch| arch.number).collect() };
        assert_eq!(numbers((11, 2)), [75, 80, 86]);
        assert_eq!(numbers((12, 1)), [75, 80, 86, 89, 90]);
        assert_eq!(numbers((13, 0)), [75, 80, 86, 89, 90, 100, 120]);
    }
}
