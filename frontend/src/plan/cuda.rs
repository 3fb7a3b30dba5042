//! What compilers are told about GPUs: the same list in every tool's own words.
//!
//! Only steps that may compile see it, so that other compute capabilities leave the layers of finished wheels alone.

use crate::check::Checked;
use crate::cuda::{Arch, default_archs};
use crate::source::Spanned;

/// Where a toolkit lies in the images of nvidia/cuda.
const HOME: &str = "/usr/local/cuda";

/// The compute capabilities to compile for: those of the spec, else those that the toolkit is good for. Empty without CUDA.
pub(super) fn archs(checked: &Checked) -> Vec<Arch> {
    let Some(cuda) = &checked.cuda else {
        return Vec::new();
    };
    if cuda.archs.is_empty() {
        default_archs(cuda.release())
    } else {
        cuda.archs.iter().map(|arch| arch.value).collect()
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
    let compiles = checked.cuda.as_ref().is_some_and(|cuda| cuda.compiles);
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

fn joined(archs: &[Arch], separator: &str, spell: impl Fn(Arch) -> String) -> Option<String> {
    let words: Vec<String> = archs.iter().map(|arch| spell(*arch)).collect();
    (!words.is_empty()).then(|| words.join(separator))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::check::check;
    use crate::source::Source;
    use crate::spec::{PlatformNames, Request};

    fn checked(spec: &str) -> Checked {
        let names = PlatformNames::new("linux", "arm64", "");
        let request = Request {
            target: None,
            build_args: &BTreeMap::new(),
            platform: &names,
            build_platform: &names,
        };
        let (checked, found) = check(&Source::new("modelcrate.yaml", spec), &request);
        checked.unwrap_or_else(|| panic!("{found:?}"))
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

    #[test]
    fn an_image_without_a_compiler_does_not_pretend_to_have_one() {
        let env = env("cuda: { version: 12.8.1, build: runtime, archs: 80 }");
        assert!(!env.contains("CUDA_HOME"));
        assert!(env.contains("CUDAARCHS=80"));
    }
}
