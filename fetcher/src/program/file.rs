//! `fetcher file`: one file, in a step of a build.

use std::path::Path;
use std::sync::Arc;

use modelcrate_fetcher::client::bucket::{self, Object};
use modelcrate_fetcher::client::{Client, Error, Registry, Remote};
use modelcrate_fetcher::download::{Progress, Target, to_file};
use modelcrate_fetcher::file::{File, is_sha256};

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
    let remote = remote(client, arguments).await?;
    let target = Target::new(folder, place)?;
    let mut file = File {
        path: name(arguments, place),
        size: arguments.size.unwrap_or_default(),
        sha256: arguments.sha256.clone(),
    };
    if arguments.size.is_none() {
        file.size = remote.size().await?;
    }
    let progress = Progress::default();
    let bringing = to_file(&remote, &file, &target, arguments.partial.as_deref(), &progress);
    let shown = report::watched(client.mask(), &file.path, file.size, &progress, bringing);
    shown.await.map(drop)
}

async fn remote(client: &Client, arguments: &arguments::File) -> Result<Remote, Error> {
    match (&arguments.url, &arguments.source) {
        (Some(url), _) => {
            let token = arguments::token(client, arguments.token_file.as_ref())?;
            Remote::web(client, url, token)
        }
        (None, Some(source)) if source.starts_with("oci:") => {
            let artifact = source.trim_start_matches("oci:");
            let path = artifact.split_once('@').map_or(artifact, |(path, _)| path);
            let login = arguments.token_file.as_ref().map(arguments::secret).transpose()?;
            let endpoint = arguments.account.endpoint.as_deref();
            let registry = Registry::new(client, path, endpoint, login.as_deref())?;
            registry.blob(&arguments.sha256)
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
