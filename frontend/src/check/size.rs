//! Sizes in bytes: `10GB`, `512MiB`.

use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Text};

/// Units and their bytes: powers of ten as on a disk's label, powers of two with an `i` (IEC 80000-13).
const UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// A size with its unit.
///
/// # Errors
/// When the number or the unit is missing or is none, or nothing could be that large.
pub fn size(entry: &Entry<Text>) -> Result<Spanned<u64>, Diagnostic> {
    let text = entry.value.0.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
    let unit = unit.trim();
    let known = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
    let bytes = known.and_then(|(_, factor)| bytes(number, *factor));
    bytes
        .map(|bytes| Spanned::new(bytes, entry.span))
        .ok_or_else(|| no_size(entry, number, unit, known.is_some()))
}

/// A size for people, in powers of ten with three digits: `4.12 GB`.
pub fn shown(bytes: u64) -> String {
    let (unit, factor) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => ("kB", 1_000),
        1_000_000..1_000_000_000 => ("MB", 1_000_000),
        _ => ("GB", 1_000_000_000_u64),
    };
    let hundredths = bytes.saturating_mul(100) / factor;
    match hundredths {
        0..1_000 => format!("{}.{:02} {unit}", hundredths / 100, hundredths % 100),
        1_000..10_000 => format!("{}.{} {unit}", hundredths / 100, hundredths % 100 / 10),
        _ => format!("{} {unit}", hundredths / 100),
    }
}

/// A decimal number of units in bytes, exactly.
fn bytes(number: &str, factor: u64) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || part.len() > 9 || number.ends_with('.') {
        return None;
    }
    let scale = 10_u128.pow(u32::try_from(part.len()).ok()?);
    let digits: u128 = format!("{whole}{part}").parse().ok()?;
    let bytes = digits.checked_mul(u128::from(factor))? / scale;
    u64::try_from(bytes).ok().filter(|bytes| *bytes <= 1 << 60)
}

fn no_size(entry: &Entry<Text>, number: &str, unit: &str, known: bool) -> Diagnostic {
    let text = &entry.value.0;
    let letter = unit.chars().next().map(|c| c.to_ascii_uppercase());
    let hint = match letter {
        Some(letter @ ('K' | 'M' | 'G' | 'T')) if !known && !number.is_empty() => {
            format!("write `{number}{letter}B` for powers of ten, `{number}{letter}iB` for powers of two")
        }
        _ => "write a number and `kB`, `MB`, `GB` (powers of ten), `KiB`, `MiB` or `GiB` (powers of two): `10GB`".into(),
    };
    Diagnostic::error(code::INVALID_SIZE, entry.span, format!("`{text}` is not a size")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn read(text: &str) -> Option<u64> {
        let span = Span::default();
        let value = Text(text.into());
        let entry = Entry {
            key: span,
            span,
            value,
        };
        size(&entry).ok().map(|size| size.value)
    }

    #[test]
    fn units_are_powers_of_ten_or_of_two() {
        assert_eq!(read("10GB"), Some(10_000_000_000));
        assert_eq!(read("1.5 GiB"), Some(1_610_612_736));
        assert_eq!(read("2.000000001gb"), Some(2_000_000_001));
        assert_eq!(read("64b"), Some(64));
        for wrong in ["10", "GB", "10G", "1.GB", "1.1.1GB", "-1GB", "9999999999TB", ""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn sizes_are_shown_with_three_digits() {
        let sizes = [
            999,
            1_000,
            12_345,
            999_999,
            1_000_000,
            4_120_000_000,
            123_456_789_000,
        ];
        let words: Vec<String> = sizes.into_iter().map(shown).collect();
        assert_eq!(
            words,
            [
                "999 B", "1.00 kB", "12.3 kB", "999 kB", "1.00 MB", "4.12 GB", "123 GB"
            ]
        );
    }
}
