//! The command line. No argument holds a secret: files do.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use modelcrate_fetcher::client::{Client, Error, Token, bucket};
use modelcrate_fetcher::manifest;

/// Brings models, verified, over several connections, going on where it was cut off.
///
/// Exit codes: 0 it is there; 2 usage; 3 not allowed; 4 not found; 5 network, after all tries; 6 size or digest differ; 7 disk;
/// 8 another process has it. After 2, 3 and 4 starting again changes nothing.
#[derive(Debug, Parser)]
#[command(name = "fetcher", version)]
pub struct Arguments {
    /// Seconds without a byte until a connection counts as broken.
    #[arg(long, global = true, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    idle: u64,
    #[command(subcommand)]
    pub verb: Verb,
}

impl Arguments {
    pub fn idle(&self) -> Duration {
        Duration::from_secs(self.idle)
    }
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Brings one file.
    File(File),
    /// Writes what a source holds at this moment, as JSON.
    Resolve(Resolve),
    /// Brings the models of an image that are fetched at start.
    Models(Models),
}

/// One file.
#[derive(Debug, Args)]
pub struct File {
    /// Its address.
    #[arg(long, required_unless_present = "source")]
    pub url: Option<String>,
    /// Its object, `s3:BUCKET/KEY`, or the artifact whose blob it is, `oci:REGISTRY/NAME@DIGEST`.
    #[arg(long, conflicts_with = "url")]
    pub source: Option<String>,
    /// SHA-256 that it must have.
    #[arg(long)]
    pub sha256: String,
    /// Bytes that it must have; the server is asked where nobody knows.
    #[arg(long)]
    pub size: Option<u64>,
    /// Where it goes.
    #[arg(long)]
    pub to: PathBuf,
    /// What it is called where it comes from; by default the address says it. Formats are known by names.
    #[arg(long)]
    pub name: Option<String>,
    /// Where unfinished files lie until the next try, by their digest; by default beside the file.
    #[arg(long)]
    pub partial: Option<PathBuf>,
    /// A file with the token for the address's server, or with `USER:PASSWORD` for a registry.
    #[arg(long)]
    pub token_file: Option<PathBuf>,
    #[command(flatten)]
    pub account: Account,
}

/// What a source holds.
#[derive(Debug, Args)]
pub struct Resolve {
    /// `hf:ORG/NAME`, `s3:BUCKET/PREFIX` or `oci:REGISTRY/NAME`.
    #[arg(long)]
    pub source: String,
    /// A branch, tag or commit of a repository, a tag or digest of an artifact.
    #[arg(long, default_value = "main")]
    pub revision: String,
    /// Patterns of files that are taken; all are where there are none.
    #[arg(long)]
    pub include: Vec<String>,
    /// Patterns of files that are not taken.
    #[arg(long)]
    pub exclude: Vec<String>,
    /// A file with the token for the hub, or with `USER:PASSWORD` for a registry.
    #[arg(long)]
    pub token_file: Option<PathBuf>,
    /// The file that is written.
    #[arg(long)]
    pub to: PathBuf,
    /// Where archives lie that must be read for it; by default beside that file.
    #[arg(long)]
    pub partial: Option<PathBuf>,
    #[command(flatten)]
    pub account: Account,
}

/// The models of an image.
#[derive(Debug, Args)]
pub struct Models {
    /// What the image says of its models.
    #[arg(long, default_value = manifest::PATH)]
    pub manifest: PathBuf,
}

/// A server, and who asks it for a bucket.
#[derive(Debug, Args)]
pub struct Account {
    /// The hub, the server of the bucket or the registry; by default huggingface.co, AWS, or what the source names.
    #[arg(long)]
    pub endpoint: Option<String>,
    /// The bucket's region.
    #[arg(long)]
    pub region: Option<String>,
    /// A file with the id of the bucket's key.
    #[arg(long, requires = "secret_file")]
    pub key_file: Option<PathBuf>,
    /// A file with the bucket's secret key.
    #[arg(long, requires = "key_file")]
    pub secret_file: Option<PathBuf>,
}

impl Account {
    pub fn read(&self) -> Result<bucket::Account, Error> {
        let read = |file: &Option<PathBuf>| file.as_ref().map(secret).transpose();
        Ok(bucket::Account {
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            key: read(&self.key_file)?,
            secret: read(&self.secret_file)?,
            session: None,
        })
    }
}

/// A secret in a file.
pub fn secret(file: &PathBuf) -> Result<String, Error> {
    let text = std::fs::read_to_string(file).map_err(|error| Error::Usage {
        problem: format!("the secret in `{}` cannot be read: {error}", file.display()),
        fix: "build with `--secret id=…,src=…`".into(),
    })?;
    Ok(text.trim().to_owned())
}

/// The token of a file, where there is one.
pub fn token(client: &Client, file: Option<&PathBuf>) -> Result<Option<Token>, Error> {
    file.map(|file| Token::read(file, client.mask())).transpose()
}
