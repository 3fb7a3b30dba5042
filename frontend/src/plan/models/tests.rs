//! How the files of models become layers.

use modelcrate_fetcher::file::File;

use super::super::{Plan, plan};
use super::*;
use crate::check::drawn::{self, Build};
use crate::plan::{Key, Mount, MountKind};
use crate::spec::{ResolvedModel, ResolvedModels};

/// An image with a repository of so many shards, of which the last holds `last`.
fn planned(shards: usize, last: &str) -> Plan {
    planned_with(shards, last, "", &Facts::default())
}

/// The same with more words of the model, and on an engine of these facts.
fn planned_with(shards: usize, last: &str, more: &str, facts: &Facts) -> Plan {
    let spec = &format!(
        "base: scratch\nuser: root\nmodels: {{ m: {{ hf: org/m{more} }} }}\ncmd: [\"${{models.m.path}}\"]"
    );
    let checked = drawn::checked(spec, &Build::default());
    let shard = |number: usize| File {
        path: format!("model-{number:05}.safetensors"),
        size: LARGE,
        sha256: match number + 1 == shards {
            true => last.repeat(64),
            false => format!("{number:064x}"),
        },
    };
    let small = File {
        path: "config.json".into(),
        size: 2,
        sha256: "c".repeat(64),
    };
    let known = ResolvedModel {
        revision: Some("1".repeat(40)),
        files: (0..shards).map(shard).chain([small]).collect(),
        ..ResolvedModel::default()
    };
    let known = ResolvedModels::from([((None, "m".to_owned()), known)]);
    plan(&checked.with_models(&known), facts)
}

/// A gibibyte.
const LARGE: u64 = 1 << 30;

/// What the files of each layer hold.
fn layers(plan: &Plan) -> Vec<Vec<&str>> {
    let held = |id: &StepId| {
        let Action::Files(actions) = &plan.step(*id).action else {
            return Vec::new();
        };
        let downloads = actions.iter().filter_map(|action| match action {
            FileAction::Copy(copy) => match &plan.step(copy.from).action {
                Action::Download(download) => Some(download.sha256.as_str()),
                _ => None,
            },
            _ => None,
        });
        downloads.collect()
    };
    plan.image
        .iter()
        .map(held)
        .filter(|held| !held.is_empty())
        .collect()
}

#[test]
fn shards_are_packed_where_there_are_more_than_layers() {
    let few = planned(48, "b");
    assert_eq!(layers(&few).len(), 49);
    let many = planned(200, "b");
    let sizes: Vec<usize> = layers(&many).iter().map(Vec::len).collect();
    assert!(sizes.len() <= MOST_LAYERS + 1, "{sizes:?}");
    assert_eq!(sizes.iter().sum::<usize>(), 201, "each file is there");
}

#[test]
fn another_shard_is_one_other_layer() {
    for shards in [3, 200] {
        let (one, other) = (planned(shards, "b"), planned(shards, "d"));
        let (one, other) = (layers(&one), layers(&other));
        let changed = one.iter().zip(&other).filter(|(one, other)| one != other);
        assert_eq!((one.len(), changed.count()), (other.len(), 1), "{shards} shards");
    }
}

/// Facts of an engine whose steps can run the checker.
fn able() -> Facts {
    Facts {
        checker: true,
        build_architecture: "amd64".into(),
        ..Facts::default()
    }
}

/// Command lines of the steps that look at weights, each with the digests of what it sees.
fn checks(plan: &Plan) -> Vec<(String, Vec<&str>)> {
    let seen = |mount: &Mount| match &mount.kind {
        MountKind::Files {
            from, key: Key::Name, ..
        } => match &plan.step(*from).action {
            Action::Download(download) => Some(download.sha256.as_str()),
            _ => None,
        },
        _ => None,
    };
    let looks = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Exec(exec) if step.name.starts_with("check ") => {
            Some((exec.args.join(" "), exec.mounts.iter().filter_map(seen).collect()))
        }
        _ => None,
    });
    looks.collect()
}

#[test]
fn weights_that_the_engine_downloads_are_looked_at_before_they_are_a_layer() {
    let plan = planned_with(2, "b", "", &able());
    let folder = "/run/modelcrate/weights";
    let look = |file: &str, sha256: String| {
        let args = format!("/run/modelcrate/checker --in {folder} --file {LARGE}:{file}");
        (args, sha256)
    };
    let expected = [
        look("model-00000.safetensors", "0".repeat(64)),
        look("model-00001.safetensors", "b".repeat(64)),
    ];
    let found = checks(&plan);
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((args, seen), (expected, sha256)) in found.iter().zip(&expected) {
        assert_eq!((args, seen.as_slice()), (expected, [sha256.as_str()].as_slice()));
    }
    let origins = plan.image.iter().filter(|id| match &plan.step(**id).action {
        Action::Files(actions) => actions
            .iter()
            .any(|action| matches!(action, FileAction::Origin(_))),
        _ => false,
    });
    assert_eq!(
        origins.count(),
        2,
        "each layer comes after its look, and the small files after none"
    );
}

#[test]
fn nobody_looks_twice_and_nobody_where_no_program_is() {
    assert_eq!(checks(&planned_with(2, "b", ", resume: true", &able())), []);
    assert_eq!(checks(&planned_with(2, "b", "", &Facts::default())), []);
}

#[test]
fn a_layer_of_several_shards_is_one_look() {
    let plan = planned_with(200, "b", "", &able());
    let seen: Vec<usize> = checks(&plan).iter().map(|(_, seen)| seen.len()).collect();
    assert_eq!(seen.iter().sum::<usize>(), 200);
    assert!(seen.len() <= MOST_LAYERS, "{seen:?}");
}

#[test]
fn a_failed_look_is_known_by_its_files() {
    let plan = planned_with(1, "b", "", &able());
    let (args, _) = &checks(&plan)[0];
    let message = format!("process {args:?} did not complete successfully: exit code: 6");
    let piece = |path: &str, size| Piece {
        path: path.into(),
        url: String::new(),
        sha256: String::new(),
        size,
        transport: Transport::Source { token: None },
        span: Default::default(),
    };
    assert!(is_check_of(
        &message,
        &piece("model-00000.safetensors", Some(LARGE))
    ));
    assert!(!is_check_of(&message, &piece("model-00000.safetensors", None)));
    assert!(!is_check_of(
        &message,
        &piece("model-00001.safetensors", Some(LARGE))
    ));
    assert!(!is_check_of(
        "process \"/run/modelcrate/fetcher file\"",
        &piece("m", None)
    ));
}
