//! `fetcher file`: one file, in a step of a build.

use std::path::Path;
use std::sync::Arc;

use modelcrate_fetcher::client::bucket::{self, Object};
use modelcrate_fetcher::client::{Client, Error, Registry, Remote};
use modelcrate_fetcher::download::{Progress, Target, to_file};
use modelcrate_fetcher::file::{File, is_sha256};

use crate::artifact::{self, Artifact};
use crate::{arguments, report};

/// Brings it.
pub async fn run(client: &Client, arguments: &arguments::File) -> Result<(), Error> {
    let usage = |problem: &str, fix: &str| Error::Usage {
        problem: problem.into(),
        fix: fix.into(),
    };
    if !is_sha256(&arguments.sha256) {
        return Err(usage(
            "`--sha256` is no SHA-256",
            "give 64 lower-case hexadecimal digits",
        ));
    }
    let (Some(folder), Some(place)) = (
        arguments.to.parent(),
        arguments.to.file_name().and_then(|n| n.to_str()),
    ) else {
        return Err(usage("`--to` names no file", "give a path that ends with a name"));
    };
    let target = Target::new(folder, place)?;
    let mut file = File {
        path: name(arguments, place),
        size: arguments.size.unwrap_or_default(),
        sha256: arguments.sha256.clone(),
    };
    let progress = Progress::default();
    if let Some(source) = arguments
        .source
        .as_ref()
        .and_then(|source| source.strip_prefix("oci:"))
    {
        let artifact = artifact(client, arguments, source).await?;
        let size = arguments.size;
        file.size = size.ok_or_else(|| usage("`--size` is not given", "give it with `oci:`"))?;
        let partial = arguments.partial.as_deref();
        let store = partial.map_or_else(|| artifact::store(folder), Path::to_owned);
        let bringing = artifact.bring(&file, &target, partial, &store, &progress);
        return report::watched(client.mask(), &file.path, file.size, &progress, bringing).await;
    }
    let remote = remote(client, arguments)?;
    if arguments.size.is_none() {
        file.size = remote.size().await?;
    }
    let bringing = to_file(&remote, &file, &target, arguments.partial.as_deref(), &progress);
    let shown = report::watched(client.mask(), &file.path, file.size, &progress, bringing);
    shown.await.map(drop)
}

/// `REGISTRY/NAME@DIGEST`, where the digest is the manifest's.
async fn artifact(client: &Client, arguments: &arguments::File, source: &str) -> Result<Artifact, Error> {
    let (path, digest) = source.split_once('@').ok_or_else(|| Error::Usage {
        problem: format!("`oci:{source}` does not say which manifest"),
        fix: "write `oci:REGISTRY/NAME@sha256:…`".into(),
    })?;
    let login = arguments.token_file.as_ref().map(arguments::secret).transpose()?;
    let endpoint = arguments.account.endpoint.as_deref();
    let registry = Registry::new(client, path, endpoint, login.as_deref())?;
    Artifact::open(registry, digest).await
}

fn remote(client: &Client, arguments: &arguments::File) -> Result<Remote, Error> {
    match (&arguments.url, &arguments.source) {
        (Some(url), _) => {
            let token = arguments::token(client, arguments.token_file.as_ref())?;
            Remote::web(client, url, token)
        }
        (None, Some(source)) => {
            let object = source.strip_prefix("s3:").and_then(|rest| rest.split_once('/'));
            let (name, key) = object.ok_or_else(|| Error::Usage {
                problem: format!("`{source}` is no object"),
                fix: "write `s3:BUCKET/KEY`".into(),
            })?;
            let store = bucket::open(client, name, &arguments.account.read()?, bucket::patience())?;
            let object = Object::new(Arc::new(store), name, key.into());
            Ok(Remote::object(client, object))
        }
        (None, None) => Err(Error::Usage {
            problem: "neither `--url` nor `--source` is given".into(),
            fix: "give one of them".into(),
        }),
    }
}

/// What the file is called where it comes from.
fn name(arguments: &arguments::File, place: &str) -> String {
    let address = arguments.url.as_deref().or(arguments.source.as_deref());
    let path = address.and_then(|address| address.split(['?', '#']).next());
    let last = path.and_then(|path| Path::new(path).file_name()?.to_str());
    let named = arguments.name.as_deref().or(last);
    named.unwrap_or(place).to_owned()
}
