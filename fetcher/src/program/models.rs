//! `fetcher models`: the models of an image that are fetched when the container starts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use modelcrate_fetcher::client::bucket::{self, Object};
use modelcrate_fetcher::client::{Client, Error, Registry, Remote, Token, Visit};
use modelcrate_fetcher::download::{Progress, Target, to_file};
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::hub::{Hub, Repository};
use modelcrate_fetcher::manifest::{Deliver, Manifest, Model, Source};
use object_store::aws::AmazonS3;

use crate::arguments::Models;
use crate::artifact::{self, Artifact};
use crate::complete::Complete;
use crate::report::{self, watched};
use crate::surroundings::Surroundings;

/// Files of a model that are brought at a time: small ones mostly wait for answers.
const AT_A_TIME: usize = 4;
/// SHA-256 of no bytes: a file of size 0 with another digest is one whose size nobody knew.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Brings what is not there, model by model.
pub async fn run(client: &Client, arguments: &Models, surroundings: &Surroundings) -> Result<(), Error> {
    for model in manifest(&arguments.manifest)?.models {
        if model.deliver == Deliver::Fetch {
            bring(client, &model, surroundings).await?;
        }
    }
    Ok(())
}

fn manifest(path: &Path) -> Result<Manifest, Error> {
    let bad = |problem: String| Error::Usage {
        problem: format!("`{}` says of no models: {problem}", path.display()),
        fix: "build the image again".into(),
    };
    let text = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|error| bad(error.to_string()))
}

async fn bring(client: &Client, model: &Model, surroundings: &Surroundings) -> Result<(), Error> {
    let folder = Path::new(&model.folder);
    let complete = Complete::read(folder);
    let missing: Vec<&File> = model
        .files
        .iter()
        .filter(|file| !complete.has(folder, file))
        .collect();
    if !missing.is_empty() {
        let origin = Origin::of(client, model, surroundings).await?;
        let total = missing.iter().map(|file| file.size).sum();
        let name = format!("model {}", model.name);
        report::say(
            client.mask(),
            &format!("{name}: {} into {}", report::amount(total), model.folder),
        );
        let all = Progress::default();
        let bringing = stream::iter(missing.into_iter().map(|file| one(&origin, folder, file, &all)))
            .buffer_unordered(AT_A_TIME)
            .try_collect::<()>();
        watched(client.mask(), &name, total, &all, bringing).await?;
        artifact::clean(folder);
        Complete::write(folder, &model.files);
        report::say(client.mask(), &format!("{name}: complete"));
    }
    for (path, text) in &model.texts {
        write_text(Path::new(path), text)?;
    }
    Ok(())
}

async fn one(origin: &Origin, folder: &Path, file: &File, all: &Progress) -> Result<(), Error> {
    let target = Target::new(folder, &file.path)?;
    let files = match origin {
        Origin::Artifact(artifact) => {
            let store = artifact::store(folder);
            return artifact.bring(file, &target, None, &store, &all.part()).await;
        }
        Origin::Files(files) => files,
    };
    let remote = files.remote(&file.path)?;
    let file = sized(&remote, file, &target).await?;
    to_file(&remote, &file, &target, None, &all.part())
        .await
        .map(drop)
}

/// The file with its size: what is there has it when its digest is right, and the server knows it.
async fn sized(remote: &Remote, file: &File, target: &Target) -> Result<File, Error> {
    let of_size = |size| File { size, ..file.clone() };
    if file.size > 0 || file.sha256 == EMPTY {
        return Ok(file.clone());
    }
    if let Ok(there) = target.path().symlink_metadata() {
        let there = of_size(there.len());
        if target.holds(&there).await? {
            return Ok(there);
        }
    }
    remote.size().await.map(of_size)
}

/// Where the files of a model come from.
enum Origin {
    /// A registry: several files may lie in one archive.
    Artifact(Artifact),
    /// Each file lies for itself.
    Files(Files),
}

/// Where each file lies for itself.
enum Files {
    Hub(Visit, String),
    Urls(Client, BTreeMap<String, String>, Option<Token>),
    Bucket {
        client: Client,
        store: Arc<AmazonS3>,
        bucket: String,
        prefix: String,
    },
}

impl Origin {
    async fn of(client: &Client, model: &Model, surroundings: &Surroundings) -> Result<Self, Error> {
        let unusable = |what: String| Error::Usage {
            problem: format!("model `{}` cannot be fetched: {what}", model.name),
            fix: "build the image again; `HF_ENDPOINT` names another hub".into(),
        };
        match model.source.clone() {
            None => Err(unusable("the image does not say from where".into())),
            Some(Source::Urls { urls }) => {
                let token = surroundings.secret(model.token.as_deref(), client.mask())?;
                Ok(Self::Files(Files::Urls(client.clone(), urls, token)))
            }
            Some(Source::S3 {
                endpoint,
                bucket,
                prefix,
                region,
                access_key,
                secret_key,
            }) => Ok(Self::Files(Files::Bucket {
                client: client.clone(),
                store: Arc::new(bucket::open(
                    client,
                    &bucket,
                    &surroundings.account(
                        endpoint,
                        region,
                        access_key.as_deref().zip(secret_key.as_deref()),
                    )?,
                    bucket::patience(),
                )?),
                bucket,
                prefix,
            })),
            Some(Source::Oci { endpoint, repository }) => {
                let login = surroundings.mounted(model.token.as_deref())?;
                let registry = Registry::new(client, &repository, endpoint.as_deref(), login.as_deref())?;
                let digest = model.revision.as_deref();
                let digest =
                    digest.ok_or_else(|| unusable("the image does not say which artifact".into()))?;
                Ok(Self::Artifact(Artifact::open(registry, digest).await?))
            }
            Some(Source::Hub {
                endpoint,
                repository,
                commit,
            }) => {
                let endpoint = surroundings.get("HF_ENDPOINT").unwrap_or(&endpoint);
                let hub = Hub::new(endpoint).map_err(|_| unusable(format!("`{endpoint}` is no hub")))?;
                let repository = Repository::parse(&repository)
                    .map_err(|why| unusable(format!("`{repository}` {why}")))?;
                let token = surroundings.token(model.token.as_deref(), client.mask())?;
                let visit = Visit::new(client, hub, repository, token);
                Ok(Self::Files(Files::Hub(visit, commit)))
            }
        }
    }
}

impl Files {
    fn remote(&self, path: &str) -> Result<Remote, Error> {
        match self {
            Self::Hub(visit, commit) => visit.file(commit, path),
            Self::Urls(client, urls, token) => {
                let url = urls.get(path).ok_or_else(|| Error::Usage {
                    problem: format!("the image has no address for `{path}`"),
                    fix: "build the image again".into(),
                })?;
                Remote::web(client, url, token.clone())
            }
            Self::Bucket {
                client,
                store,
                bucket,
                prefix,
            } => {
                let key = format!("{prefix}{path}");
                let object = Object::new(store.clone(), bucket, key.as_str().into());
                Ok(Remote::object(client, object))
            }
        }
    }
}

/// A small text beside the model, under its name only when it is whole.
fn write_text(path: &Path, text: &str) -> Result<(), Error> {
    if std::fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    let failed = |error: std::io::Error| Error::storage(path, &error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut new = path.as_os_str().to_owned();
    new.push(format!(".{}", std::process::id()));
    std::fs::write(&new, text).map_err(failed)?;
    std::fs::rename(&new, path).map_err(failed)
}
