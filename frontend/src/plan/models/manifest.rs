//! What an image says of its models, for those who look at them or fetch them when its container starts.

use std::collections::BTreeMap;

use modelcrate_fetcher::file::File;
use modelcrate_fetcher::manifest::{self, Manifest, Model, Source};

use super::{Piece, cache, pieces};
use crate::check::{self, Artifact, Checked, Deliver, HubModel, ModelSource, Origin};
use crate::plan::{Facts, FileAction};

/// The models of an image; nothing when nobody has a question about them. What is known of the files of another image is
/// nothing: nobody reads a layer for it. Nobody takes the digests of the context's files either.
pub(in crate::plan) fn manifest(checked: &Checked, facts: &Facts) -> Option<Manifest> {
    let is_known = |model: &&check::Model| {
        let is_pinned = match &model.source {
            ModelSource::Files { .. } => true,
            ModelSource::Listed(listed) => !matches!(listed.origin, Origin::Context(_)),
            ModelSource::Image(_) => false,
        };
        model.deliver != Deliver::Bake || is_pinned
    };
    let models = checked.models.iter().filter(is_known);
    let models: Vec<Model> = models.map(|model| self::model(model, facts)).collect();
    (!models.is_empty()).then_some(Manifest { models })
}

fn model(model: &check::Model, facts: &Facts) -> Model {
    let pieces = pieces(model, facts);
    let pinned = pieces.iter().filter(|piece| !piece.sha256.is_empty());
    let mut files: Vec<File> = pinned.map(file).collect();
    files.sort();
    Model {
        name: model.name.value.clone(),
        folder: model.folder.clone(),
        deliver: match model.deliver {
            Deliver::Bake => manifest::Deliver::Bake,
            Deliver::Volume => manifest::Deliver::Volume,
            Deliver::Fetch => manifest::Deliver::Fetch,
        },
        revision: revision(model),
        files,
        texts: texts(model),
        source: source(model, &pieces, facts).filter(|_| model.deliver == Deliver::Fetch),
        token: token(model).filter(|_| model.deliver == Deliver::Fetch),
    }
}

fn revision(model: &check::Model) -> Option<String> {
    model.found.as_ref()?.revision.clone()
}

/// The spec pins files of addresses by their digests alone: their sizes are not known.
fn file(piece: &Piece) -> File {
    File {
        path: piece.path.clone(),
        size: piece.size.unwrap_or(0),
        sha256: piece.sha256.clone(),
    }
}

fn texts(model: &check::Model) -> BTreeMap<String, String> {
    let texts = cache::texts(model).into_iter();
    texts
        .filter_map(|action| match action {
            FileAction::File { path, text, .. } => Some((path, text)),
            _ => None,
        })
        .collect()
}

fn source(model: &check::Model, pieces: &[Piece], facts: &Facts) -> Option<Source> {
    let listed = match &model.source {
        ModelSource::Listed(listed) => listed,
        ModelSource::Files { .. } => {
            let urls = pieces.iter().map(|piece| (piece.path.clone(), piece.url.clone()));
            return Some(Source::Urls { urls: urls.collect() });
        }
        ModelSource::Image(_) => return None,
    };
    match &listed.origin {
        Origin::Hub(hub) => Some(Source::Hub {
            endpoint: facts.hub.endpoint().to_owned(),
            repository: hub.repository.as_str().to_owned(),
            commit: revision(model)?,
        }),
        Origin::Bucket(bucket) => Some(Source::S3 {
            endpoint: bucket.endpoint.clone(),
            bucket: bucket.name.clone(),
            prefix: match bucket.prefix.as_str() {
                "" => String::new(),
                prefix => format!("{prefix}/"),
            },
            region: bucket.region.clone(),
            access_key: bucket.keys.as_ref().map(|(key, _)| key.value.clone()),
            secret_key: bucket.keys.as_ref().map(|(_, secret)| secret.value.clone()),
        }),
        Origin::Artifact(artifact) => Some(Source::Oci {
            endpoint: artifact.endpoint(),
            repository: artifact.reference.name().to_owned(),
        }),
        Origin::Context(_) => None,
    }
}

/// Id of the secret that opens the source; a bucket has two, which its source names.
fn token(model: &check::Model) -> Option<String> {
    let token = match &model.source {
        ModelSource::Listed(listed) => match &listed.origin {
            Origin::Hub(HubModel { token, .. }) | Origin::Artifact(Artifact { token, .. }) => token.as_ref(),
            Origin::Bucket(_) | Origin::Context(_) => None,
        },
        ModelSource::Files { token, .. } => token.as_ref(),
        ModelSource::Image(_) => None,
    };
    token.map(|token| token.value.clone())
}
