//! What the packages of a lock say of CUDA, by their names and versions.

use super::toolkit::update_of;
use super::{Version, newest_of};
use crate::python::{Environment, Lock, Package, normalised};

/// The CUDA that a package is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// A major release: `cupy-cuda12x`, `nvidia-cublas-cu12`.
    Major(u32),
    /// A minor release: `torch 2.9.0+cu128`.
    Release((u32, u32)),
    /// One toolkit: `nvidia-cuda-runtime-cu12 12.8.90`.
    Version(Version),
}

/// A package that is made for some CUDA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The CUDA.
    pub made: Made,
}

/// One of NVIDIA's libraries, packed as a wheel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    /// The name of the package.
    pub name: String,
    /// Bytes of its largest wheel that fits, where the lock knows.
    pub size: Option<u64>,
    /// Whether the `runtime` images of nvidia/cuda have the same library.
    pub is_in_runtime_images: bool,
}

/// Parts of the toolkit whose own version starts with that of the toolkit, and that everybody pins to it. (The linker
/// `nvjitlink` is often a newer one.)
const PARTS: [&str; 5] = ["cuda-runtime", "cuda-nvrtc", "cuda-cupti", "cuda-nvcc", "nvtx"];

/// Libraries that NVIDIA packs as wheels and that the `runtime` images of nvidia/cuda have too
/// (nvidia/container-images/cuda `dist/*/runtime/Dockerfile`).
const IN_RUNTIME_IMAGES: [&str; 13] = [
    "cuda-runtime",
    "cuda-nvrtc",
    "cublas",
    "cufft",
    "cufile",
    "curand",
    "cusolver",
    "cusparse",
    "nccl",
    "npp",
    "nvjitlink",
    "nvjpeg",
    "nvtx",
];

/// More of them, which no image has that a spec can name.
const ONLY_WHEELS: [&str; 4] = ["cuda-cupti", "cudnn", "cusparselt", "nvshmem"];

/// The packages of a lock that say which CUDA they are for, in the order of the lock.
pub fn carried(lock: &Lock, environment: &Environment) -> Vec<Carried> {
    let of = |package: &Package| {
        let version = package.version.clone()?;
        Some(Carried {
            made: made(&package.name, &version)?,
            name: package.name.clone(),
            version,
        })
    };
    lock.installed(environment).filter_map(of).collect()
}

/// NVIDIA's libraries among the packages of a lock.
pub fn libraries(lock: &Lock, environment: &Environment) -> Vec<Library> {
    let of = |package: &Package| {
        let library = known_library(&package.name)?;
        Some(Library {
            name: package.name.clone(),
            size: package.wheel_size(environment),
            is_in_runtime_images: IN_RUNTIME_IMAGES.contains(&library),
        })
    };
    lock.installed(environment).filter_map(of).collect()
}

impl Carried {
    /// The major release.
    pub fn major(&self) -> u32 {
        match self.made {
            Made::Major(major) | Made::Release((major, _)) => major,
            Made::Version(version) => version.major,
        }
    }

    /// The minor release, where the package says it.
    pub fn release(&self) -> Option<(u32, u32)> {
        match self.made {
            Made::Major(_) => None,
            Made::Release(release) => Some(release),
            Made::Version(version) => Some(version.release()),
        }
    }

    /// The version of a toolkit that goes with it: its own, else the newest that fits.
    pub fn toolkit(&self) -> Option<Version> {
        match self.made {
            Made::Major(major) => newest_of(major, None),
            Made::Release((major, minor)) => newest_of(major, Some(minor)),
            Made::Version(version) => Some(version),
        }
    }
}

/// The folder in `site-packages` with the libraries of one of NVIDIA's wheels. Since CUDA 13 the parts of the toolkit share
/// one (nvidia-cuda-runtime 13.0.48: `nvidia/cu13/lib`).
pub fn library_folder(name: &str, major: u32) -> Option<String> {
    let library = known_library(name)?;
    Some(match suffix(name) {
        Some(_) => format!("nvidia/{}/lib", library.replace('-', "_")),
        None => format!("nvidia/cu{major}/lib"),
    })
}

fn known_library(name: &str) -> Option<&str> {
    let mut known = IN_RUNTIME_IMAGES.iter().chain(&ONLY_WHEELS);
    let library = library(name)?;
    known.any(|known| *known == library).then_some(library)
}

/// `cublas` of `nvidia-cublas-cu12`.
fn library(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("nvidia-")?;
    let bare = |suffix| rest.strip_suffix(suffix)?.strip_suffix('-');
    suffix(rest).map_or(Some(rest), bare)
}

/// `cu12` of `nvidia-cublas-cu12`.
fn suffix(name: &str) -> Option<&str> {
    let last = name.rsplit('-').next()?;
    let number = last.strip_prefix("cu")?;
    (!number.is_empty() && number.chars().all(|c| c.is_ascii_digit())).then_some(last)
}

fn made(name: &str, version: &str) -> Option<Made> {
    let name = &normalised(name);
    if let Some(tag) = version.split_once('+').and_then(|(_, local)| tag(local)) {
        return Some(tag);
    }
    if name == "cuda-toolkit" {
        let mut numbers = version.splitn(4, '.').take(3).collect::<Vec<_>>();
        numbers.resize(3, "0");
        return Version::parse(&numbers.join(".")).map(Made::Version);
    }
    if library(name).is_some_and(|library| PARTS.contains(&library)) {
        let part = Version::parse(version)?;
        return Some(match update_of(part.release(), part.update) {
            Some(version) => Made::Version(version),
            None => Made::Release(part.release()),
        });
    }
    name.split('-').find_map(major).map(Made::Major)
}

/// `cu128`, `cu12`, `cu122torch2.3cxx11abiFALSE`, also after other words.
fn tag(local: &str) -> Option<Made> {
    let digits = local.split('.').find_map(|word| word.strip_prefix("cu"))?;
    let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
    let major = digits.get(..2)?.parse().ok()?;
    Some(match digits.get(2..)?.parse() {
        Ok(minor) => Made::Release((major, minor)),
        Err(_) => Made::Major(major),
    })
}

/// `cu12`, `cuda12`, `cuda12x`, `cuda120` as a word of a name.
fn major(word: &str) -> Option<u32> {
    let digits = word.strip_prefix("cuda").or_else(|| word.strip_prefix("cu"))?;
    let digits = digits.strip_suffix('x').unwrap_or(digits);
    let whole = matches!(digits.len(), 2 | 3) && digits.chars().all(|c| c.is_ascii_digit());
    whole.then(|| digits.get(..2)?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, version: &str) -> Option<String> {
        Some(match made(name, version)? {
            Made::Major(major) => major.to_string(),
            Made::Release((major, minor)) => format!("{major}.{minor}"),
            Made::Version(version) => version.to_string(),
        })
    }

    #[test]
    fn packages_say_their_cuda_in_many_ways() {
        for (name, version, cuda) in [
            ("torch", "2.9.0+cu128", "12.8"),
            ("torch", "2.4.0+cu118", "11.8"),
            ("vllm", "0.11.0+cu129", "12.9"),
            ("flash-attn", "2.8.3+cu12torch2.8cxx11abitrue", "12"),
            ("nvidia-cuda-runtime-cu12", "12.8.90", "12.8.1"),
            ("nvidia-cuda-runtime", "13.0.48", "13.0.0"),
            ("nvidia-nvtx-cu12", "12.1.105", "12.1.1"),
            ("nvidia-nvjitlink-cu12", "12.9.86", "12"),
            ("nvidia-cudnn-cu12", "9.10.2.21", "12"),
            ("cuda-toolkit", "13.0.2", "13.0.2"),
            ("cuda-toolkit", "12.9.2.0", "12.9.2"),
            ("cupy-cuda12x", "13.6.0", "12"),
            ("jax-cuda13-plugin", "0.8.0", "13"),
            ("nvidia-dali-cuda120", "1.50", "12"),
        ] {
            assert_eq!(of(name, version).as_deref(), Some(cuda), "{name} {version}");
        }
    }

    #[test]
    fn other_packages_say_nothing() {
        for (name, version) in [
            ("torch", "2.9.0"),
            ("torch", "2.9.0+cpu"),
            ("torch", "2.9.0+rocm6.4"),
            ("nvidia-ml-py", "12.560.30"),
            ("cuda-bindings", "12.9.4"),
            ("cuda-pathfinder", "1.2.2"),
            ("custom", "1"),
            ("nvidia-cublas", "13.1.0.3"),
        ] {
            assert_eq!(of(name, version), None, "{name} {version}");
        }
    }

    #[test]
    fn libraries_lie_where_their_wheels_put_them() {
        let folder = |name| library_folder(name, 12);
        assert_eq!(
            folder("nvidia-cuda-runtime-cu12").unwrap(),
            "nvidia/cuda_runtime/lib"
        );
        assert_eq!(folder("nvidia-cudnn-cu13").unwrap(), "nvidia/cudnn/lib");
        assert_eq!(library_folder("nvidia-cublas", 13).unwrap(), "nvidia/cu13/lib");
        assert_eq!(folder("nvidia-ml-py"), None);
        assert_eq!(folder("torch"), None);
    }
}
