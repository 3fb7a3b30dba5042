//! `sizes`: what each layer will weigh, as far as it is known before anything is downloaded.

use super::super::planned::planned;
use super::super::{Build, Failure, warnings};
use super::table::table;
use super::{Answer, By, Call};
use crate::check::size::shown;
use crate::explain::{self, Size, Sizes};

/// Our own question.
pub(super) const CALL: Call = Call {
    name: "frontend.sizes",
    aliases: &[],
    version: "1.0.0",
    description: "List what each layer will weigh, where locks and hubs know",
    by: By::Spec(|build| Box::pin(answer(build))),
};

async fn answer(build: &Build) -> Result<Answer, Failure> {
    let platforms = build.platforms();
    let mut all = Vec::new();
    for (checked, platform) in warnings::check(build, &platforms).await?.iter().zip(&platforms) {
        let planned = planned(build, checked, platform).await?;
        let platform = platform.to_string();
        all.push(explain::sizes(
            &planned.plan,
            &planned.checked,
            &planned.facts,
            &platform,
        ));
    }
    let texts: Vec<String> = all.iter().map(text).collect();
    Answer::new(&all, texts.join("\n"))
}

fn text(sizes: &Sizes) -> String {
    let target = sizes
        .target
        .as_ref()
        .map_or_else(String::new, |target| format!("target {target}, "));
    let least = |bytes: u64| match bytes {
        0 => "?".to_owned(),
        bytes => format!("≥ {}", shown(bytes)),
    };
    let total = [
        least(sizes.download),
        least(sizes.unpacked),
        "all that is known".to_owned(),
    ];
    let rows = sizes.layers.iter().map(row).chain([total]);
    format!(
        "{target}{}\n\n{}",
        sizes.platform,
        table(["DOWNLOAD", "IN THE IMAGE", "LAYER"], rows)
    )
}

fn row(size: &Size) -> [String; 3] {
    let bytes = |bytes: Option<u64>| match bytes {
        Some(bytes) if size.unknown > 0 => format!("≥ {}", shown(bytes)),
        Some(bytes) => shown(bytes),
        None => "?".to_owned(),
    };
    let unknown = match size.unknown {
        0 => String::new(),
        count => format!(" ({count} of unknown size)"),
    };
    [
        bytes(size.download),
        bytes(size.unpacked),
        format!("{}: {}{unknown}", size.stage, size.name),
    ]
}
