//! Kubernetes: a target as a Deployment with a Service, or as a Job when it serves nothing.

mod init;
mod probes;
mod view;
mod volumes;

use super::environment::environment;
use super::secret::{Secret, of_container};
use super::storage::{Folder, Holds, dashed, folders};
use super::template::fill;
use super::{RenderError, Subject, Target};
use crate::check::{Port, User};
use crate::yaml;
use init::init;
use probes::probes;
use view::{Ids, ServedPort, View, Workload};
use volumes::{claims, mounts, volumes};

const TEMPLATE: &str = include_str!("../../../../templates/around/kubernetes.yaml.hbs");

/// What a spec does not say of the cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The image; `NAME:latest` where it is not said.
    pub image: Option<String>,
    /// An image that holds nothing but models, mounted as a volume (Kubernetes 1.33).
    pub models: Option<String>,
    /// The image of `examples/model-cache`: it brings models of a hub from a bucket.
    pub cache: Option<String>,
}

/// Writes it for one target.
///
/// # Errors
/// Only a template that cannot be filled, which is a bug.
pub fn kubernetes(subject: &Subject, target: &Target, cluster: &Cluster) -> Result<String, RenderError> {
    let checked = &target.checked;
    let app = dashed(&subject.name);
    let image = cluster
        .image
        .clone()
        .unwrap_or_else(|| format!("{}:latest", subject.name));
    let image = yaml::word(&image);
    let folders = folders(target);
    let secrets = of_container(target);
    let serves = !checked.ports.is_empty();
    let view = View {
        file: subject.file.clone(),
        notes: notes(&app, &secrets, &folders, cluster),
        claims: claims(&app, &folders, cluster),
        workload: Workload {
            version: if serves { "apps/v1" } else { "batch/v1" },
            kind: if serves { "Deployment" } else { "Job" },
            serves,
        },
        user: ids(&checked.user),
        gpu: checked.cuda.is_some(),
        grace: checked.stop.grace.map_or(30, |grace| grace.as_secs()),
        init: init(&app, &image, target, &folders, cluster),
        env: environment(target),
        ports: checked.ports.iter().map(port).collect(),
        probes: checked.healthcheck.as_ref().map(probes).unwrap_or_default(),
        mounts: mounts(target, &folders, cluster),
        volumes: volumes(&app, target, &folders, &secrets, cluster),
        app,
        image,
    };
    fill(TEMPLATE, &view)
}

/// What a person must do besides.
fn notes(app: &str, secrets: &[Secret], folders: &[Folder], cluster: &Cluster) -> Vec<String> {
    let mut notes = Vec::new();
    if !secrets.is_empty() {
        let files: Vec<String> = secrets
            .iter()
            .map(|secret| format!("--from-file={}", secret.id))
            .collect();
        notes.push(format!(
            "Secrets are not in this file: kubectl create secret generic {app} {}",
            files.join(" ")
        ));
    }
    if cluster.cache.is_some() {
        notes.push(format!(
            "The bucket (S3_ENDPOINT_URL, S3_BUCKET, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY; HF_TOKEN for gated models): \
             kubectl create secret generic {app}-bucket --from-env-file=FILE"
        ));
    } else if cluster.models.is_none() && folders.iter().any(|folder| folder.holds == Holds::Model) {
        notes.push(format!(
            "Models are not in the image (`deliver: volume`): somebody must fill the claim {app}-models."
        ));
    }
    notes
}

/// User and group; what the base says is not known here, and root is not forced on anybody.
fn ids(user: &User) -> Option<Ids> {
    match user {
        User::Ids { uid, gid, .. } | User::Named { uid, gid, .. } => Some(Ids { uid: *uid, gid: *gid }),
        User::Inherit | User::Root(_) => None,
    }
}

/// Names of ports have a letter and at most 15 characters (Kubernetes `apimachinery`, `IsValidPortName`).
fn port(port: &Port) -> ServedPort {
    let mut name = dashed(&port.name);
    if !name.contains(|c: char| c.is_ascii_alphabetic()) {
        name = format!("port-{}", port.number);
    }
    name.truncate(15);
    ServedPort {
        name: name.trim_end_matches('-').to_owned(),
        number: port.number,
        protocol: port.protocol.to_ascii_uppercase(),
    }
}
