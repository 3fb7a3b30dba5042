//! Weights that are not what their names say. The step that looked at them tells the log alone; the files are there, and are
//! looked into again for the words that the user needs.

use buildkit_llb::Meta;

use super::super::{Build, image};
use super::header;
use super::locked::writing;
use super::taken::malformed;
use crate::check::{Checked, Model};
use crate::diagnostic::{Diagnostic, code};
use crate::gateway::GatewayError;
use crate::lower::http;
use crate::plan::{DOWNLOADED, Facts, Piece, checked_pieces, is_check_of};

/// What is wrong with the files that a failed step looked at; nothing where the engine's message is about something else.
pub(super) async fn wrong(
    build: &Build,
    checked: &Checked,
    facts: &Facts,
    message: &str,
) -> Result<Vec<Diagnostic>, GatewayError> {
    let mut found = Vec::new();
    for model in checked.baked_models() {
        for file in checked_pieces(model, facts) {
            if is_check_of(message, &file) {
                found.extend(look(build, model, &file).await?);
            }
        }
    }
    Ok(found)
}

async fn look(build: &Build, model: &Model, file: &Piece) -> Result<Option<Diagnostic>, GatewayError> {
    let meta = Meta {
        name: Some(format!("[internal] look into {}", file.path)),
        locations: vec![build.spec.location(file.span)],
        ..Meta::default()
    };
    let output = http(&file.download()).output(meta);
    let there = image::evaluated(build, Some(&output)).await?;
    let size = build.gateway.stat_file(&there, DOWNLOADED).await?.size;
    if let Some(expected) = file.size.filter(|expected| *expected != size) {
        return Ok(Some(other_size(build, model, file, size, expected)));
    }
    let why = header::malformed(&build.gateway, &there, DOWNLOADED, &file.path, size).await?;
    Ok(why.map(|why| malformed(model, &file.path, why, file.span)))
}

/// Only what lists files says their sizes.
fn other_size(build: &Build, model: &Model, file: &Piece, size: u64, expected: u64) -> Diagnostic {
    let (who, fix) = match &build.lock {
        Some(_) => (
            "`modelcrate.lock` says",
            format!("write it again: {}", writing(&build.spec)),
        ),
        None => (
            "its list says",
            "ask whoever runs the hub: list and file differ".to_owned(),
        ),
    };
    let message = format!(
        "`{}` of the model `{}` has {size} bytes, and {who} {expected}",
        file.path, model.name.value
    );
    Diagnostic::error(code::DOWNLOAD, file.span, message).hint(fix)
}
