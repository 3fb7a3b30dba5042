//! `fetcher resolve`: what a source holds at this moment, for sources that only those with a secret may list.

use std::path::Path;

use modelcrate_fetcher::client::bucket::{self, Shelf};
use modelcrate_fetcher::client::{Client, Error, Registry, Visit};
use modelcrate_fetcher::hub::{Hub, Repository};
use modelcrate_fetcher::listing::{Answer, Listing};
use modelcrate_fetcher::select::Selection;

use crate::arguments::{self, Resolve};
use crate::artifact::{self, Artifact};

/// Writes the answer. A server's no is one: the build says it in its own words.
pub async fn run(client: &Client, arguments: &Resolve) -> Result<(), Error> {
    let answer = match listing(client, arguments).await {
        Ok(listing) => Answer::Found(listing),
        Err(Error::Usage { problem, fix }) => Answer::Unusable {
            problem: client.mask().text(&problem),
            fix,
        },
        Err(Error::Refused { refusal, .. }) => Answer::Refused(refusal),
        Err(Error::Closed { closed, .. }) => Answer::Closed(closed),
        Err(error) => Answer::Failed(client.mask().text(&format!("{error}; {}", error.hint()))),
    };
    write(&arguments.to, &answer)
}

async fn listing(client: &Client, arguments: &Resolve) -> Result<Listing, Error> {
    let selection = Selection {
        include: arguments.include.clone(),
        exclude: arguments.exclude.clone(),
    };
    let usage = |problem: String, fix: &str| Error::Usage {
        problem,
        fix: fix.into(),
    };
    let source = arguments.source.as_str();
    if let Some(name) = source.strip_prefix("hf:") {
        let repository =
            Repository::parse(name).map_err(|why| usage(format!("`{name}` {why}"), "write `hf:ORG/NAME`"))?;
        let hub = match arguments.account.endpoint.as_deref() {
            Some(endpoint) => Hub::new(endpoint).map_err(|_| {
                usage(
                    format!("`{endpoint}` is no address of a hub"),
                    "give `https://HOST`",
                )
            })?,
            None => Hub::default(),
        };
        let token = arguments::token(client, arguments.token_file.as_ref())?;
        let visit = Visit::new(client, hub, repository, token);
        return visit.listing(&arguments.revision, &selection).await;
    }
    if let Some(path) = source.strip_prefix("oci:") {
        let login = arguments.token_file.as_ref().map(arguments::secret).transpose()?;
        let endpoint = arguments.account.endpoint.as_deref();
        let registry = Registry::new(client, path, endpoint, login.as_deref())?;
        let artifact = Artifact::open(registry, &arguments.revision).await?;
        let beside = || arguments.to.parent().map(artifact::store).unwrap_or_default();
        let store = arguments.partial.clone().unwrap_or_else(beside);
        return artifact.listing(&selection, &store).await;
    }
    let Some(rest) = source.strip_prefix("s3:") else {
        return Err(usage(
            format!("`{source}` is no source"),
            "write `hf:ORG/NAME`, `s3:BUCKET/PREFIX` or `oci:REGISTRY/NAME`",
        ));
    };
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let store = bucket::open(client, name, &arguments.account.read()?, bucket::patience())?;
    Shelf::new(store, name, prefix, client.mask())
        .listing(&selection)
        .await
}

fn write(to: &Path, answer: &Answer) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::storage(to, &error);
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let text = serde_json::to_vec(answer).map_err(|error| failed(error.into()))?;
    std::fs::write(to, text).map_err(failed)
}
