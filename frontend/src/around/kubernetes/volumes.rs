//! What a pod keeps, and where it is mounted.

use super::super::Target;
use super::super::secret::{FOLDER, Secret, of_container};
use super::super::storage::{Folder, Holds};
use super::Cluster;
use super::view::{Claim, Mount, Volume};
use crate::yaml;

pub(super) fn claims(app: &str, folders: &[Folder], cluster: &Cluster) -> Vec<Claim> {
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

pub(super) fn is_model(holds: Holds) -> bool {
    matches!(holds, Holds::Model | Holds::Fetched)
}

/// Whether an image has a folder's files.
pub(super) fn is_image(folder: &Folder, cluster: &Cluster) -> bool {
    folder.holds == Holds::Model && cluster.models.is_some()
}

pub(super) fn mounts(target: &Target, folders: &[Folder], cluster: &Cluster) -> Vec<Mount> {
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

pub(super) fn mount(folder: &Folder, cluster: &Cluster) -> Mount {
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

pub(super) fn secrets_mount() -> Mount {
    Mount {
        name: "secrets".into(),
        path: FOLDER.into(),
        sub_path: None,
        read_only: true,
    }
}

/// Size of `/dev/shm`, in bytes.
pub(super) fn shared_memory(target: &Target) -> Option<u64> {
    target.checked.preflight.as_ref()?.shm
}

pub(super) fn volumes(
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
