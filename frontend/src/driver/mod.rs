//! One build from its first request to its answer: the only place where the pipeline and the engine meet.
//!
//! Two rounds with the engine are normal: read the spec and its locks, let uv export a lock inside the engine, read
//! that, then plan. All the steps of the image itself run after the answer is returned.

mod attest;
mod budget;
mod cmake;
mod cuda;
mod facts;
mod failure;
mod ignore_file;
mod image;
mod models;
mod planned;
mod programs;
mod python;
mod rust;
mod subrequest;
#[cfg(test)]
mod tests;
mod told;
mod warnings;

pub use failure::Failure;

use std::ffi::OsString;

use buildkit_llb::Platform;
use futures_util::future::try_join_all;
use modelcrate_fetcher::hub::Hub;
use modelcrate_fetcher::lock::Lock;

use crate::context::{BuildContext, Context, SpecFile};
use crate::gateway::{BuildResult, Connection, Gateway, Setup, Status};
use crate::options::Options;
use told::Told;

/// A build, with everything that was read of it so far.
pub(crate) struct Build {
    pub gateway: Gateway,
    pub options: Options,
    pub context: BuildContext,
    pub main: Context,
    pub spec: SpecFile,
    pub hub: Hub,
    /// What was locked; none while the lock is written.
    pub lock: Option<Lock>,
    pub told: Told,
}

/// Drives one build: the client's options are in the process' `variables`.
///
/// # Errors
/// What the client is told: the user's mistakes with their lines, or the engine's own words with all their details.
pub async fn build(
    connection: &Connection,
    variables: Vec<(OsString, OsString)>,
) -> Result<BuildResult, Status> {
    answer(connection, variables).await.map_err(Failure::into_status)
}

/// Answers what the client asks: a question about the spec, or an image.
async fn answer(
    connection: &Connection,
    variables: Vec<(OsString, OsString)>,
) -> Result<BuildResult, Failure> {
    let options = Options::from_env(variables)?;
    let setup = Setup {
        product: options.product.clone(),
        build_platform: options.build_platform.clone(),
        cache_imports: options.cache_imports.clone(),
    };
    let gateway = connection.ping(setup).await?;
    if let Some(name) = &options.unsupported_cap {
        return Err(Failure::unsupported_cap(name));
    }
    if let Some(request) = &options.request {
        let request = request.clone();
        return subrequest::answer(gateway, options, &request).await;
    }
    let build = Build::open(gateway, options).await?;
    build.run().await
}

impl Build {
    /// Reads the spec.
    async fn open(gateway: Gateway, options: Options) -> Result<Self, Failure> {
        let context = BuildContext::open(&gateway, &options).await?;
        let spec = context.spec().await?;
        let main = context.main(&spec).await?;
        let writes = options
            .request
            .as_ref()
            .is_some_and(|request| request.name == subrequest::LOCK);
        Ok(Self {
            lock: if writes { None } else { models::lock(&spec)? },
            hub: models::endpoint(&facts::builder_args(&options).1, &spec)?,
            gateway,
            options,
            context,
            main,
            spec,
            told: Told::default(),
        })
    }

    /// The platforms that were asked for; the builder's own where none was.
    fn platforms(&self) -> Vec<Platform> {
        match self.options.platforms.as_slice() {
            [] => vec![self.gateway.build_platform().clone()],
            platforms => platforms.to_vec(),
        }
    }

    /// Makes the image for every platform that was asked for.
    async fn run(&self) -> Result<BuildResult, Failure> {
        let platforms = self.platforms();
        let checked = warnings::check(self, &platforms).await?;
        warnings::unmerged(self).await?;
        let images = checked
            .iter()
            .zip(&platforms)
            .map(|(checked, platform)| image::image(self, checked, platform));
        Ok(BuildResult {
            platforms: try_join_all(images).await?,
            multi_platform: self.options.multi_platform,
            ..BuildResult::default()
        })
    }
}
