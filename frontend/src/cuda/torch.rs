//! The GPUs that PyTorch's wheels have code for.
//!
//! Read on 2026-11-21 from PyTorch's `RELEASE.md` ("PyTorch CUDA Support Matrix" of each release) and, for what came before
//! that table, from pytorch/test-infra `tools/pkg-helpers/pytorch_pkg_helpers/cuda.py` and moi90/pytorch_compute_capabilities.

use super::Arch;

/// What a build of PyTorch has code for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gpus {
    /// Machine code for these compute capabilities.
    pub archs: &'static [u32],
    /// PTX of the last of them: what is newer can run it too.
    pub has_ptx: bool,
}

/// One row: releases of PyTorch from–to, the release of CUDA, whether for aarch64, compute capabilities, PTX.
type Row = ((u32, u32), (u32, u32), (u32, u32), bool, &'static [u32], bool);

const OLD: &[u32] = &[50, 60, 70, 75, 80, 86, 90];
const VOLTA: &[u32] = &[70, 75, 80, 86, 90, 100, 120];
const TURING: &[u32] = &[75, 80, 86, 90, 100, 120];
const ARM: &[u32] = &[80, 90, 100, 120];
const ARM_13: &[u32] = &[80, 90, 100, 110, 120];
const LATEST: (u32, u32) = (2, u32::MAX);

const ROWS: [Row; 13] = [
    (
        (2, 0),
        (2, 7),
        (11, 8),
        false,
        &[37, 50, 60, 70, 75, 80, 86, 90],
        false,
    ),
    ((2, 1), (2, 5), (12, 1), false, OLD, false),
    ((2, 4), (2, 6), (12, 4), false, OLD, false),
    ((2, 6), LATEST, (12, 6), false, OLD, false),
    ((2, 7), (2, 7), (12, 8), false, TURING, true),
    ((2, 8), (2, 10), (12, 8), false, VOLTA, false),
    ((2, 11), LATEST, (12, 8), false, TURING, false),
    ((2, 8), LATEST, (12, 9), false, VOLTA, true),
    ((2, 9), LATEST, (13, 0), false, TURING, true),
    ((2, 12), LATEST, (13, 2), false, TURING, true),
    ((2, 7), LATEST, (12, 8), true, ARM, false),
    ((2, 9), LATEST, (13, 0), true, ARM_13, true),
    ((2, 12), LATEST, (13, 2), true, ARM_13, true),
];

/// What PyTorch `torch` (`2.9`) made with CUDA `cuda` (`12.8`) has code for; nothing where the table does not know.
pub fn torch_gpus(torch: (u32, u32), cuda: (u32, u32), aarch64: bool) -> Option<Gpus> {
    let of =
        |(from, to, with, arm, ..): &&Row| (*from..=*to).contains(&torch) && *with == cuda && *arm == aarch64;
    ROWS.iter().find(of).map(|(.., archs, has_ptx)| Gpus {
        archs,
        has_ptx: *has_ptx,
    })
}

/// The oldest CUDA that some PyTorch for this GPU is made with.
pub fn torch_cuda_for(gpu: Arch, aarch64: bool) -> Option<(u32, u32)> {
    let rows = ROWS.iter().filter(|(.., arm, _, _)| *arm == aarch64);
    let runs = rows.filter(|(.., archs, has_ptx)| {
        Gpus {
            archs,
            has_ptx: *has_ptx,
        }
        .runs_on(gpu)
    });
    runs.map(|(_, _, cuda, ..)| *cuda).min()
}

impl Gpus {
    /// Whether a GPU of this compute capability runs it: machine code runs on later GPUs of its generation, PTX on all later
    /// ones (CUDA C++ Programming Guide, "Binary Compatibility" and "PTX Compatibility").
    pub fn runs_on(&self, gpu: Arch) -> bool {
        let by_code = |arch: &u32| arch / 10 == gpu.major() && *arch <= gpu.number;
        let by_ptx = self
            .archs
            .last()
            .is_some_and(|last| self.has_ptx && *last <= gpu.number);
        by_ptx || self.archs.iter().any(by_code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(torch: (u32, u32), cuda: (u32, u32), gpu: u32) -> bool {
        torch_gpus(torch, cuda, false).unwrap().runs_on(Arch::plain(gpu))
    }

    #[test]
    fn code_of_a_generation_runs_on_its_later_gpus() {
        assert!(runs((2, 9), (12, 8), 89));
        assert!(runs((2, 9), (12, 8), 121));
        assert!(!runs((2, 6), (12, 4), 120));
        assert!(!runs((2, 9), (13, 0), 70));
    }

    #[test]
    fn what_the_table_does_not_have_is_not_known() {
        assert_eq!(torch_gpus((1, 12), (11, 3), false), None);
        assert_eq!(torch_gpus((2, 9), (12, 6), true), None);
        assert!(
            torch_gpus((2, 9), (12, 8), true)
                .unwrap()
                .runs_on(Arch::plain(90))
        );
    }
}
