//! `./dev bench transfer`: a model's bytes from a hub onto a disk and into a bucket, by our programs and by those that people use.
//!
//! Hub and bucket are the tests' own, on this machine: all sides have the same servers and no network, so that what is compared is
//! what a program itself costs. Sides take turns, and the median of their runs is told. Where ours misses its aim, the run fails.

mod aims;
mod cost;
mod download;
mod program;
mod scene;
mod table;
mod upload;

use std::path::Path;

use crate::report;
use cost::Cost;
use program::Program;
use scene::Scene;

/// The name of the section of the report.
const SECTION: &str = "moving models";
/// Runs of each side.
const RUNS: usize = 3;

/// A program and the median of what its runs cost.
type Measured = (Program, Cost);

/// Measures all programs, ours as they lie in `programs`; gives the aims that were missed.
pub fn measure(programs: &Path, output: &Path) -> Vec<String> {
    let scene = Scene::set(programs);
    let downloads = measured(&scene, download::programs(&scene));
    let uploads = measured(&scene, upload::from_the_hub(&scene));
    let uploads_only = measured(&scene, upload::from_a_disk(&scene));
    let section = table::section(
        SECTION,
        &[
            ("from the hub onto a disk", &downloads),
            ("from the hub into a bucket, without a disk", &uploads),
            ("from a disk into a bucket", &uploads_only),
        ],
    );
    println!("{section}");
    report::write(output, SECTION, &section);
    [aims::of_downloads(&downloads), aims::of_uploads(&uploads)].concat()
}

fn measured(scene: &Scene, programs: Vec<Program>) -> Vec<Measured> {
    let mut costs = vec![Vec::new(); programs.len()];
    for run in 1..=RUNS {
        for (program, costs) in programs.iter().zip(&mut costs) {
            eprintln!("· {}, {run} of {RUNS}", program.name);
            costs.push(program.run(scene));
        }
    }
    programs
        .into_iter()
        .zip(costs.into_iter().map(cost::median))
        .collect()
}
