//! One image: from a checked target to files and config.

use buildkit_llb::{Definition, Output, Platform};
use tokio::try_join;

use super::facts::Images;
use super::planned::{Planned, planned};
use super::{Build, Failure, attest, budget, models, programs};
use crate::check::Checked;
use crate::gateway::{GatewayError, PlatformResult, Ref};
use crate::lower::lower;

/// What the engine must be able to do so that layers stay apart (buildkit `solver/pb/caps.go`).
pub(super) const MERGE: &str = "mergeop";

/// Plans and lowers the image of one platform. The steps run when the result is exported.
pub(super) async fn image(
    build: &Build,
    checked: &Checked,
    platform: &Platform,
) -> Result<PlatformResult, Failure> {
    let Planned {
        checked,
        images,
        ground,
        facts,
        plan,
    } = planned(build, checked, platform).await?;
    let in_steps = programs::in_steps(build, ground.frontend_image.as_ref());
    if let Some(warning) = programs::unchecked(&checked, &facts, &in_steps) {
        build.warn(&warning).await?;
    }
    let mut lowered = lower(&plan.steps, &ground);
    let weights = budget::weights(build, &checked, &plan, &mut lowered);
    let root = lowered.tree(&plan.image);
    let (filesystem, (), attestations) = try_join!(
        models::solve(build, &checked, &facts, root.as_ref()),
        budget::check(build, (&checked, platform), &plan, &images, weights.as_ref()),
        attest::attestations(build, &checked, &facts),
    )?;
    Ok(PlatformResult {
        platform: platform.clone(),
        filesystem,
        config: serde_json::to_vec(&plan.config).map_err(|error| Failure::bug(&error.to_string()))?,
        base_config: base_config(&checked, &images),
        epoch: None,
        attestations,
    })
}

/// The base's config as it was, so that the exporter leaves the base's layers alone when it rewrites times.
fn base_config(checked: &Checked, images: &Images) -> Option<Vec<u8>> {
    let config = images.configs.get(&checked.base.image.as_ref()?.value)?;
    (!config.is_empty()).then(|| config.clone())
}

/// Hands a graph to the engine and waits until it is made; an empty one is not sent.
pub(super) async fn evaluated(build: &Build, root: Option<&Output>) -> Result<Ref, GatewayError> {
    let Some(root) = root else {
        return Ok(Ref::scratch());
    };
    let definition = Definition::new(root).map_err(|error| GatewayError::invalid(error.to_string()))?;
    build.gateway.solve(&definition, true).await
}

/// Hands a graph to the engine; an empty one is not sent.
pub(super) async fn solve(build: &Build, root: Option<&Output>) -> Result<Ref, Failure> {
    match root {
        None => Ok(Ref::scratch()),
        Some(root) => Ok(build.gateway.solve(&Definition::new(root)?, false).await?),
    }
}
