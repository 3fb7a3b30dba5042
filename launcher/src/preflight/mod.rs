//! What is looked at before the program starts: what would make it fail later, said at once, in a line each.
//!
//! In come what the frontend baked in, the arguments and the [`Container`]; out come findings, in an order that is always the
//! same. Nothing is changed, nothing is loaded, nothing is asked over a network: it takes a few milliseconds.
//!
//! The models are looked at on their own, for they may be fetched in between.

mod arguments;
mod container;
mod finding;
mod gpu;
mod hugging_face;
mod models;
mod place;
mod ports;
mod report;
mod shm;
mod user;
mod workspace;
mod writable;

pub use arguments::Arguments;
pub use container::Container;
pub use finding::{Check, Finding};
pub use report::{Form, Mode, report};

use modelcrate_fetcher::manifest::Model;
use modelcrate_launcher::Preflight;

/// Everything that is wrong with the container; `models` are those of the image.
pub fn findings(
    preflight: &Preflight,
    models: &[Model],
    arguments: &Arguments,
    container: &Container,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(
        preflight
            .workspace
            .as_ref()
            .and_then(|path| workspace::check(path, container)),
    );
    findings.extend(preflight.hf_home.then(|| hugging_face::home(container)).flatten());
    findings.extend(
        preflight
            .hf_token
            .then(|| hugging_face::token(models, container))
            .flatten(),
    );
    if let Some(gpu) = &preflight.gpu
        && !arguments.match_any(&gpu.skip_for)
    {
        findings.extend(gpu::check(gpu, models, container));
    }
    findings.extend(preflight.shm.and_then(|bytes| shm::check(bytes, container)));
    findings.extend(
        preflight
            .writable
            .iter()
            .filter_map(|path| writable::check(path, container)),
    );
    findings.extend(
        preflight
            .ports
            .iter()
            .filter_map(|port| ports::check(port, container)),
    );
    findings.extend(preflight.uid.and_then(|uid| user::check(uid, container)));
    if preflight.models {
        findings.extend(places(models, container));
    }
    findings
}

/// Everything that is wrong with the places of models that are fetched at the start and not there yet.
pub fn places(models: &[Model], container: &Container) -> Vec<Finding> {
    place::check(models, container)
}

/// Everything that is wrong with the files of the image's models.
pub fn model_findings(preflight: &Preflight, models: &[Model], container: &Container) -> Vec<Finding> {
    match preflight.models {
        true => models::check(models, container),
        false => Vec::new(),
    }
}
