//! What compilers are told about GPUs, the same list in every tool's own words, and what a container is told of CUDA.
//!
//! Only steps that may compile see it, so that other compute capabilities leave the layers of finished wheels alone.

use std::collections::BTreeSet;

use super::Facts;
use super::python::VENV;
use crate::check::{Checked, Cuda};
use crate::cuda::{Arch, Version, default_archs, least_driver, library_folder, toolkit};
use crate::image::ContainerConfig;
use crate::python::Environment;
use crate::source::Spanned;

/// Where a toolkit lies in the images of nvidia/cuda.
const HOME: &str = "/usr/local/cuda";

/// What NVIDIA's container runtime holds against the driver before it starts a container (nvidia-container-toolkit,
/// "Constraints").
const REQUIRE: &str = "NVIDIA_REQUIRE_CUDA";

/// The compute capabilities to compile for: those of the spec, else those of the lock's PyTorch, else those that the toolkit is
/// good for. Empty without CUDA.
pub(super) fn archs(checked: &Checked) -> Vec<Arch> {
    match known(checked) {
        Some((cuda, version)) if cuda.archs.is_empty() => default_archs(version.release()),
        Some((cuda, _)) => written(cuda),
        None => Vec::new(),
    }
}

/// The value of `CMAKE_CUDA_ARCHITECTURES`: `80;90a`. Nothing without CUDA.
pub(super) fn cmake_architectures(checked: &Checked) -> Option<String> {
    joined(&archs(checked), ";", |arch| arch.to_string())
}

/// Adds what compilers look for to the environment of a root that stands on `image`; nothing without CUDA.
///
/// `CUDAARCHS` is CMake's default for `CMAKE_CUDA_ARCHITECTURES` (CMake `Help/envvar/CUDAARCHS.rst`),
/// `TORCH_CUDA_ARCH_LIST` and `CUDA_HOME` are read by PyTorch's extensions (pytorch `torch/utils/cpp_extension.py`), and
/// `NVCC_GENCODE` by makefiles in NVIDIA's manner (nccl `makefiles/common.mk`); a command can write
/// `nvcc $NVCC_GENCODE`.
pub(super) fn add_build_env(
    env: &mut Vec<(String, String)>,
    checked: &Checked,
    image: Option<&Spanned<String>>,
) {
    let archs = archs(checked);
    let compiles = checked.cuda.as_ref().is_some_and(Cuda::compiles);
    let has_compiler = compiles && image == checked.base.build.as_ref();
    let variables = [
        ("CUDAARCHS", cmake_architectures(checked)),
        ("TORCH_CUDA_ARCH_LIST", joined(&archs, ";", Arch::dotted)),
        ("NVCC_GENCODE", joined(&archs, " ", Arch::gencode)),
        ("CUDA_HOME", has_compiler.then(|| HOME.to_owned())),
    ];
    for (name, value) in variables {
        let is_new = env.iter().all(|(old, _)| old != name);
        env.extend(value.filter(|_| is_new).map(|value| (name.to_owned(), value)));
    }
}

/// What a container is started with, over the base's own: what it needs of a driver, and where it finds libraries. The
/// images of nvidia/cuda say most of it themselves (nvidia/container-images/cuda `dist/*/base/Dockerfile`); a base without
/// CUDA says nothing.
pub(super) fn container(container: &mut ContainerConfig, checked: &Checked, facts: &Facts) {
    let Some((cuda, version)) = known(checked) else {
        return;
    };
    let driver = match container.env_var(REQUIRE) {
        Some(_) => toolkit(version.release()).map(|toolkit| toolkit.driver),
        None => {
            container.set_env(REQUIRE, &format!("cuda>={}.0", version.major));
            least_driver(version.major)
        }
    };
    search_paths(container, cuda, facts);
    let archs = joined(&written(cuda), ";", |arch| arch.to_string());
    let labels = [
        ("version", Some(version.to_string())),
        ("min-driver", driver.map(str::to_owned)),
        ("archs", archs),
    ];
    for (name, value) in labels {
        let label = value.map(|value| (format!("modelcrate.cuda.{name}"), value));
        container.labels.extend(label);
    }
}

/// Where the loader looks, without the system's folders: a driver that is mounted there (device plugins of Kubernetes do
/// that), and the wheels' libraries for what is not linked to look beside itself. A base that has all of CUDA says it.
fn search_paths(container: &mut ContainerConfig, cuda: &Cuda, facts: &Facts) {
    if cuda.ships.is_none() {
        append(container, "PATH", &["/usr/local/nvidia/bin".into()]);
        append(
            container,
            "LD_LIBRARY_PATH",
            &["/usr/local/nvidia/lib".into(), "/usr/local/nvidia/lib64".into()],
        );
    }
    if cuda.ships != Some("runtime") {
        append(container, "LD_LIBRARY_PATH", &library_folders(facts));
    }
}

/// The folders of NVIDIA's wheels, sorted, each once.
fn library_folders(facts: &Facts) -> Vec<String> {
    let (Some(lock), Some(python)) = (&facts.lock, &facts.python_version) else {
        return Vec::new();
    };
    let Some(environment) = Environment::linux(python.clone(), &facts.target.1) else {
        return Vec::new();
    };
    let installed = lock.lock.installed(&environment);
    let folders: BTreeSet<String> = installed
        .filter_map(|package| {
            let major = package.version.as_deref()?.split('.').next()?.parse().ok()?;
            library_folder(&package.name, major)
        })
        .collect();
    let site = format!("{VENV}/lib/python{}/site-packages", python.short());
    folders.iter().map(|folder| format!("{site}/{folder}")).collect()
}

/// Adds folders to a list of them, those apart that it has.
fn append(container: &mut ContainerConfig, name: &str, folders: &[String]) {
    let old = container.env_var(name).unwrap_or_default().to_owned();
    let mut list: Vec<&str> = old.split(':').filter(|folder| !folder.is_empty()).collect();
    for folder in folders {
        if !list.contains(&folder.as_str()) {
            list.push(folder);
        }
    }
    if !list.is_empty() {
        container.set_env(name, &list.join(":"));
    }
}

fn known(checked: &Checked) -> Option<(&Cuda, Version)> {
    let cuda = checked.cuda.as_ref()?;
    Some((cuda, cuda.version()?))
}

fn written(cuda: &Cuda) -> Vec<Arch> {
    cuda.archs.iter().map(|arch| arch.value).collect()
}

fn joined(archs: &[Arch], separator: &str, spell: impl Fn(Arch) -> String) -> Option<String> {
    let words: Vec<String> = archs.iter().map(|arch| spell(*arch)).collect();
    (!words.is_empty()).then(|| words.join(separator))
}

#[cfg(test)]
mod tests {
    use super::super::LockFacts;
    use super::*;
    use crate::check::drawn::{self, Build};
    use crate::python::{Lock, PythonVersion};

    fn checked(spec: &str) -> Checked {
        let build = Build {
            arch: "arm64",
            ..Build::default()
        };
        drawn::checked(spec, &build)
    }

    fn env(spec: &str) -> String {
        let checked = checked(spec);
        let mut env = vec![("PATH".to_owned(), "/bin".to_owned())];
        add_build_env(&mut env, &checked, checked.base.build.as_ref());
        let lines: Vec<String> = env
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        lines.join("\n")
    }

    #[test]
    fn every_tool_gets_the_written_list_in_its_own_words() {
        let env = env("cuda: { version: 12.8.1, archs: [80, 90a] }");
        let expected = [
            "PATH=/bin",
            "CUDAARCHS=80;90a",
            "TORCH_CUDA_ARCH_LIST=8.0;9.0a",
            "NVCC_GENCODE=-gencode=arch=compute_80,code=[compute_80,sm_80] -gencode=arch=compute_90a,code=sm_90a",
            "CUDA_HOME=/usr/local/cuda",
        ];
        assert_eq!(env, expected.join("\n"));
    }

    #[test]
    fn a_platform_has_a_list_of_its_own() {
        let spec =
            "args: { A: { amd64: '80', arm64: '90;120' } }\ncuda: { version: 12.8.1, archs: \"${A}\" }";
        assert_eq!(cmake_architectures(&checked(spec)).unwrap(), "90;120");
    }

    #[test]
    fn where_no_list_is_written_the_toolkit_says_it() {
        assert_eq!(
            cmake_architectures(&checked("cuda: 12.1.0")).unwrap(),
            "75;80;86;89;90"
        );
        assert_eq!(cmake_architectures(&checked("name: x")), None);
    }

    /// The container of an image with these packages, on a base that says nothing.
    fn contained(spec: &str, packages: &str) -> ContainerConfig {
        let facts = Facts {
            target: ("linux".into(), "arm64".into(), String::new()),
            python_version: PythonVersion::parse("3.11"),
            lock: Some(LockFacts {
                lock: Lock::parse(packages).unwrap(),
                files: Vec::new(),
            }),
            ..Facts::default()
        };
        let mut config = ContainerConfig::default();
        container(&mut config, &checked(spec), &facts);
        config
    }

    #[test]
    fn a_base_without_cuda_is_told_what_nvidias_images_know() {
        let lock = "[[packages]]\nname='nvidia-cublas-cu12'\nversion='12.8.4.1'\n[[packages]]\nname='idna'\nversion='3'\n";
        let config = contained(
            "cuda: { version: 12.8.1, image: none, archs: [80, 90a] }\npython: '3.11'",
            lock,
        );
        assert_eq!(
            config.env,
            [
                "NVIDIA_REQUIRE_CUDA=cuda>=12.0",
                "PATH=/usr/local/nvidia/bin",
                "LD_LIBRARY_PATH=/usr/local/nvidia/lib:/usr/local/nvidia/lib64:/opt/venv/lib/python3.11/site-packages/nvidia/cublas/lib",
            ]
        );
        let labels: Vec<String> = config
            .labels
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(
            labels,
            [
                "modelcrate.cuda.archs=80;90a",
                "modelcrate.cuda.min-driver=525.60.13",
                "modelcrate.cuda.version=12.8.1",
            ]
        );
    }

    #[test]
    fn what_a_base_says_stays() {
        let mut config = ContainerConfig {
            env: vec![
                "NVIDIA_REQUIRE_CUDA=cuda>=12.8".into(),
                "LD_LIBRARY_PATH=/own".into(),
            ],
            ..ContainerConfig::default()
        };
        let before = config.env.clone();
        container(&mut config, &checked("cuda: 12.8.1"), &Facts::default());
        assert_eq!(config.env, before);
        assert_eq!(config.labels["modelcrate.cuda.min-driver"], "570.26");
    }

    #[test]
    fn without_cuda_nothing_is_said_of_it() {
        let config = contained("base: debian\ncuda: none", "");
        assert_eq!(config, ContainerConfig::default());
    }

    #[test]
    fn an_image_without_a_compiler_does_not_pretend_to_have_one() {
        let env = env("cuda: { version: 12.8.1, build: runtime, archs: 80 }");
        assert!(!env.contains("CUDA_HOME"));
        assert!(env.contains("CUDAARCHS=80"));
    }
}
