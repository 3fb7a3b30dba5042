//! What an image says of its models: written at build time, read at each start by the launcher and by the fetcher.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::file::File;

/// Where [`Manifest`] lies in an image, as JSON.
pub const PATH: &str = "/usr/share/modelcrate/models.json";
/// Where the program that fetches models at start lies in an image.
pub const PROGRAM: &str = "/usr/share/modelcrate/fetcher";

/// The models of an image.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manifest {
    /// The models, in the order of the spec.
    pub models: Vec<Model>,
}

/// One model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its name in the spec.
    pub name: String,
    /// The folder that its files lie in, absolute.
    pub folder: String,
    /// How the files get there.
    pub deliver: Deliver,
    /// What the files are a state of: a commit, a digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The files, by path. Their sizes are 0 where the spec pins files by address alone.
    pub files: Vec<File>,
    /// Texts beside the model that make it findable, such as `refs/main` of a hub's cache: absolute path and content.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, String>,
    /// Where the files are fetched from at start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Id of the secret that opens the source; its value is never here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// How the files of a model get into the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deliver {
    /// They are in the image.
    Bake,
    /// A volume brings them.
    Volume,
    /// The fetcher downloads them when the container starts.
    Fetch,
}

/// Where files are fetched from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Source {
    /// A model hub.
    Hub {
        /// The hub, `https://huggingface.co`; without a slash at its end.
        endpoint: String,
        /// `org/name`.
        repository: String,
        /// 40 digits.
        commit: String,
    },
    /// An address for each file.
    Urls {
        /// Path of a file to its address.
        urls: BTreeMap<String, String>,
    },
    /// A bucket.
    S3 {
        /// The server; `None` is AWS.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        endpoint: Option<String>,
        /// The bucket.
        bucket: String,
        /// What the keys of the files start with; empty, or with a slash at its end.
        prefix: String,
        /// The bucket's region.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
        /// Id of the secret with the id of its key; the value is never here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        access_key: Option<String>,
        /// Id of the secret with its secret key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret_key: Option<String>,
    },
    /// A repository of a registry, whose blobs the files are.
    Oci {
        /// The registry's address where that is not `https://REGISTRY`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        endpoint: Option<String>,
        /// `REGISTRY/NAME`.
        repository: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let manifest = Manifest {
            models: vec![Model {
                name: "m".into(),
                folder: "/models/m".into(),
                deliver: Deliver::Fetch,
                revision: Some("1".repeat(40)),
                files: vec![],
                texts: BTreeMap::new(),
                source: Some(Source::S3 {
                    endpoint: None,
                    bucket: "b".into(),
                    prefix: "p/".into(),
                    region: None,
                    access_key: Some("key".into()),
                    secret_key: None,
                }),
                token: None,
            }],
        };
        let text = serde_json::to_string(&manifest).unwrap();
        let commit = "1".repeat(40);
        assert_eq!(
            text,
            format!(
                r#"{{"models":[{{"name":"m","folder":"/models/m","deliver":"fetch","revision":"{commit}","files":[],"source":{{"kind":"s3","bucket":"b","prefix":"p/","access_key":"key"}}}}]}}"#
            )
        );
        assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), manifest);
    }
}
