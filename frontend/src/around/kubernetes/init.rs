//! What runs before the program.

use super::super::Target;
use super::super::environment::Variable;
use super::super::secret::of_container;
use super::super::storage::{Folder, Holds, dashed};
use super::Cluster;
use super::view::{Init, Mount};
use super::volumes::{mount, secrets_mount};
use crate::check::{Deliver, Model};
use crate::yaml;

/// What runs before the program: models from a bucket, or by the image's own fetcher.
pub(super) fn init(
    app: &str,
    image: &str,
    target: &Target,
    folders: &[Folder],
    cluster: &Cluster,
) -> Vec<Init> {
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
pub(super) fn cached(app: &str, image: &str, model: &Model, cluster: &Cluster) -> Vec<Init> {
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
