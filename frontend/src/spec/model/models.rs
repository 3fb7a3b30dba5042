//! `models:`

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Flag, Text};
use crate::spec::field::{Field, List};

/// A model: where its files come from, and how they reach the container. In a target, the name `"*"` stands for every model.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Model {
    /// Web address of its one file.
    pub url: Field<Text>,
    /// SHA-256 of that file: 64 hexadecimal digits.
    pub sha256: Field<Text>,
    /// What that file is called; the last part of the address when not written.
    pub file: Field<Text>,
    /// The licence that it is given under, such as `apache-2.0`. Of `hf` it stands on the model's page.
    pub license: Field<Text>,
    /// Several files, each with its `url` and `sha256`.
    pub urls: Field<List<ModelFile>>,
    /// An image that holds the model's files and nothing else: its layers become layers of this image, without a copy.
    pub image: Field<Text>,
    /// With `image`, where the files lie in it; `/models/NAME` when not written. Without another source, a folder or a file of the
    /// build context.
    pub path: Field<Text>,
    /// A repository of a model hub, `org/name`, or a state of it: `org/name@REVISION` with a branch, tag or commit. The hub is
    /// Hugging Face, or what the build arg `HF_ENDPOINT` names.
    pub hf: Field<Text>,
    /// A folder in an S3-compatible bucket: `s3://BUCKET/PREFIX`.
    pub s3: Field<Text>,
    /// The server of `s3`, `https://HOST`; AWS when not written.
    pub endpoint: Field<Text>,
    /// The region of the bucket.
    pub region: Field<Text>,
    /// Id of the build secret with the id of the bucket's key; without one, requests are not signed.
    pub access_key: Field<Text>,
    /// Id of the build secret with the bucket's secret key.
    pub secret_key: Field<Text>,
    /// An OCI artifact, `REGISTRY/NAME:TAG`: a ModelPack, or files and folders with titles. `http://` in front of it takes a registry without TLS.
    pub oci: Field<Text>,
    /// Files of `hf`, `s3`, `oci` or `path`, with wildcards (`*` takes slashes too); all of them when not written.
    pub files: Field<List<Text>>,
    /// Files of the source that are left out, with wildcards.
    pub exclude: Field<List<Text>>,
    /// Take files of formats that run code when they are read (PyTorch's pickles: `.pt`, `.pth`, `.ckpt`, `pytorch_model.bin`).
    pub allow_pickle: Field<Flag>,
    /// Download in a step that goes on where an earlier build was cut off.
    pub resume: Field<Flag>,
    /// How the files lie: `dir` as in the repository, `hf-cache` as in the cache of Hugging Face's libraries.
    pub layout: Field<Layout>,
    /// Id of the build secret that opens the source; only this model's download sees it. Of `hf` it holds the token itself, of
    /// `url` the value of the request's `Authorization` header (`Bearer …`), of `oci` `USER:PASSWORD` or the file that
    /// `docker login` writes (`$HOME/.docker/config.json`). With `deliver: fetch` the container finds it at `/run/secrets/ID`.
    pub token: Field<Text>,
    /// Absolute path of the model's folder in the image; `/models/NAME` when not written. With `layout: hf-cache` the folder of
    /// the cache, `/models/hub`.
    pub to: Field<Text>,
    /// How the model reaches the container, always at the same path: `bake` puts it into the image, `volume` leaves it to what is
    /// mounted there, `fetch` downloads it when the container starts, unless it is there.
    pub deliver: Field<Deliver>,
}

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct ModelFile {
    /// Its web address.
    pub url: Field<Text>,
    /// Its SHA-256: 64 hexadecimal digits.
    pub sha256: Field<Text>,
    /// Its path in the model's folder; the last part of the address when not written.
    pub file: Field<Text>,
}

/// How the files of a model lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Layout {
    /// In the model's folder, as in the source.
    #[default]
    Dir,
    /// As in the cache of Hugging Face's libraries, which find them by the repository's name.
    HfCache,
}

/// How a model reaches the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Deliver {
    /// Its files are in the image.
    Bake,
    /// Its files are on a volume that somebody fills.
    Volume,
    /// The container downloads it when it starts.
    Fetch,
}
