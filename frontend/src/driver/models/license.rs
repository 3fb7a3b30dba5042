//! Models that nobody says how they may be used.

use super::super::{Build, Failure};
use super::question::Question;
use crate::check::{HubModel, Origin};
use crate::diagnostic::{Diagnostic, code};
use crate::spec::ResolvedModel;

/// Says which of the models have a card without a licence.
pub(super) async fn warn<'a>(
    build: &Build,
    models: impl Iterator<Item = (&'a Question<'a>, &'a ResolvedModel)>,
) -> Result<(), Failure> {
    for (asked, found) in models {
        if let Origin::Hub(hub) = &asked.source.origin
            && found.card.license.is_none()
            && asked.model.license.is_none()
        {
            build.warn(&unknown(asked, hub)).await?;
        }
    }
    Ok(())
}

fn unknown(asked: &Question<'_>, hub: &HubModel) -> Diagnostic {
    let repository = &hub.repository;
    let message = format!("nobody says under which licence `{repository}` is given: its card names none");
    let page = asked.build.hub.page(repository);
    Diagnostic::warning(code::UNKNOWN_LICENCE, asked.source.span, message).hint(format!(
        "look at {page}, and write it beside the repository: `license: apache-2.0`"
    ))
}
