//! What one request asks for.

use std::collections::VecDeque;
use std::ops::Range;

/// Bytes of one request at most: some tenths of a second of what a hub gives one connection (40 MB/s).
const MOST: u64 = 16 << 20;
/// And at least, towards the end: a tenth of a second, which is still more than the way to a hub and back.
const LEAST: u64 = 4 << 20;

/// The bytes of `gaps` in pieces for so many lanes, in order. The last ones are smaller: lanes then end at about the same time, and
/// little is left to be hashed.
pub(super) fn pieces(gaps: &[Range<u64>], lanes: usize) -> VecDeque<Range<u64>> {
    let mut left: u64 = gaps.iter().map(|gap| gap.end - gap.start).sum();
    let share = 2 * u64::try_from(lanes.max(1)).unwrap_or(1);
    let mut pieces = VecDeque::new();
    for gap in gaps {
        let mut at = gap.start;
        while at < gap.end {
            let size = (left / share).clamp(LEAST, MOST).min(gap.end - at);
            pieces.push_back(at..at + size);
            at += size;
            left -= size;
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_in_one_piece_and_the_last_pieces_are_small() {
        let gaps = [3..7, 1000..(512 << 20) + 5];
        let pieces = pieces(&gaps, 8);
        assert_eq!(pieces[0], 3..7);
        assert_eq!(pieces[1], 1000..1000 + MOST);
        assert!(
            pieces
                .iter()
                .skip(1)
                .is_sorted_by(|one, next| one.end == next.start)
        );
        assert_eq!(pieces.back().unwrap().end, gaps[1].end);
        let sizes: Vec<u64> = pieces
            .iter()
            .skip(1)
            .map(|piece| piece.end - piece.start)
            .collect();
        assert!(sizes.is_sorted_by(|one, next| one >= next), "{sizes:?}");
        assert!(
            sizes[sizes.len() - 8..].iter().all(|size| *size <= LEAST),
            "{sizes:?}"
        );
    }

    #[test]
    fn small_gaps_are_a_piece_each() {
        let gaps = [0..LEAST, LEAST + 1..LEAST + 2];
        assert_eq!(pieces(&gaps, 8), gaps);
        assert_eq!(pieces(&[], 8), []);
    }
}
