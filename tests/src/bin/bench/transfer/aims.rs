//! What our programs are to reach beside the others of the same run.

use super::Measured;

/// How much more time than a plain download by ranges, hashed, ours may take.
const MOST: f64 = 1.3;

/// Faster than the hub's own client, and nearly as fast as a plain download by ranges.
pub fn of_downloads(measured: &[Measured]) -> Vec<String> {
    let [(_, own), (_, ranges), (_, hf), ..] = measured else {
        return Vec::new();
    };
    let own = own.wall.as_secs_f64();
    let mut missed = Vec::new();
    if own > hf.wall.as_secs_f64() {
        missed.push("fetcher is slower than `hf download`".to_owned());
    }
    if own > ranges.wall.as_secs_f64() * MOST {
        missed.push(format!(
            "fetcher takes more than {MOST} times as long as a plain download by ranges"
        ));
    }
    missed
}

/// Less processor time and memory than any other that does the same.
pub fn of_uploads(measured: &[Measured]) -> Vec<String> {
    let Some(((_, own), others)) = measured.split_first() else {
        return Vec::new();
    };
    let mut missed = Vec::new();
    for (program, cost) in others {
        if own.cpu > cost.cpu {
            missed.push(format!(
                "model-cache takes more processor time than {}",
                program.name
            ));
        }
        if own.peak > cost.peak {
            missed.push(format!("model-cache takes more memory than {}", program.name));
        }
    }
    missed
}
