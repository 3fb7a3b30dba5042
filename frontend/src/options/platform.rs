//! Platforms as clients write them.

use buildkit_llb::Platform;
use serde::Deserialize;

use super::door::Bad;

/// Of `BUILDKIT_WORKERS`, as much as matters (buildkit client/workers.go).
#[derive(Deserialize)]
struct Worker {
    #[serde(default)]
    platforms: Vec<WorkerPlatform>,
}

#[derive(Deserialize)]
struct WorkerPlatform {
    os: String,
    architecture: String,
    #[serde(default)]
    variant: String,
    #[serde(default, rename = "os.version")]
    os_version: String,
}

/// The platforms of a comma list, normalised, each once, in the order given.
pub(super) fn platforms(value: &str) -> Result<Vec<Platform>, Bad> {
    let mut platforms = Vec::new();
    for written in value.split(',').map(str::trim) {
        let platform = platform(written)?;
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    Ok(platforms)
}

fn platform(written: &str) -> Result<Platform, Bad> {
    let parsed: Result<Platform, _> = written.parse();
    parsed.map(Platform::normalized).map_err(|cause| {
        Bad::new(
            cause.to_string(),
            "write `OS/ARCHITECTURE`, `--platform linux/amd64,linux/arm64`",
        )
    })
}

/// The platform that Go's frontends take as the build platform: the first of the first worker.
pub(super) fn worker_platform(workers: &str) -> Option<Platform> {
    let workers: Vec<Worker> = serde_json::from_str(workers).ok()?;
    let platform = workers.into_iter().next()?.platforms.into_iter().next()?;
    let platform = Platform {
        os: platform.os,
        architecture: platform.architecture,
        variant: platform.variant,
        os_version: platform.os_version,
        ..Platform::default()
    };
    Some(platform.normalized())
}
