//! What sources of models were found to hold, for the words that stand for it.

use std::collections::BTreeMap;

use modelcrate_fetcher::card::Card;
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::hub::Repository;

/// Models whose sources were asked, by target (`None` is the spec itself) and name.
pub type ResolvedModels = BTreeMap<(Option<String>, String), ResolvedModel>;

/// What a source holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResolvedModel {
    /// The commit or digest; `None` where the source has none.
    pub revision: Option<String>,
    /// The files that are taken, by path.
    pub files: Vec<File>,
    /// The folder of the context that the paths start at; of other sources nothing.
    pub folder: String,
    /// What its card says; nothing where the source has none.
    pub card: Card,
}

/// What stands for a commit as long as it is not known: the spec is read again when it is.
const UNKNOWN: &str = "0000000000000000000000000000000000000000";

impl ResolvedModel {
    /// The commit or digest, or what stands for it.
    pub(super) fn revision_of(known: Option<&Self>) -> &str {
        known
            .and_then(|known| known.revision.as_deref())
            .unwrap_or(UNKNOWN)
    }

    /// The file that a program is given to load the model: the only one, or the first of a GGUF file in parts.
    pub(super) fn main_file(&self) -> Option<&str> {
        match self.files.as_slice() {
            [file] => Some(&file.path),
            files => first_part(files),
        }
    }
}

/// `NAME-00001-of-N.gguf` where all files are parts of it (llama.cpp `llama_split_path`).
fn first_part(files: &[File]) -> Option<&str> {
    let total = format!("-of-{:05}.gguf", files.len());
    let stem = |path: &str| {
        let (stem, number) = path.strip_suffix(&total)?.rsplit_once('-')?;
        let is_number = number.len() == 5 && number.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| stem.to_owned())
    };
    let first = files.iter().map(|file| file.path.as_str()).min()?;
    let wanted = stem(first)?;
    let same = files
        .iter()
        .all(|file| stem(&file.path).as_deref() == Some(&wanted));
    same.then_some(first)
}

/// The folder of a commit in the cache of Hugging Face's libraries.
pub fn hub_folder(cache: &str, repository: &Repository, commit: &str) -> String {
    format!("{cache}/{}/snapshots/{commit}", repository.folder())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(paths: &[&str]) -> ResolvedModel {
        let file = |path: &&str| File {
            path: (*path).to_owned(),
            size: 1,
            sha256: "a".repeat(64),
        };
        ResolvedModel {
            files: paths.iter().map(file).collect(),
            ..ResolvedModel::default()
        }
    }

    #[test]
    fn parts_are_loaded_by_the_first() {
        let first = "q4/m-00001-of-00002.gguf";
        assert_eq!(
            model(&[first, "q4/m-00002-of-00002.gguf"]).main_file(),
            Some(first)
        );
        assert_eq!(model(&["a.gguf"]).main_file(), Some("a.gguf"));
        for paths in [
            &["m-00001-of-00002.gguf", "n-00002-of-00002.gguf"],
            &["m-00001-of-00003.gguf", "m-00002-of-00003.gguf"],
            &["a.gguf", "b.gguf"],
        ] {
            assert_eq!(model(paths).main_file(), None, "{paths:?}");
        }
    }
}
