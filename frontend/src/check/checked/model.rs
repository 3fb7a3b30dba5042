//! Models.

use buildkit_llb::ImageReference;
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::hub::Repository;
use modelcrate_fetcher::select::Selection;

use crate::source::{Span, Spanned};
pub use crate::spec::{Deliver, Layout};
use crate::spec::{ResolvedModel, ResolvedModels, hub_folder};

/// A model that the image has, or that its container gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: Spanned<String>,
    /// Absolute path of its folder, without a `/` at the end.
    pub folder: String,
    /// Where its files come from.
    pub source: ModelSource,
    /// The licence that it is given under, as the spec says it.
    pub license: Option<Spanned<String>>,
    /// How its files reach the container.
    pub deliver: Deliver,
    /// How its files lie.
    pub layout: Layout,
    /// What its source holds, once that was asked: the spec does not say it.
    pub found: Option<ResolvedModel>,
    /// Where it was written.
    pub span: Span,
}

/// Where the files of a model come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelSource {
    /// Files that are downloaded, each known by what it holds.
    Files {
        /// The files; each path once.
        files: Vec<ModelFile>,
        /// Id of the secret with the value of the `Authorization` header.
        token: Option<Spanned<String>>,
    },
    /// All files of an image.
    Image(Spanned<String>),
    /// Files of a source that is asked which it has.
    Listed(ListedModel),
}

/// Files of a source that says itself which files it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedModel {
    /// The source.
    pub origin: Origin,
    /// Where it is written.
    pub span: Span,
    /// Patterns of the files; all files when empty.
    pub include: Vec<Spanned<String>>,
    /// Patterns of files that are left out.
    pub exclude: Vec<Spanned<String>>,
    /// Formats that run code are taken.
    pub allow_pickle: bool,
    /// The download goes on where an earlier build was cut off.
    pub resume: bool,
}

/// A source that can be asked which files it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A repository on a model hub.
    Hub(HubModel),
    /// Objects in a bucket of S3.
    Bucket(Bucket),
    /// An artifact in a registry.
    Artifact(Artifact),
    /// A folder or a file of the context: a clean relative path.
    Context(String),
}

/// A repository on a model hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubModel {
    /// The repository.
    pub repository: Repository,
    /// The branch, tag or commit; `main` where none is written.
    pub revision: String,
    /// Id of the secret with the token.
    pub token: Option<Spanned<String>>,
}

/// Objects in a bucket of S3 whose keys begin alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The bucket.
    pub name: String,
    /// What the keys begin with, without a slash at either end; empty for all of the bucket.
    pub prefix: String,
    /// The server; AWS when `None`.
    pub endpoint: Option<String>,
    /// The bucket's region.
    pub region: Option<String>,
    /// Ids of the secrets with the id of the key and the secret key; nobody in particular asks when `None`.
    pub keys: Option<(Spanned<String>, Spanned<String>)>,
}

/// An artifact in a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Registry, repository, and tag or digest.
    pub reference: ImageReference,
    /// The registry is asked without TLS.
    pub plain: bool,
    /// Id of the secret with `USER:PASSWORD`, or with docker's logins.
    pub token: Option<Spanned<String>>,
}

impl ListedModel {
    /// Which files are taken.
    pub fn selection(&self) -> Selection {
        let texts = |patterns: &[Spanned<String>]| patterns.iter().map(|text| text.value.clone()).collect();
        Selection {
            include: texts(&self.include),
            exclude: texts(&self.exclude),
        }
    }

    /// The repository, where it is one.
    pub fn hub(&self) -> Option<&HubModel> {
        match &self.origin {
            Origin::Hub(hub) => Some(hub),
            _ => None,
        }
    }
}

impl Origin {
    /// Its kind and name as the lock has them: `hf:org/name`, `s3:bucket/prefix`, `oci:registry/name`.
    pub fn id(&self) -> String {
        match self {
            Self::Hub(hub) => format!("hf:{}", hub.repository),
            Self::Bucket(bucket) => format!("s3:{}", bucket.path()),
            Self::Artifact(artifact) => format!("oci:{}", artifact.reference.name()),
            Self::Context(path) => format!("path:{path}"),
        }
    }

    /// The branch, tag or digest that is asked for.
    pub fn asked(&self) -> Option<&str> {
        match self {
            Self::Hub(hub) => Some(&hub.revision),
            Self::Artifact(artifact) => artifact.asked(),
            Self::Bucket(_) | Self::Context(_) => None,
        }
    }

    /// Both in the words of people: `org/name@main`.
    pub fn title(&self) -> String {
        title(&self.id(), self.asked())
    }

    /// The secrets that open it.
    pub fn secrets(&self) -> Vec<&Spanned<String>> {
        match self {
            Self::Hub(HubModel { token, .. }) | Self::Artifact(Artifact { token, .. }) => {
                token.iter().collect()
            }
            Self::Bucket(bucket) => bucket
                .keys
                .iter()
                .flat_map(|(key, secret)| [key, secret])
                .collect(),
            Self::Context(_) => Vec::new(),
        }
    }
}

/// [`Origin::id`] and [`Origin::asked`] in the words of people.
pub fn title(id: &str, asked: Option<&str>) -> String {
    match (id.split_once(':').unwrap_or(("", id)), asked) {
        (("oci", name), Some(tag)) if !tag.contains(':') => format!("{name}:{tag}"),
        (("s3", path), _) => format!("s3://{path}"),
        ((_, name), Some(asked)) => format!("{name}@{asked}"),
        ((_, name), None) => name.to_owned(),
    }
}

impl Bucket {
    /// `bucket/prefix`
    pub fn path(&self) -> String {
        match self.prefix.as_str() {
            "" => self.name.clone(),
            prefix => format!("{}/{prefix}", self.name),
        }
    }
}

impl Artifact {
    /// The registry's address, where that is not `https://REGISTRY`.
    pub fn endpoint(&self) -> Option<String> {
        let (registry, _) = self.reference.name().split_once('/')?;
        self.plain.then(|| format!("http://{registry}"))
    }

    fn asked(&self) -> Option<&str> {
        self.reference.digest().or_else(|| self.reference.tag())
    }
}

impl Model {
    /// The files that the source was found to hold; none before it was asked.
    pub fn found_files(&self) -> &[File] {
        self.found.as_ref().map_or(&[], |found| &found.files)
    }

    /// The commit or digest that the source was found to have.
    pub fn found_revision(&self) -> Option<&str> {
        self.found.as_ref()?.revision.as_deref()
    }

    /// The repository on a hub that it comes from.
    pub fn hub(&self) -> Option<&HubModel> {
        match &self.source {
            ModelSource::Listed(listed) => listed.hub(),
            _ => None,
        }
    }

    /// The folder of the cache, and the commit's own folder in it, of a model with [`Layout::HfCache`].
    fn in_cache(&self, commit: &str) -> Option<String> {
        match (self.hub(), self.layout) {
            (Some(hub), Layout::HfCache) => Some(hub_folder(&self.folder, &hub.repository, commit)),
            _ => None,
        }
    }
}

impl super::Checked {
    /// The models that lie in the image.
    pub fn baked_models(&self) -> impl Iterator<Item = &Model> {
        let models = self.models.iter();
        models.filter(|model| model.deliver == Deliver::Bake)
    }

    /// The first model that is fetched when the container starts.
    pub fn fetched_model(&self) -> Option<&Model> {
        let mut models = self.models.iter();
        models.find(|model| model.deliver == Deliver::Fetch)
    }

    /// The same with what the sources of its models, and of the targets that it takes files from, were found to hold.
    pub fn with_models(mut self, known: &ResolvedModels) -> Self {
        for model in &mut self.models {
            let key = (self.target.clone(), model.name.value.clone());
            let Some(found) = known.get(&key) else { continue };
            if let Some(folder) = found
                .revision
                .as_deref()
                .and_then(|commit| model.in_cache(commit))
            {
                model.folder = folder;
            }
            model.found = Some(found.clone());
        }
        let sources = std::mem::take(&mut self.sources).into_iter();
        self.sources = sources
            .map(|(name, source)| (name, source.with_models(known)))
            .collect();
        self
    }
}

/// A file of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// Where it lies in the model's folder: a clean relative path.
    pub path: String,
    /// Where it is downloaded from.
    pub url: Spanned<String>,
    /// SHA-256 of what it holds, 64 lower-case hexadecimal digits.
    pub sha256: Spanned<String>,
}
