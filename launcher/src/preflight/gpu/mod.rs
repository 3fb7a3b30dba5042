//! `gpu:`, NVIDIA's GPUs.
//!
//! The launcher is static and cannot load `libcuda`; everything here is read from files: device nodes, what the driver tells
//! below `/proc/driver/nvidia`, the names of its libraries, and the bus that the kernel shows below `/sys`. What no file
//! tells, such as free memory, is not looked at.

mod device;
mod driver;
mod memory;

use modelcrate_fetcher::manifest::Model;
use modelcrate_launcher::Gpu;

use super::finding::fix;
use super::{Check, Container, Finding};
use device::Device;
use driver::Driver;

/// A GPU is in the container, with a driver that runs the image's CUDA, a capability that its code is compiled for, and memory
/// for its models. The first thing that is wrong: the others follow from it.
pub fn check(gpu: &Gpu, models: &[Model], container: &Container) -> Option<Finding> {
    let driver = Driver::of(container);
    if !device::is_there(container) {
        return Some(absent(&driver, container));
    }
    if driver.library.is_none() {
        return Some(no_library(container));
    }
    let devices = device::devices(container);
    too_old(gpu, &driver, container)
        .or_else(|| no_code(gpu, &devices))
        .or_else(|| memory::check(models, &devices, container))
}

fn absent(driver: &Driver, container: &Container) -> Finding {
    let why = "CUDA finds no device, and the program fails or runs on the CPU";
    let finding = |what: &str, fix: &str| Check::Gpu.finding(what, why, fix);
    let visible = container.env("NVIDIA_VISIBLE_DEVICES").unwrap_or("all");
    let limits = "add `resources: { limits: { nvidia.com/gpu: 1 } }`";
    match &driver.kernel {
        Some(_) if ["none", "void", ""].contains(&visible) => finding(
            "NVIDIA_VISIBLE_DEVICES hides the GPUs",
            fix(
                container,
                "add `--gpus all -e NVIDIA_VISIBLE_DEVICES=all`",
                limits,
            ),
        ),
        Some(version) => finding(
            &format!("no GPU is in this container, though the host has one (driver {version})"),
            fix(container, "add `--gpus all`", limits),
        ),
        None => finding(
            "no GPU is in this container, and the host has no NVIDIA driver",
            fix(
                container,
                "run it on a host with the driver, with `--gpus all`",
                "add `resources: { limits: { nvidia.com/gpu: 1 } }`, so that it runs on a node with GPUs",
            ),
        ),
    }
}

fn no_library(container: &Container) -> Finding {
    let docker = match container.env("NVIDIA_DRIVER_CAPABILITIES") {
        Some(set) if !set.split(',').any(|word| ["all", "compute"].contains(&word)) => {
            "add `-e NVIDIA_DRIVER_CAPABILITIES=compute,utility`"
        }
        _ => "add `--gpus all` in place of `--device`: it brings the driver's libraries along",
    };
    Check::Gpu.finding(
        "the GPU's device is here, the driver's library `libcuda.so.1` is not",
        "CUDA cannot start",
        fix(
            container,
            docker,
            "add NVIDIA_DRIVER_CAPABILITIES=compute,utility, and `runtimeClassName: nvidia` where the cluster has it",
        ),
    )
}

fn too_old(gpu: &Gpu, driver: &Driver, container: &Container) -> Option<Finding> {
    let oldest = gpu.driver.as_deref()?;
    let version = driver.version()?;
    if !driver::is_older(version, oldest) {
        return None;
    }
    let docker = format!("update the host's driver to {oldest} or later, or run it on another host");
    let kubernetes = format!("choose nodes with driver {oldest} or later by `nodeSelector`");
    Some(Check::Gpu.finding(
        format!(
            "the driver is {version}, CUDA {} needs {oldest} or later",
            gpu.cuda.as_deref().unwrap_or("in this image")
        ),
        "CUDA cannot start (`CUDA driver version is insufficient`)",
        fix(container, &docker, &kubernetes),
    ))
}

/// The first device that none of the image's code is compiled for.
fn no_code(gpu: &Gpu, devices: &[Device]) -> Option<Finding> {
    if gpu.archs.is_empty() {
        return None;
    }
    let foreign = |device: &Device| Some((device.model.clone(), device.foreign_to(&gpu.archs)?));
    let (model, (major, minor)) = devices.iter().find_map(foreign)?;
    Some(Check::Gpu.finding(
        format!(
            "{model} has compute capability {major}.{minor}, the image is compiled for {}",
            gpu.archs.join(", ")
        ),
        "there is no code for it (`no kernel image is available`), or it is compiled anew at the first use",
        format!("build the image with `cuda: {{ archs: [{major}{minor}] }}` too"),
    ))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A library for this machine, as this test itself is.
    fn library(root: &Path, path: &str) {
        write(root, path, "");
        std::fs::copy(std::env::current_exe().unwrap(), root.join(path)).unwrap();
    }

    const VERSION: &str = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\n\
                           GCC version:  gcc version 12\n";
    const H200: &str =
        "Model: \t\t NVIDIA H200\nIRQ:   \t\t 52\nBus Location: \t 0000:19:00.0\nDevice Minor: \t 0\n";

    fn found(root: &Path, env: &[(&str, &str)], gpu: &Gpu) -> Option<(String, String)> {
        check(gpu, &[], &Container::at(root, env)).map(|finding| (finding.what, finding.fix))
    }

    #[test]
    fn each_step_to_a_working_gpu_has_its_own_fix() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let gpu = Gpu {
            cuda: Some("12.8.1".into()),
            driver: Some("570.26".into()),
            archs: vec!["80".into()],
            ..Gpu::default()
        };
        let here = |env: &[(&str, &str)]| found(root, env, &gpu).unwrap();
        assert!(here(&[]).0.ends_with("the host has no NVIDIA driver"));

        write(root, "proc/driver/nvidia/version", VERSION);
        let (what, fix) = here(&[]);
        assert_eq!(
            what,
            "no GPU is in this container, though the host has one (driver 535.183.01)"
        );
        assert_eq!(fix, "add `--gpus all`");
        assert!(here(&[("NVIDIA_VISIBLE_DEVICES", "void")]).0.contains("hides"));
        assert!(
            here(&[("KUBERNETES_SERVICE_HOST", "x")])
                .1
                .contains("nvidia.com/gpu")
        );

        write(root, "dev/nvidia0", "");
        assert!(here(&[]).1.contains("--gpus all"));
        assert!(
            here(&[("NVIDIA_DRIVER_CAPABILITIES", "utility")])
                .1
                .contains("compute,utility")
        );

        library(root, "usr/lib64/libcuda.so.1");
        let (what, _) = here(&[]);
        assert_eq!(
            what,
            "the driver is 535.183.01, CUDA 12.8.1 needs 570.26 or later"
        );

        // The libraries of forward compatibility are newer than the kernel's part.
        write(root, "usr/lib64/libcuda.so.570.86.15", "");
        assert_eq!(found(root, &[], &gpu), None);

        write(root, "proc/driver/nvidia/gpus/0000:19:00.0/information", H200);
        write(root, "sys/bus/pci/devices/0000:19:00.0/device", "0x2335\n");
        let (what, fix) = here(&[]);
        assert_eq!(
            what,
            "NVIDIA H200 has compute capability 9.0, the image is compiled for 80"
        );
        assert_eq!(fix, "build the image with `cuda: { archs: [90] }` too");
    }

    #[test]
    fn an_image_that_says_nothing_of_its_code_runs_on_every_gpu() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "dev/nvidia3", "");
        library(folder.path(), "opt/driver/libcuda.so.1");
        let env = [("LD_LIBRARY_PATH", "/opt/other:/opt/driver")];
        assert_eq!(found(folder.path(), &env, &Gpu::default()), None);
        assert!(found(folder.path(), &[], &Gpu::default()).is_some());
    }
}
