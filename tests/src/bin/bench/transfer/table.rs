//! The section of the report.

use std::fmt::Write as _;

use super::scene::SIZE;
use super::{Measured, RUNS};
use crate::versions::commit;

/// What was measured, as text.
pub fn section(name: &str, tables: &[(&str, &[Measured])]) -> String {
    let tables: Vec<String> = tables.iter().map(|(what, rows)| table(what, rows)).collect();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "## {name}\n\n{}; {cores} cores.\n\nWritten by `./dev bench transfer`: one file of {} MB, the hub of the tests and SeaweedFS on the \
         same machine, medians of {RUNS} runs in turns. Servers share the cores with the programs, so speeds compare and promise \
         nothing; processor time and memory are the programs' own, with their children.\n\n{}",
        commit(),
        SIZE / 1_000_000,
        tables.join("\n"),
    )
}

fn table(what: &str, rows: &[Measured]) -> String {
    let mut text = format!("| {what} | MB/s | CPU s | peak MiB | checks SHA-256 |\n|---|--:|--:|--:|---|\n");
    for (program, cost) in rows {
        let _ = writeln!(
            text,
            "| {} | {:.0} | {:.2} | {:.0} | {} |",
            program.name,
            SIZE as f64 / 1e6 / cost.wall.as_secs_f64(),
            cost.cpu.as_secs_f64(),
            cost.peak as f64 / 1024.0,
            if program.checks { "yes" } else { "no" },
        );
    }
    text
}
