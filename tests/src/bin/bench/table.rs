//! Comparisons as Markdown.

use std::fmt::Write;

use crate::comparison::{Comparison, Results};
use crate::measurement::{COLUMNS, Measurement};
use crate::side::Side;

/// Below this, two sizes are manifests and chatter.
const NOISE: u64 = 150_000;

/// The section of a system.
pub fn section(comparison: &Comparison) -> String {
    let mut text = format!(
        "## {}\n\n{}\n\n{}",
        comparison.system.name,
        machine(comparison),
        sizes(comparison)
    );
    let first = (
        "first build",
        &comparison.modelcrate.first,
        &comparison.dockerfile.first,
    );
    text += &format!(
        "\n**From nothing**: an empty engine, an empty registry\n\n{}",
        builds([first])
    );
    for cache in comparison.system.caches.iter().copied() {
        text += &format!("\n**{}**\n\n{}", cache.words(), builds(comparison.rows(cache)));
    }
    text + &more(&comparison.worse())
}

/// What fails the run.
fn more(worse: &[String]) -> String {
    if worse.is_empty() {
        return String::new();
    }
    format!(
        "\n**More than the Dockerfile, which fails the run**\n\n- {}\n",
        worse.join("\n- ")
    )
}

fn machine(comparison: &Comparison) -> String {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let bases = match comparison.stand_ins.as_slice() {
        [] => String::new(),
        bases => format!(
            "; in place of {}, a small stand-in without CUDA",
            bases
                .iter()
                .map(|base| format!("`{base}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    format!(
        "{}; {cores} cores, loopback registry{bases}. An empty engine pulls the frontend: {}.{}",
        comparison.versions,
        bytes(comparison.frontend),
        busy(comparison.others)
    )
}

/// Above this part of the cores other programs are worth a word.
const BUSY: f64 = 0.1;

fn busy(others: f64) -> String {
    if others < BUSY {
        return String::new();
    }
    format!(
        " Before it began, other programs took {:.0} % of the cores: go by the bytes.",
        others * 100.0
    )
}

fn sizes(comparison: &Comparison) -> String {
    let (ours, theirs) = (&comparison.modelcrate, &comparison.dockerfile);
    let seconds = |results: &Results| format!("{:.0} s", results.first.seconds);
    let rows = [
        ("first build", seconds(ours), seconds(theirs)),
        (
            "lines of the description",
            ours.lines.to_string(),
            theirs.lines.to_string(),
        ),
        (
            "image, compressed",
            bytes(ours.image.compressed),
            bytes(theirs.image.compressed),
        ),
        (
            "image, unpacked",
            bytes(ours.image.unpacked),
            bytes(theirs.image.unpacked),
        ),
        (
            "layers",
            ours.image.layers.to_string(),
            theirs.image.layers.to_string(),
        ),
    ];
    let mut text = "| | modelcrate | Dockerfile |\n|---|--:|--:|\n".to_owned();
    for (words, ours, theirs) in rows {
        text += &format!("| {words} | {ours} | {theirs} |\n");
    }
    text
}

/// Three rows a build: both sides, and how many times less modelcrate moves.
fn builds<'a>(rows: impl IntoIterator<Item = (&'static str, &'a Measurement, &'a Measurement)>) -> String {
    let titles = COLUMNS.map(|column| column.title).join(" | ");
    let mut text = format!(
        "| | | {titles} | seconds |\n|---|---{}|--:|\n",
        "|--:".repeat(COLUMNS.len())
    );
    for (words, ours, theirs) in rows {
        row(&mut text, words, Side::Modelcrate.title(), ours);
        row(&mut text, "", Side::Dockerfile.title(), theirs);
        let ratios = COLUMNS
            .map(|column| match column.is_part {
                true => String::new(),
                false => ratio((column.bytes)(ours), (column.bytes)(theirs)),
            })
            .join(" | ");
        let _ = writeln!(
            text,
            "| | *times less* | {ratios} | {:.1} |",
            theirs.seconds / ours.seconds
        );
    }
    text
}

fn row(text: &mut String, words: &str, side: &str, of: &Measurement) {
    let cells = COLUMNS.map(|column| bytes((column.bytes)(of))).join(" | ");
    let _ = writeln!(text, "| {words} | {side} | {cells} | {:.1} |", of.seconds);
}

fn bytes(count: u64) -> String {
    match count {
        1_000_000.. => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{} kB", count.div_ceil(1000)),
    }
}

/// How many times less `ours` is.
fn ratio(ours: u64, theirs: u64) -> String {
    if ours.max(theirs) < NOISE {
        return "=".into();
    }
    format!("{:.1}", theirs as f64 / ours.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_ratios_are_short() {
        assert_eq!([bytes(0), bytes(1), bytes(1_449_000)], ["0 kB", "1 kB", "1.4 MB"]);
        assert_eq!(ratio(1_000_000, 10_000_000), "10.0");
        assert_eq!(ratio(10_000_000, 5_000_000), "0.5");
        assert_eq!(ratio(3_000, 90_000), "=");
    }

    #[test]
    fn other_programs_and_what_is_worse_are_told_when_there_are_some() {
        assert_eq!((busy(0.05).as_str(), more(&[]).as_str()), ("", ""));
        assert!(busy(0.854).contains(" 85 % of the cores"));
        let two = more(&["first build: pushed 2".to_owned(), "an edit: pulled 3".to_owned()]);
        assert!(
            two.ends_with("\n\n- first build: pushed 2\n- an edit: pulled 3\n"),
            "{two}"
        );
    }
}
