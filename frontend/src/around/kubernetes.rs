//! Kubernetes: a target as a Deployment with a Service, or as a Job when it serves nothing.

use std::time::Duration;

use serde::Serialize;

use super::environment::{Variable, environment};
use super::health::Asked;
use super::secret::{FOLDER, Secret, of_container};
use super::storage::{Folder, Holds, dashed, folders};
use super::template::fill;
use super::{RenderError, Subject, Target};
use crate::check::{Deliver, Healthcheck, Model, Port, User};
use crate::yaml;

const TEMPLATE: &str = include_str!("../../../templates/around/kubernetes.yaml.hbs");

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

/// All values are YAML already.
#[derive(Debug, Serialize)]
struct View {
    file: String,
    app: String,
    image: String,
    notes: Vec<String>,
    claims: Vec<Claim>,
    workload: Workload,
    user: Option<Ids>,
    gpu: bool,
    grace: u64,
    init: Vec<Init>,
    env: Vec<Variable>,
    ports: Vec<ServedPort>,
    probes: Vec<Probe>,
    mounts: Vec<Mount>,
    volumes: Vec<Volume>,
}

#[derive(Debug, Serialize)]
struct Claim {
    app: String,
    name: String,
    mode: &'static str,
    size: &'static str,
    why: &'static str,
}

#[derive(Debug, Serialize)]
struct Workload {
    version: &'static str,
    kind: &'static str,
    serves: bool,
}

#[derive(Debug, Serialize)]
struct Ids {
    uid: u32,
    gid: u32,
}

#[derive(Debug, Serialize)]
struct Init {
    comment: &'static str,
    name: String,
    image: String,
    command: Option<String>,
    args: Option<String>,
    bucket: Option<String>,
    env: Vec<Variable>,
    mounts: Vec<Mount>,
}

#[derive(Debug, Serialize)]
struct ServedPort {
    name: String,
    number: u16,
    protocol: String,
}

#[derive(Debug, Serialize)]
struct Probe {
    name: &'static str,
    comment: &'static str,
    test: String,
    period: u64,
    timeout: u64,
    failures: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Mount {
    name: String,
    path: String,
    sub_path: Option<String>,
    read_only: bool,
}

#[derive(Debug, Serialize)]
struct Volume {
    name: String,
    source: String,
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

fn claims(app: &str, folders: &[Folder], cluster: &Cluster) -> Vec<Claim> {
    let claim = |name: &str, mode, size, why| Claim {
        app: app.to_owned(),
        name: format!("{app}-{name}"),
        mode,
        size,
        why,
    };
    let mut claims = Vec::new();
    let claimed = |folder: &&Folder| is_model(folder.holds) && !is_image(folder, cluster);
    if folders.iter().any(|folder| claimed(&folder)) {
        claims.push(claim(
            "models",
            "ReadWriteOnce",
            "50Gi",
            "the weights, and room for their next revision",
        ));
    }
    for folder in folders
        .iter()
        .filter(|folder| matches!(folder.holds, Holds::Data | Holds::Workspace))
    {
        claims.push(claim(
            &folder.name,
            "ReadWriteOnce",
            "10Gi",
            "what the program keeps",
        ));
    }
    claims
}

fn is_model(holds: Holds) -> bool {
    matches!(holds, Holds::Model | Holds::Fetched)
}

/// Whether an image has a folder's files.
fn is_image(folder: &Folder, cluster: &Cluster) -> bool {
    folder.holds == Holds::Model && cluster.models.is_some()
}

/// What runs before the program: models from a bucket, or by the image's own fetcher.
fn init(app: &str, image: &str, target: &Target, folders: &[Folder], cluster: &Cluster) -> Vec<Init> {
    let models = target.checked.models.iter().filter(|model| match model.deliver {
        Deliver::Bake => false,
        Deliver::Volume => cluster.models.is_none(),
        Deliver::Fetch => true,
    });
    if let Some(cache) = &cluster.cache {
        return models
            .flat_map(|model| cached(app, cache, model, cluster))
            .collect();
    }
    let fetched: Vec<&Folder> = folders
        .iter()
        .filter(|folder| folder.holds == Holds::Fetched)
        .collect();
    if fetched.is_empty() {
        return Vec::new();
    }
    let mut mounts: Vec<Mount> = fetched.into_iter().map(|folder| mount(folder, cluster)).collect();
    mounts.extend((!of_container(target).is_empty()).then(secrets_mount));
    vec![Init {
        comment: "downloads what is not in the volume yet, every byte checked; ends at once when all is there",
        name: "fetch-models".into(),
        image: image.to_owned(),
        command: Some(yaml::list(&[modelcrate_fetcher::manifest::PROGRAM, "models"])),
        args: None,
        bucket: None,
        env: Vec::new(),
        mounts,
    }]
}

/// A hub's model through a bucket: into it, where it is not there yet, then out of it into the volume.
fn cached(app: &str, image: &str, model: &Model, cluster: &Cluster) -> Vec<Init> {
    let Some(hub) = model.hub() else {
        return Vec::new();
    };
    let folder = Folder {
        name: dashed(&model.name),
        path: model.folder.clone(),
        holds: Holds::Fetched,
    };
    let step = |comment, name: String, args: Option<String>, mounts| Init {
        comment,
        name,
        image: yaml::word(image),
        command: None,
        args,
        bucket: Some(format!("{app}-bucket")),
        env: vec![
            Variable {
                name: "MODEL_NAME",
                value: yaml::word(&hub.repository.to_string()),
            },
            Variable {
                name: "REVISION",
                value: yaml::word(&hub.revision),
            },
            Variable {
                name: "DOWNLOAD_DIR",
                value: "\"\"".into(),
            },
        ],
        mounts,
    };
    let scratch = Mount {
        name: "scratch".into(),
        path: "/tmp".into(),
        sub_path: None,
        read_only: false,
    };
    vec![
        step(
            "keeps the model in the bucket; one listing when it is there",
            format!("cache-{}", folder.name),
            None,
            vec![scratch],
        ),
        step(
            "brings it from the bucket, every byte checked",
            format!("pull-{}", folder.name),
            Some(yaml::list(&["pull", &folder.path])),
            vec![mount(&folder, cluster)],
        ),
    ]
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

/// The start may take as long as weights take to load; a server that was well is then asked more often.
fn probes(check: &Healthcheck) -> Vec<Probe> {
    let Some(asked) = Asked::of(check) else {
        return Vec::new();
    };
    let timeout = check.timeout.map_or(5, whole_seconds);
    let period = check.interval.map_or(10, whole_seconds);
    let start = check.start_period.map_or(300, whole_seconds).max(60);
    let probe = |name, comment, period, failures| Probe {
        name,
        comment,
        test: asked.probe(),
        period,
        timeout,
        failures,
    };
    let retries = u64::from(check.retries.unwrap_or(3)).max(1);
    vec![
        probe(
            "startupProbe",
            "weights may take as long to load; no other probe runs before",
            5,
            start.div_ceil(5) * 2,
        ),
        probe(
            "readinessProbe",
            "no request reaches it while it is not well",
            period,
            1,
        ),
        probe(
            "livenessProbe",
            "it is started again after so many failures",
            period,
            retries,
        ),
    ]
}

fn whole_seconds(time: Duration) -> u64 {
    time.as_secs().max(1)
}

fn mounts(target: &Target, folders: &[Folder], cluster: &Cluster) -> Vec<Mount> {
    let mut mounts: Vec<Mount> = folders.iter().map(|folder| mount(folder, cluster)).collect();
    mounts.extend(shared_memory(target).map(|_| Mount {
        name: "shm".into(),
        path: "/dev/shm".into(),
        sub_path: None,
        read_only: false,
    }));
    mounts.extend((!of_container(target).is_empty()).then(secrets_mount));
    mounts
}

fn mount(folder: &Folder, cluster: &Cluster) -> Mount {
    let in_image = is_image(folder, cluster);
    Mount {
        name: match is_model(folder.holds) {
            true if in_image => "model-image".into(),
            true => "models".into(),
            false => folder.name.clone(),
        },
        path: yaml::word(&folder.path),
        sub_path: is_model(folder.holds).then(|| match in_image {
            true => folder.path.trim_start_matches('/').to_owned(),
            false => folder.name.clone(),
        }),
        read_only: in_image,
    }
}

fn secrets_mount() -> Mount {
    Mount {
        name: "secrets".into(),
        path: FOLDER.into(),
        sub_path: None,
        read_only: true,
    }
}

/// Size of `/dev/shm`, in bytes.
fn shared_memory(target: &Target) -> Option<u64> {
    target.checked.preflight.as_ref()?.shm
}

fn volumes(
    app: &str,
    target: &Target,
    folders: &[Folder],
    secrets: &[Secret],
    cluster: &Cluster,
) -> Vec<Volume> {
    let volume = |name: &str, source: String| Volume {
        name: name.to_owned(),
        source,
    };
    let claim = |name: &str| format!("persistentVolumeClaim: {{ claimName: {app}-{name} }}");
    let mut volumes = Vec::new();
    if folders
        .iter()
        .any(|folder| is_model(folder.holds) && !is_image(folder, cluster))
    {
        volumes.push(volume("models", claim("models")));
    }
    if let Some(image) = cluster
        .models
        .as_ref()
        .filter(|_| folders.iter().any(|folder| is_image(folder, cluster)))
    {
        let source = format!(
            "image: {{ reference: {}, pullPolicy: IfNotPresent }}",
            yaml::word(image)
        );
        volumes.push(volume("model-image", source));
    }
    for folder in folders.iter().filter(|folder| !is_model(folder.holds)) {
        let source = match folder.holds {
            Holds::Cache => "emptyDir: {}".into(),
            _ => claim(&folder.name),
        };
        volumes.push(volume(&folder.name, source));
    }
    volumes.extend(shared_memory(target).map(|bytes| {
        volume(
            "shm",
            format!("emptyDir: {{ medium: Memory, sizeLimit: \"{bytes}\" }}"),
        )
    }));
    if !secrets.is_empty() {
        volumes.push(volume(
            "secrets",
            format!("secret: {{ secretName: {app}, defaultMode: 0440 }}"),
        ));
    }
    let caches = target.checked.models.iter().any(|model| model.hub().is_some());
    if cluster.cache.is_some() && caches {
        volumes.push(volume("scratch", "emptyDir: {}".into()));
    }
    volumes
}
