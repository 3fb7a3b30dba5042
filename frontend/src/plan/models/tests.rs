//! How the files of models become layers.

use modelcrate_fetcher::file::File;

use super::super::{Plan, plan};
use super::*;
use crate::check::drawn::{self, Build};
use crate::spec::{ResolvedModel, ResolvedModels};

/// An image with a repository of so many shards, of which the last holds `last`.
fn planned(shards: usize, last: &str) -> Plan {
    let spec = "base: scratch\nuser: root\nmodels: { m: { hf: org/m } }\ncmd: [\"${models.m.path}\"]";
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
    plan(&checked.with_models(&known), &Facts::default())
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
                Action::Download { sha256, .. } => Some(sha256.as_str()),
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
