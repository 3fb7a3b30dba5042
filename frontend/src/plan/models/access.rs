//! How the fetcher is told of a source: arguments, and files with secrets. No argument holds a secret.

use crate::check::{Artifact, Bucket, Origin};
use crate::plan::Facts;

/// What the fetcher needs to reach a source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// Arguments.
    pub args: Vec<String>,
    /// Arguments whose value is a file with a secret, each with the secret's id.
    pub secrets: Vec<(&'static str, String)>,
}

impl Access {
    fn new<const N: usize>(args: [&str; N]) -> Self {
        Self {
            args: args.map(ToOwned::to_owned).into(),
            secrets: Vec::new(),
        }
    }

    fn and(mut self, flag: &str, value: Option<&str>) -> Self {
        let words = value.into_iter().flat_map(|value| [flag, value]);
        self.args.extend(words.map(ToOwned::to_owned));
        self
    }

    fn secret(mut self, flag: &'static str, id: Option<&str>) -> Self {
        self.secrets.extend(id.map(|id| (flag, id.to_owned())));
        self
    }

    /// A file at an address.
    pub(super) fn address(url: &str, token: Option<&str>) -> Self {
        Self::new(["--url", url]).secret("--token-file", token)
    }

    /// An object of a bucket.
    pub(super) fn object(bucket: &Bucket, path: &str) -> Self {
        Self::new(["--source", &format!("s3:{}/{path}", bucket.path())]).of_bucket(bucket)
    }

    /// A file of an artifact, which its manifest's digest pins.
    pub(super) fn layer(artifact: &Artifact, manifest: &str) -> Self {
        let source = format!("oci:{}@{manifest}", artifact.reference.name());
        Self::new(["--source", &source]).of_registry(artifact)
    }

    /// Everything that a source holds; nothing for the context, which no program is needed for.
    pub(super) fn listing(origin: &Origin, facts: &Facts) -> Self {
        let id = origin.id();
        let access = Self::new(["--source", &id]).and("--revision", origin.asked());
        match origin {
            Origin::Hub(hub) => access
                .and("--endpoint", Some(facts.hub.endpoint()))
                .secret("--token-file", hub.token.as_ref().map(|id| id.value.as_str())),
            Origin::Bucket(bucket) => access.of_bucket(bucket),
            Origin::Artifact(artifact) => access.of_registry(artifact),
            Origin::Context(_) => access,
        }
    }

    fn of_bucket(self, bucket: &Bucket) -> Self {
        let keys = bucket.keys.as_ref();
        self.and("--endpoint", bucket.endpoint.as_deref())
            .and("--region", bucket.region.as_deref())
            .secret("--key-file", keys.map(|(key, _)| key.value.as_str()))
            .secret("--secret-file", keys.map(|(_, secret)| secret.value.as_str()))
    }

    fn of_registry(self, artifact: &Artifact) -> Self {
        self.and("--endpoint", artifact.endpoint().as_deref()).secret(
            "--token-file",
            artifact.token.as_ref().map(|id| id.value.as_str()),
        )
    }
}
