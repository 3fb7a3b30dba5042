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
