use std::collections::BTreeMap;
use std::path::Path;

use super::*;

/// Files of a small model: a configuration, and two shards of weights with their headers.
fn contents() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("config.json", b"{ \"layers\": 2 }".to_vec()),
        ("model-1.safetensors", shard(7)),
        ("sub/model-2.safetensors", shard(9)),
    ]
}

fn shard(byte: u8) -> Vec<u8> {
    let mut bytes = 2_u64.to_le_bytes().to_vec();
    bytes.extend(b"{}");
    bytes.resize(3 << 20, byte);
    bytes
}

fn hexadecimal(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

fn model(deliver: Deliver) -> Model {
    let file = |(path, bytes): (&str, Vec<u8>)| File {
        path: path.into(),
        size: bytes.len() as u64,
        sha256: hexadecimal(&bytes),
    };
    Model {
        name: "m".into(),
        folder: "/models/m".into(),
        deliver,
        revision: Some("0123".into()),
        files: contents().into_iter().map(file).collect(),
        texts: BTreeMap::new(),
        source: None,
        token: None,
    }
}

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join("models/m").join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn filled() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in contents() {
        write(folder.path(), path, &bytes);
    }
    folder
}

fn found(root: &Path, deliver: Deliver) -> Option<(String, String)> {
    let findings = check(&[model(deliver)], &Container::at(root, &[]));
    assert!(findings.len() <= 1);
    findings
        .into_iter()
        .next()
        .map(|finding| (finding.what, finding.fix))
}

#[test]
fn a_model_that_is_whole_is_not_spoken_of() {
    assert_eq!(found(filled().path(), Deliver::Volume), None);
}

#[test]
fn each_damage_is_told_by_its_first_file() {
    let what = |damage: &dyn Fn(&Path)| {
        let folder = filled();
        damage(folder.path());
        found(folder.path(), Deliver::Volume).unwrap().0
    };
    assert_eq!(
        what(&|root| std::fs::remove_dir_all(root.join("models")).unwrap()),
        "model `m` is not there: `/models/m` has none of its 3 files"
    );
    assert_eq!(
        what(&|root| std::fs::remove_dir_all(root.join("models/m/sub")).unwrap()),
        "1 of 3 files of model `m` are not there, the first is `/models/m/sub/model-2.safetensors`"
    );
    assert_eq!(
        what(&|root| write(root, "model-1.safetensors", &shard(7)[..1 << 20])),
        "`/models/m/model-1.safetensors` of model `m` has 1048576 bytes, not 3145728"
    );
    assert!(
        what(&|root| write(root, "model-1.safetensors", &vec![0; 3 << 20]))
            .contains("has no header of a safetensors file")
    );
    assert_eq!(
        what(&|root| write(root, "config.json", b"{ \"layers\": 3 }")),
        "`/models/m/config.json` is not that of model `m` at revision 0123"
    );
}

#[test]
fn only_a_sample_is_hashed() {
    let folder = filled();
    write(folder.path(), "model-1.safetensors", &shard(8));
    assert_eq!(found(folder.path(), Deliver::Volume), None);
}

#[test]
fn files_without_sizes_are_known_by_what_they_hold() {
    let folder = filled();
    let mut model = model(Deliver::Volume);
    for file in &mut model.files {
        file.size = 0;
    }
    let container = Container::at(folder.path(), &[]);
    assert_eq!(check(&[model.clone()], &container), []);
    write(folder.path(), "config.json", b"{}");
    assert_eq!(check(&[model], &container).len(), 1);
}

#[test]
fn the_advice_is_for_how_the_model_comes() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let fix = |deliver| found(root, deliver).unwrap().1;
    assert_eq!(fix(Deliver::Bake), "the image has it: pull the image again");
    assert_eq!(fix(Deliver::Volume), "add `-v SOURCE:/models/m`");
    std::fs::create_dir_all(root.join("proc/self")).unwrap();
    let mounts = "1 0 0:1 / / rw - overlay overlay rw\n2 1 0:2 / /models rw - ext4 /dev/a rw\n";
    std::fs::write(root.join("proc/self/mountinfo"), mounts).unwrap();
    assert!(fix(Deliver::Bake).contains("below what is mounted at `/models`"));
    assert!(
        fix(Deliver::Volume).starts_with("fill what is mounted at `/models` with the files at revision 0123")
    );
    assert!(fix(Deliver::Fetch).starts_with("delete `/models/m`"));
}
