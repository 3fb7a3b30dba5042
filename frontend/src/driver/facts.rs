//! What the planner must know, asked of the engine.

use std::collections::BTreeMap;

use buildkit_llb::{Image, ImageReference, Meta, Output, Platform};

use super::models::ENDPOINT;
use super::{Build, Failure, cuda, models, rust};
use crate::check::{Checked, CopyFrom, ModelSource, MountFrom};
use crate::context::{Selection, beside};
use crate::gateway::ImageRequest;
use crate::image::ImageConfig;
use crate::options::Options;
use crate::plan::{self, Facts, ImageFacts, Vcs};
use crate::rust::Workspace;
use crate::source::{Span, Spanned};

/// Images that were resolved: facts by reference for the planner, vertices by reference and platform for lowering.
#[derive(Debug, Clone, Default)]
pub(super) struct Images {
    pub facts: BTreeMap<String, ImageFacts>,
    pub vertices: BTreeMap<(String, String), Option<Output>>,
    /// Configs as the registry has them.
    pub configs: BTreeMap<String, Vec<u8>>,
    /// What names of images stand for in their registries, by the whole name.
    pub digests: BTreeMap<String, String>,
    /// Workspaces of the entries of `rust:`, by target.
    pub workspaces: BTreeMap<Option<String>, Vec<Workspace>>,
}

/// Resolves every image that the target may stand on to its digest, those apart that are `known`. Nothing is pulled.
pub(super) async fn images(
    build: &Build,
    checked: &Checked,
    target: &Platform,
    known: Images,
) -> Result<Images, Failure> {
    let native = build.gateway.build_platform();
    let mut wanted: Vec<(Spanned<String>, &Platform)> = Vec::new();
    for checked in with_sources(checked) {
        for image in [&checked.base.image, &checked.base.build].into_iter().flatten() {
            wanted.push((image.clone(), target));
        }
        wanted.extend(taken_images(checked).map(|(image, _)| (image.clone(), target)));
        for model in checked.baked_models() {
            if let ModelSource::Image(image) = &model.source {
                wanted.push((image.clone(), target));
            }
        }
        for image in checked.rust.iter().filter_map(|rust| rust.image.as_ref()) {
            wanted.extend([(image.clone(), native), (image.clone(), target)]);
        }
    }
    if build.options.platforms.contains(native) {
        let bases = with_sources(checked)
            .into_iter()
            .filter_map(|checked| checked.base.image.clone());
        wanted.extend(bases.map(|base| (base, native)));
    }
    let mut images = known;
    images.resolve(build, checked, wanted).await?;
    let known = Facts {
        images: images.facts.clone(),
        ..Facts::default()
    };
    for checked in with_sources(checked) {
        // The first config is the one that the planner sees: that of the platform that steps run on.
        let uv = plan::tools_image(checked, &known).into_iter();
        let uv = uv.flat_map(|image| [(image.clone(), native), (image, target)]);
        images.resolve(build, checked, uv.collect()).await?;
        let workspaces = match images.workspaces.get(&checked.target) {
            Some(known) => known.clone(),
            None => rust::workspaces(build, checked).await?,
        };
        // The base says which system programs are compiled on.
        if !cuda::waits(checked) {
            let tools = checked.rust.iter().zip(&workspaces);
            let tools =
                tools.flat_map(|(rust, workspace)| plan::toolchain_images(rust, workspace, checked, &known));
            let tools = tools.flat_map(|image| [(image.clone(), native), (image, target)]);
            images.resolve(build, checked, tools.collect()).await?;
        }
        images.workspaces.insert(checked.target.clone(), workspaces);
    }
    Ok(images)
}

impl Images {
    /// Resolves these too.
    async fn resolve(
        &mut self,
        build: &Build,
        checked: &Checked,
        wanted: Vec<(Spanned<String>, &Platform)>,
    ) -> Result<(), Failure> {
        for (image, platform) in wanted {
            let key = (image.value.clone(), platform.to_string());
            if self.vertices.contains_key(&key) {
                continue;
            }
            let Resolved {
                output,
                name,
                facts,
                config,
            } = resolve(build, checked, &image, platform).await?;
            let unpinned = name.filter(|name| !name.contains('@'));
            self.digests.extend(unpinned.zip(facts.digest.clone()));
            self.vertices.insert(key, output);
            self.configs.entry(image.value.clone()).or_insert(config);
            self.facts.entry(image.value).or_insert(facts);
        }
        Ok(())
    }
}

/// One image that was resolved.
struct Resolved {
    output: Option<Output>,
    /// The whole name, unless a named context takes its place.
    name: Option<String>,
    facts: ImageFacts,
    config: Vec<u8>,
}

/// One image: the named context of that name, else what the reference means now.
async fn resolve(
    build: &Build,
    checked: &Checked,
    image: &Spanned<String>,
    platform: &Platform,
) -> Result<Resolved, Failure> {
    let unresolved = |error| Failure::unresolved(&build.spec, image.span, &image.value, error);
    let named = build.context.named(&image.value, Some(platform)).await;
    if let Some(context) = named.map_err(unresolved)? {
        let known = context.image.clone().unwrap_or_default();
        let facts = ImageFacts {
            name: known.name,
            digest: known.digest,
            config: config(build, &image.value, image.span, &known.config)?,
        };
        return Ok(Resolved {
            output: context.holding(&taken(checked, &image.value)),
            name: None,
            facts,
            config: known.config,
        });
    }
    let reference = ImageReference::parse(&image.value)
        .map_err(|error| Failure::image(&build.spec, image.span, &image.value, &error.to_string()))?
        .to_string();
    let locked = build.lock.as_ref().and_then(|lock| lock.digest(&reference));
    if build.lock.is_some() && locked.is_none() && !reference.contains('@') {
        build
            .warn(&models::unlocked_image(&build.spec, &image.value, image.span))
            .await?;
    }
    let request = ImageRequest {
        log_name: format!("[internal] load metadata for {reference}"),
        reference: match locked {
            Some(digest) => format!("{reference}@{digest}"),
            None => reference.clone(),
        },
        platform: Some(platform.clone()),
        mode: build.options.resolve_mode,
        store: None,
    };
    let resolved = build.gateway.resolve_image(&request).await.map_err(unresolved)?;
    let vertex = Image {
        reference: resolved.pinned(),
        resolve_mode: build.options.resolve_mode,
        ..Image::default()
    };
    let meta = Meta {
        name: Some(format!("[base] from {reference}")),
        platform: Some(platform.clone()),
        locations: vec![build.spec.location(image.span)],
        ..Meta::default()
    };
    let facts = ImageFacts {
        name: Some(image.value.clone()),
        digest: resolved.digest(),
        config: config(build, &image.value, image.span, &resolved.config)?,
    };
    Ok(Resolved {
        output: Some(vertex.output(meta)),
        name: Some(reference),
        facts,
        config: resolved.config,
    })
}

/// A target and all that it takes files from.
fn with_sources(checked: &Checked) -> Vec<&Checked> {
    let mut all = vec![checked];
    all.extend(checked.sources.values().flat_map(with_sources));
    all
}

/// Images and named contexts that copies and mounts of a target take files of, with their paths.
fn taken_images(checked: &Checked) -> impl Iterator<Item = (&Spanned<String>, Vec<&str>)> {
    let copies = checked.copies.iter().filter_map(|copy| match &copy.from {
        CopyFrom::Image(image) => Some((image, copy.sources.iter().map(|path| &*path.value).collect())),
        CopyFrom::Context | CopyFrom::Target(_) => None,
    });
    let mounts = checked.runs.iter().flat_map(|run| &run.mounts);
    let mounts = mounts.filter_map(|mount| match &mount.from {
        MountFrom::Image(image) => Some((image, vec![&*mount.src.value])),
        _ => None,
    });
    copies.chain(mounts)
}

/// What is taken of a named context; everything where an image stands on it.
fn taken(checked: &Checked, name: &str) -> Selection {
    let all = with_sources(checked);
    let mut bases = all
        .iter()
        .flat_map(|checked| [&checked.base.image, &checked.base.build])
        .flatten();
    if bases.any(|image| image.value == name) {
        return Selection::default();
    }
    let taken = all.iter().flat_map(|checked| taken_images(checked));
    Selection::paths(
        taken
            .filter(|(image, _)| image.value == name)
            .flat_map(|(_, paths)| paths),
    )
}

fn config(build: &Build, reference: &str, span: Span, json: &[u8]) -> Result<ImageConfig, Failure> {
    if json.is_empty() {
        return Ok(ImageConfig::default());
    }
    ImageConfig::from_json(json).map_err(|error| {
        Failure::image(
            &build.spec,
            span,
            reference,
            &format!("its config cannot be read: {error}"),
        )
    })
}

/// What the options say, and the images.
pub(super) fn facts(build: &Build, target: &Platform, images: &Images) -> Facts {
    let native = build.gateway.build_platform();
    let vcs = |name: &str| build.options.vcs.get(name).cloned();
    Facts {
        target: (
            target.os.clone(),
            target.architecture.clone(),
            target.variant.clone(),
        ),
        native: target == native,
        beside_native: target != native && build.options.platforms.contains(native),
        build_architecture: native.architecture.clone(),
        images: images.facts.clone(),
        python_addresses: builder_args(&build.options).1,
        hub: build.hub.clone(),
        epoch: build.options.source_date_epoch,
        vcs: Vcs {
            source: vcs("source"),
            revision: vcs("revision"),
        },
        labels: build.options.labels.clone(),
        explicit_platform: !build.options.platforms.is_empty(),
        exclude: vec![
            build.spec.source.name.clone(),
            format!("{}.dockerignore", build.spec.source.name),
            beside(&build.spec.source.name),
        ],
        ..Facts::default()
    }
}

/// The user's build args: those that the spec declares, and those that tell the builder where things are.
pub(super) fn builder_args(options: &Options) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let of_builder = |name: &String| [plan::MIRROR, plan::DOWNLOADS, ENDPOINT].contains(&name.as_str());
    options
        .build_args
        .clone()
        .into_iter()
        .partition(|(name, _)| !of_builder(name))
}
