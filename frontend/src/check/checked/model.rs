//! Models.

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
    /// What its source holds, once that was asked: the spec does not say it of a hub.
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
    /// Files of a repository on a hub.
    Hub(HubModel),
}

/// Files of a repository on a model hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubModel {
    /// The repository.
    pub repository: Repository,
    /// The branch, tag or commit; `main` where none is written.
    pub revision: String,
    /// Where both are written.
    pub span: Span,
    /// Patterns of the files; all files when empty.
    pub include: Vec<Spanned<String>>,
    /// Patterns of files that are left out.
    pub exclude: Vec<Spanned<String>>,
    /// Id of the secret with the token.
    pub token: Option<Spanned<String>>,
    /// Formats that run code are taken.
    pub allow_pickle: bool,
    /// The download goes on where an earlier build was cut off.
    pub resume: bool,
}

impl HubModel {
    /// Which files are taken.
    pub fn selection(&self) -> Selection {
        let texts = |patterns: &[Spanned<String>]| patterns.iter().map(|text| text.value.clone()).collect();
        Selection {
            include: texts(&self.include),
            exclude: texts(&self.exclude),
        }
    }
}

impl Model {
    /// The files that the source was found to hold; none before it was asked.
    pub fn found_files(&self) -> &[File] {
        self.found.as_ref().map_or(&[], |found| &found.files)
    }

    /// The folder of the cache, and the commit's own folder in it, of a model with [`Layout::HfCache`].
    fn in_cache(&self, commit: &str) -> Option<String> {
        match (&self.source, self.layout) {
            (ModelSource::Hub(hub), Layout::HfCache) => {
                Some(hub_folder(&self.folder, &hub.repository, commit))
            }
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
