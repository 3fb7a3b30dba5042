//! Which bytes of a file are there.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A set of bytes, as ranges in order that do not touch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Ranges(Vec<Range<u64>>);

impl Ranges {
    /// Adds bytes.
    pub(super) fn insert(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        let first = self.0.partition_point(|own| own.end < range.start);
        let last = self.0.partition_point(|own| own.start <= range.end);
        let touched = &self.0[first..last];
        let start = touched
            .first()
            .map_or(range.start, |own| own.start.min(range.start));
        let end = touched.last().map_or(range.end, |own| own.end.max(range.end));
        self.0.splice(first..last, std::iter::once(start..end));
    }

    /// What of a range is not there, in order.
    pub(super) fn gaps(&self, within: Range<u64>) -> Vec<Range<u64>> {
        let mut gaps = Vec::new();
        let mut at = within.start;
        for own in &self.0 {
            if own.end <= at {
                continue;
            }
            if own.start >= within.end {
                break;
            }
            if own.start > at {
                gaps.push(at..own.start);
            }
            at = own.end;
        }
        if at < within.end {
            gaps.push(at..within.end);
        }
        gaps
    }

    /// How many bytes are there from the first on.
    pub(super) fn prefix(&self) -> u64 {
        self.0
            .first()
            .filter(|own| own.start == 0)
            .map_or(0, |own| own.end)
    }

    /// How many bytes are there.
    pub(super) fn total(&self) -> u64 {
        self.0.iter().map(|own| own.end - own.start).sum()
    }

    /// Whether this can be said of a file of this size; it may have been read from a disk.
    pub(super) fn is_sound(&self, size: u64) -> bool {
        let mut end = None;
        self.0.iter().all(|own| {
            let fine = own.start < own.end && end.is_none_or(|end| end < own.start) && own.end <= size;
            end = Some(own.end);
            fine
        })
    }
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "a set of one range is meant")]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_touch_become_one_range() {
        let mut ranges = Ranges::default();
        for range in [10..20, 30..40, 50..60, 20..30, 0..1, 5..5] {
            ranges.insert(range);
        }
        assert_eq!(ranges.0, [0..1, 10..40, 50..60]);
        assert_eq!((ranges.prefix(), ranges.total()), (1, 41));
        ranges.insert(1..55);
        assert_eq!(ranges.0, [0..60]);
        assert_eq!(ranges.gaps(0..60), []);
    }

    #[test]
    fn gaps_are_what_is_not_there() {
        let mut ranges = Ranges::default();
        ranges.insert(10..20);
        ranges.insert(30..40);
        assert_eq!(ranges.gaps(0..50), [0..10, 20..30, 40..50]);
        assert_eq!(ranges.gaps(12..35), [20..30]);
        assert_eq!(ranges.gaps(12..18), []);
        assert_eq!(ranges.gaps(45..50), [45..50]);
    }

    #[test]
    fn any_order_gives_every_byte_once() {
        let size = 200_u64;
        let mut ranges = Ranges::default();
        let mut there = [false; 200];
        let mut seed = 7_u64;
        for _ in 0..200 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let start = (seed >> 33) % size;
            let end = (start + (seed >> 50) % 20).min(size);
            ranges.insert(start..end);
            (start..end).for_each(|at| there[at as usize] = true);
            assert!(ranges.is_sound(size));
            assert_eq!(ranges.total(), there.iter().filter(|t| **t).count() as u64);
            let missing: u64 = ranges.gaps(0..size).iter().map(|gap| gap.end - gap.start).sum();
            assert_eq!(missing, size - ranges.total());
        }
    }

    #[test]
    fn what_a_disk_says_is_looked_at() {
        for (text, sound) in [
            (r#"[{"start":0,"end":5}]"#, true),
            (r#"[{"start":0,"end":11}]"#, false),
            (r#"[{"start":5,"end":5}]"#, false),
            (r#"[{"start":5,"end":9},{"start":0,"end":2}]"#, false),
        ] {
            let ranges: Ranges = serde_json::from_str(text).unwrap();
            assert_eq!(ranges.is_sound(10), sound, "{text}");
        }
    }
}
