//! The models that a director runs, and whether they are there.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Serialize;

/// Each model's folder below the models' path, and the files in it.
pub const CATALOG: [(&str, &[&str]); 5] = [
    ("clip-vit-b-32", &["model.safetensors"]),
    ("clip-vit-l-14", &["model.safetensors"]),
    (
        "flux-schnell-nf4",
        &["flux1-schnell-nf4.safetensors", "model_index.json"],
    ),
    ("kokoro-82m", &["kokoro-v0_19.pth", "voices.json"]),
    ("live-portrait-fp16", &["liveportrait_fp16.onnx", "config.yaml"]),
];

/// What was found of a model.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Size of its readable files together, in bytes.
    pub bytes: u64,
    /// What is wrong with each other file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// Looks for every model of the catalog below `root`. Reads a byte of each file.
pub fn look(root: &Path) -> BTreeMap<&'static str, Found> {
    let model = |(name, files): (&'static str, &[&str])| (name, look_for(&root.join(name), files));
    CATALOG.into_iter().map(model).collect()
}

fn look_for(folder: &Path, files: &[&str]) -> Found {
    let mut found = Found::default();
    for file in files {
        match readable_bytes(&folder.join(file)) {
            Ok(bytes) => found.bytes += bytes,
            Err(error) => found.problems.push(format!("{file}: {error}")),
        }
    }
    found
}

fn readable_bytes(path: &Path) -> std::io::Result<u64> {
    let mut file = File::open(path)?;
    if file.read(&mut [0])? == 0 {
        return Err(std::io::Error::other("is empty"));
    }
    Ok(file.metadata()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_added_up_and_problems_are_told() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("kokoro-82m");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("kokoro-v0_19.pth"), [1; 300]).unwrap();
        std::fs::write(folder.join("voices.json"), []).unwrap();

        let found = look(root.path());

        assert_eq!(found.len(), 5);
        assert_eq!(found["kokoro-82m"].bytes, 300);
        assert_eq!(found["kokoro-82m"].problems, ["voices.json: is empty"]);
        assert_eq!(found["clip-vit-l-14"].bytes, 0);
        assert!(found["clip-vit-l-14"].problems[0].starts_with("model.safetensors: No such file"));
    }
}
