//! Memory of GPUs against the weights of the image's models.
//!
//! No file tells how much memory a GPU has, and asking the driver's library would take longer than all other checks. The
//! driver's name of the board does tell: by itself (`NVIDIA A100-SXM4-80GB`), or by NVIDIA's data sheet.

use modelcrate_fetcher::manifest::Model;

use super::device::Device;
use crate::preflight::finding::fix;
use crate::preflight::{Check, Container, Finding};

const GIB: u64 = 1 << 30;

/// GiB of boards whose names do not say it, at most. Names from the list of supported GPUs of NVIDIA's open kernel modules
/// 595.45.04 (`README.md`), sizes from NVIDIA's data sheets, read on 2026-11-21. A board that is not here is not judged.
const BOARDS: [(&str, u64); 32] = [
    ("B200", 192),
    ("H200", 141),
    ("H200 NVL", 141),
    ("H100 PCIe", 80),
    ("H100 NVL", 94),
    ("H800 PCIe", 80),
    ("H20", 96),
    ("L4", 24),
    ("L20", 48),
    ("L40", 48),
    ("L40S", 48),
    ("A2", 16),
    ("A10", 24),
    ("A10G", 24),
    ("A16", 16),
    ("A30", 24),
    ("A40", 48),
    ("T4", 16),
    ("RTX A4000", 16),
    ("RTX A5000", 24),
    ("RTX A6000", 48),
    ("RTX 4000 Ada Generation", 20),
    ("RTX 5000 Ada Generation", 32),
    ("RTX 6000 Ada Generation", 48),
    ("RTX PRO 6000 Blackwell Server Edition", 96),
    ("RTX PRO 6000 Blackwell Workstation Edition", 96),
    ("GeForce RTX 3090", 24),
    ("GeForce RTX 4080", 16),
    ("GeForce RTX 4090", 24),
    ("GeForce RTX 5070", 12),
    ("GeForce RTX 5080", 16),
    ("GeForce RTX 5090", 32),
];

/// A model whose weights are more than all GPUs of the container hold together. Each one alone: a program may use its models
/// one after the other.
pub fn check(models: &[Model], devices: &[Device], container: &Container) -> Option<Finding> {
    let memory = total(devices, container)?;
    let largest = models.iter().max_by_key(|model| weight(model))?;
    let weight = weight(largest);
    if weight <= memory {
        return None;
    }
    let least = weight.div_ceil(GIB);
    let docker = format!("add more GPUs by `--gpus`, or run it where GPUs have more than {least} GiB in all");
    let kubernetes = format!(
        "raise `nvidia.com/gpu` in `resources.limits`, or choose nodes by `nodeSelector` whose GPUs have more than {least} GiB in all"
    );
    Some(Check::GpuMemory.finding(
        format!(
            "model `{}` has {} GiB of weights, the GPUs in this container have {} GiB of memory ({})",
            largest.name,
            least,
            memory / GIB,
            names(devices)
        ),
        "it is out of memory when the model is loaded, or moves a part of it to the CPU, which is slow",
        fix(container, &docker, &kubernetes),
    ))
}

fn weight(model: &Model) -> u64 {
    model.files.iter().map(|file| file.size).sum()
}

fn names(devices: &[Device]) -> String {
    let names: Vec<&str> = devices.iter().map(|device| device.model.as_str()).collect();
    names.join(", ")
}

/// Bytes of all GPUs together; nothing when one of them is not known, or is a slice of one.
fn total(devices: &[Device], container: &Container) -> Option<u64> {
    if devices.is_empty() || has_slices(container) {
        return None;
    }
    devices.iter().map(|device| of_board(&device.model)).sum()
}

/// Bytes of a board by its name.
fn of_board(name: &str) -> Option<u64> {
    let name = name.trim_start_matches("NVIDIA ").trim_start_matches("Tesla ");
    // The number in the names of superchips is the memory of the CPU.
    if name.starts_with("GH") || name.starts_with("GB") {
        return None;
    }
    let listed = BOARDS.iter().find(|(board, _)| *board == name);
    let gibibytes = listed.map(|(_, gibibytes)| *gibibytes).or_else(|| said(name))?;
    Some(gibibytes * GIB)
}

/// 80 of `A100-SXM4-80GB`.
fn said(name: &str) -> Option<u64> {
    let words = name.split([' ', '-']);
    words
        .filter_map(|word| word.strip_suffix("GB")?.parse().ok())
        .next()
}

/// With MIG a container has a device node for each slice that it was given; the first two are for managing slices (NVIDIA's
/// MIG User Guide, "Device Nodes").
fn has_slices(container: &Container) -> bool {
    let names = container.names("/dev/nvidia-caps");
    names
        .iter()
        .filter_map(|name| name.strip_prefix("nvidia-cap")?.parse::<u32>().ok())
        .any(|number| number > 2)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use modelcrate_fetcher::file::File;
    use modelcrate_fetcher::manifest::Deliver;

    use super::*;

    fn model(name: &str, gibibytes: u64) -> Model {
        Model {
            name: name.into(),
            folder: format!("/models/{name}"),
            deliver: Deliver::Bake,
            revision: None,
            files: vec![File {
                path: "model.safetensors".into(),
                size: gibibytes * GIB,
                sha256: "0".repeat(64),
            }],
            texts: BTreeMap::new(),
            source: None,
            token: None,
        }
    }

    #[test]
    fn a_board_says_its_memory_or_is_listed() {
        for (name, gibibytes) in [
            ("NVIDIA A100-SXM4-80GB", Some(80)),
            ("NVIDIA A100 80GB PCIe", Some(80)),
            ("NVIDIA H100 80GB HBM3", Some(80)),
            ("Tesla V100-SXM2-16GB", Some(16)),
            ("Tesla T4", Some(16)),
            ("NVIDIA H200", Some(141)),
            ("NVIDIA H100", None),
            ("NVIDIA GH200 480GB", None),
            ("NVIDIA GeForce RTX 2050", None),
        ] {
            assert_eq!(of_board(name), gibibytes.map(|gib| gib * GIB), "{name}");
        }
    }

    #[test]
    fn the_largest_model_is_held_against_all_gpus() {
        let folder = tempfile::tempdir().unwrap();
        let container = Container::at(folder.path(), &[]);
        let l4 = || Device::named("NVIDIA L4");
        let models = [model("small", 8), model("large", 40)];
        let found = |models: &[Model], devices: &[Device]| {
            check(models, devices, &container).map(|finding| finding.what)
        };
        let what = "model `large` has 40 GiB of weights, the GPUs in this container have 24 GiB of memory (NVIDIA L4)";
        assert_eq!(found(&models, &[l4()]).as_deref(), Some(what));
        assert_eq!(found(&models, &[l4(), l4()]), None);
        assert_eq!(found(&models[..1], &[l4()]), None);
        assert_eq!(found(&models, &[l4(), Device::named("Future 1")]), None);
        assert_eq!(found(&[], &[l4()]), None);
        std::fs::create_dir_all(folder.path().join("dev/nvidia-caps")).unwrap();
        let node = |name: &str| std::fs::write(folder.path().join("dev/nvidia-caps").join(name), "").unwrap();
        node("nvidia-cap2");
        assert!(found(&models, &[l4()]).is_some());
        node("nvidia-cap30");
        assert_eq!(found(&models, &[l4()]), None, "a slice of it");
    }
}
