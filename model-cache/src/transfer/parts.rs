//! How a file is cut into parts. The rule is the same everywhere and forever: an etag depends on it.

use std::ops::Range;

const MIB: u64 = 1 << 20;
/// Size of a part: the least that services take (Amazon S3 user guide, "Multipart upload limits"), since all of them are in memory.
const PART: u64 = 5 * MIB;
/// The most parts of a file. Services take 10 000; this leaves room.
const MOST: u64 = 9_000;

/// The parts of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    size: u64,
    part: u64,
}

impl Parts {
    /// Cuts a file of so many bytes. All parts but the last are equally long.
    pub fn of(size: u64) -> Self {
        let least = size.div_ceil(MOST).next_multiple_of(MIB);
        Self {
            size,
            part: least.max(PART),
        }
    }

    /// How many there are; an empty file has one.
    pub fn count(self) -> usize {
        usize::try_from(self.size.div_ceil(self.part).max(1)).unwrap_or(usize::MAX)
    }

    /// The bytes of a part.
    pub fn range(self, index: usize) -> Range<u64> {
        let start = (index as u64).saturating_mul(self.part).min(self.size);
        start..start.saturating_add(self.part).min(self.size)
    }

    /// Bytes of each part but the last.
    pub fn length(self) -> u64 {
        self.part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_file() {
        for size in [0, 1, PART - 1, PART, PART + 1, 10 * PART + 3, 200 << 30] {
            let parts = Parts::of(size);
            let mut end = 0;
            for index in 0..parts.count() {
                let range = parts.range(index);
                assert_eq!(range.start, end);
                end = range.end;
            }
            assert_eq!(end, size);
            assert!(parts.count() as u64 <= MOST);
        }
    }

    #[test]
    fn small_files_are_one_part_and_huge_files_have_longer_ones() {
        assert_eq!(Parts::of(PART).count(), 1);
        assert_eq!(Parts::of(0).count(), 1);
        assert_eq!(Parts::of(45_000 * MIB).length(), 5 * MIB);
        assert_eq!(Parts::of(45_001 * MIB).length(), 6 * MIB);
    }
}
