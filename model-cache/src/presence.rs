//! Whether a bucket has the model: what its marker says, and whether that still holds.

use std::collections::BTreeMap;

use crate::bucket::{Bucket, Listed};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::marker::{self, Marker};

/// What is in the model's folder.
#[derive(Debug)]
pub struct Presence {
    /// What was stored, if anything that is whole ever was.
    pub marker: Option<Marker>,
    /// What is there now, by path.
    pub listed: BTreeMap<String, Listed>,
}

impl Presence {
    /// Looks: one request for the marker and one listing, at the same time.
    ///
    /// # Errors
    /// What the service says instead.
    pub async fn of(bucket: &Bucket) -> Result<Self, Failure> {
        let (text, listed) = tokio::try_join!(bucket.read(marker::NAME), bucket.list())?;
        let marker = text.and_then(|text| Marker::read(&text.bytes));
        Ok(Self { marker, listed })
    }

    /// The marker of a model that is whole, in the revision that is asked for.
    pub fn whole(&self, environment: &Environment) -> Option<&Marker> {
        self.sound()
            .filter(|marker| marker.is_of(&environment.model, &environment.revision))
    }

    /// The marker of a model that is whole, in whatever revision.
    pub fn sound(&self) -> Option<&Marker> {
        self.marker
            .as_ref()
            .filter(|marker| marker.broken(&self.listed).is_empty())
    }

    /// The objects that could be files of the model. A folder in its folder that has a marker or a lease of its own is another
    /// model's: `owner` and `owner/name` both name models.
    pub fn strays(&self) -> impl Iterator<Item = &str> {
        let paths = || self.listed.keys().map(String::as_str);
        let others: Vec<&str> = paths()
            .filter_map(|path| path.rsplit_once('/'))
            .filter(|(_, name)| marker::is_reserved(name))
            .map(|(folder, _)| folder)
            .collect();
        paths().filter(move |path| {
            let of_another = |folder: &&str| {
                path.strip_prefix(*folder)
                    .is_some_and(|rest| rest.starts_with('/'))
            };
            !marker::is_reserved(path) && !others.iter().any(of_another)
        })
    }

    /// Why it is not whole, for people.
    pub fn lack(&self, environment: &Environment) -> String {
        match &self.marker {
            None if self.listed.is_empty() => "nothing is there".to_owned(),
            None => "what is there was never complete".to_owned(),
            Some(marker) => match marker.broken(&self.listed).as_slice() {
                [] => format!(
                    "commit {} is there, which was stored for {}",
                    marker.commit,
                    marker.revisions.join(", ")
                ),
                [path, ..] => format!("`{path}` of {} is missing or was overwritten", environment.model),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_model_has_in_the_folder_is_no_stray() {
        let object = Listed {
            size: 1,
            etag: String::new(),
        };
        let paths = [
            ".uploading.json",
            "a.safetensors",
            "name/.complete.json",
            "name/b.safetensors",
            "name-2/c.safetensors",
            "onnx/d.onnx",
        ];
        let presence = Presence {
            marker: None,
            listed: paths.map(|path| (path.to_owned(), object.clone())).into(),
        };
        let strays: Vec<&str> = presence.strays().collect();
        assert_eq!(strays, ["a.safetensors", "name-2/c.safetensors", "onnx/d.onnx"]);
    }
}
