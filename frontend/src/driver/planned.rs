//! One image before its graph is made: everything that was asked of the engine, and the plan that follows from it.

use std::path::Path;

use buildkit_llb::{Output, Platform};

use super::facts::Images;
use super::image::MERGE;
use super::{Build, Failure, cmake, cuda, facts, ignore_file, models, programs, python, rust};
use crate::check::Checked;
use crate::context::{FRONTEND_GRAPH, frontend_image};
use crate::lower::Ground;
use crate::plan::{Facts, Plan, plan};

/// One target on one platform, planned.
#[derive(Debug)]
pub(super) struct Planned<'a> {
    /// What was asked for, its CUDA settled.
    pub checked: Checked,
    /// The images that it stands on.
    pub images: Images,
    /// What the plan's steps stand on once they are lowered.
    pub ground: Ground<'a>,
    /// What was asked of the engine.
    pub facts: Facts,
    /// What is done.
    pub plan: Plan,
}

/// Plans the image of one platform. Images are resolved and locks exported; no step of the image runs.
pub(super) async fn planned<'a>(
    build: &'a Build,
    checked: &Checked,
    platform: &Platform,
) -> Result<Planned<'a>, Failure> {
    cmake::projects_are_there(build, checked).await?;
    ignore_file::warn(build, checked).await?;
    let mut images = facts::images(build, checked, platform, Images::default()).await?;
    let frontend = frontend_image(Path::new(FRONTEND_GRAPH))?;
    programs::are_there(build, checked, platform, frontend.as_ref())?;
    let in_steps = programs::in_steps(build, frontend.as_ref());
    models::can_be_downloaded(build, checked, &in_steps)?;
    let ground = ground(build, platform, &images, frontend);
    let mut facts = complete(build, checked, &ground, &images).await?;

    let waits = cuda::waits(checked);
    let checked = cuda::settled(build, checked, &facts).await?;
    if waits {
        images = facts::images(build, &checked, platform, images).await?;
        know(&mut facts, &images);
    }
    let ground = Ground {
        images: images.vertices.clone(),
        ..ground
    };
    let plan = plan(&checked, &facts);
    Ok(Planned {
        checked,
        images,
        ground,
        facts,
        plan,
    })
}

/// The facts of a target, and of those that it takes files from.
async fn complete(
    build: &Build,
    checked: &Checked,
    ground: &Ground<'_>,
    images: &Images,
) -> Result<Facts, Failure> {
    let mut facts = facts::facts(build, &ground.target, images);
    facts.checker = programs::in_steps(build, ground.frontend_image.as_ref()).is_ok();
    facts.workspaces = images
        .workspaces
        .get(&checked.target)
        .cloned()
        .unwrap_or_default();
    rust::warn(build, checked, &facts).await?;
    cmake::commits(build, checked, &mut facts).await?;
    python::complete(build, checked, ground, &mut facts).await?;
    for (name, source) in &checked.sources {
        let of_source = Box::pin(complete(build, source, ground, images)).await?;
        facts.sources.insert(name.clone(), of_source);
    }
    Ok(facts)
}

/// Tells the facts of all targets the images that became known with CUDA.
fn know(facts: &mut Facts, images: &Images) {
    facts.images = images.facts.clone();
    facts.sources.values_mut().for_each(|source| know(source, images));
}

/// What steps for a platform stand on.
pub(super) fn ground<'a>(
    build: &'a Build,
    platform: &Platform,
    images: &Images,
    frontend: Option<Output>,
) -> Ground<'a> {
    let options = &build.options;
    Ground {
        spec: &build.spec,
        context: &build.main,
        target: platform.clone(),
        build: build.gateway.build_platform().clone(),
        platform_prefix: (options.platforms.len() > 1).then(|| platform.to_string()),
        images: images.vertices.clone(),
        frontend_image: frontend,
        merges: build.gateway.capabilities().has(MERGE),
        no_cache: &options.no_cache,
        exec: &options.exec,
        proxy: options.proxy.as_ref(),
        cache_namespace: &options.cache_namespace,
    }
}
