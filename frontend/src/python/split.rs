//! Splits a lock into parts: each heavy family and each large package alone, the light rest together, sources apart.
//!
//! A part's text holds its own packages and nothing that changes with the others, so that the layer made from it
//! depends on nothing else: the torch layer of two projects is one blob.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::lock::{Lock, Origin, Package};
use super::{Environment, wheel};

/// A lock, split.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Split {
    /// Parts of files from indexes and URLs, heavy ones first, by name.
    pub parts: Vec<Part>,
    /// Packages of the context, in the order of the lock.
    pub local: Vec<LocalSource>,
    /// Packages of git repositories.
    pub git: Vec<GitSource>,
}

/// Some packages and the lock that pins them alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `torch`, `nvidia`, `rest`, …: letters, digits and `-`, as uv wants it in `pylock.NAME.toml`.
    pub name: String,
    /// A `pylock.toml`.
    pub text: String,
    /// What is in it, for people: `torch 2.9.0`.
    pub packages: Vec<String>,
    /// Some package has no wheel that fits and is built from its sources.
    pub builds: bool,
    /// URLs of the indexes that its packages come from; where the lock names none, the hosts of the files.
    pub indexes: Vec<String>,
}

/// A package in the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalSource {
    /// Its name.
    pub name: String,
    /// Folder or file, relative to the project.
    pub path: String,
}

/// A package in a git repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitSource {
    /// Its name.
    pub name: String,
    /// URL.
    pub url: String,
    /// The commit in full.
    pub commit: String,
    /// A folder in it.
    pub subdirectory: Option<String>,
}

/// A wheel of this many bytes gets a layer of its own.
const HEAVY_BYTES: u64 = 32 << 20;

/// So does one of this many, while there is room: else the bump of a small package would bring it along.
const LARGE_BYTES: u64 = 4 << 20;

/// More heavy or built parts than this are folded together, and so are more large ones: an image has room for about a
/// hundred layers.
const MOST_PARTS: usize = 20;
const MOST_LARGE: usize = 12;

/// Families that are heavy whatever the lock says of sizes (many indexes give none). A name that ends in `*`
/// stands for all that begin so; the second word is the part they share.
const HEAVY_NAMES: [(&str, &str); 34] = [
    ("nvidia-*", "nvidia"),
    ("cuda-*", "nvidia"),
    ("cupy-*", "cupy"),
    ("torch", "torch"),
    ("torchvision", "torchvision"),
    ("torchaudio", "torchaudio"),
    ("triton", "triton"),
    ("pytorch-triton*", "triton"),
    ("vllm", "vllm"),
    ("vllm-*", "vllm"),
    ("sglang", "sglang"),
    ("sgl-kernel", "sglang"),
    ("flash-attn", "flash-attn"),
    ("flashinfer-*", "flashinfer"),
    ("xformers", "xformers"),
    ("bitsandbytes", "bitsandbytes"),
    ("tensorrt*", "tensorrt"),
    ("deepspeed", "deepspeed"),
    ("jax", "jax"),
    ("jaxlib", "jax"),
    ("jax-*", "jax"),
    ("tensorflow", "tensorflow"),
    ("tensorflow-*", "tensorflow"),
    ("onnxruntime*", "onnxruntime"),
    ("llama-cpp-python", "llama-cpp-python"),
    ("ray", "ray"),
    ("pyarrow", "pyarrow"),
    ("polars*", "polars"),
    ("opencv-*", "opencv"),
    ("faiss-*", "faiss"),
    ("scipy", "scipy"),
    ("paddlepaddle*", "paddlepaddle"),
    ("ctranslate2", "ctranslate2"),
    ("mlx*", "mlx"),
];

/// Packages that are large whatever the lock says.
const LARGE_NAMES: [&str; 24] = [
    "av",
    "botocore",
    "cryptography",
    "diffusers",
    "gradio",
    "grpcio",
    "h5py",
    "llvmlite",
    "lxml",
    "matplotlib",
    "numba",
    "numpy",
    "pandas",
    "pillow",
    "plotly",
    "scikit-image",
    "scikit-learn",
    "sentencepiece",
    "spacy",
    "statsmodels",
    "streamlit",
    "sympy",
    "tokenizers",
    "transformers",
];

/// Splits `lock` for one Python on one platform. Packages whose markers are false there are left out.
pub fn split(lock: &Lock, environment: &Environment) -> Split {
    let mut groups: BTreeMap<(Rank, String), Vec<&Package>> = BTreeMap::new();
    let mut split = Split::default();
    for package in lock.installed(environment) {
        match &package.origin {
            Origin::Folder(path) | Origin::File(path) => {
                split.local.push(LocalSource {
                    name: package.name.clone(),
                    path: path.clone(),
                });
            }
            Origin::Git {
                url,
                commit,
                subdirectory,
            } => split.git.push(GitSource {
                name: package.name.clone(),
                url: without_credentials(url),
                commit: commit.clone(),
                subdirectory: subdirectory.clone(),
            }),
            Origin::Index { .. } | Origin::Url(_) => {
                groups
                    .entry(group(package, environment))
                    .or_default()
                    .push(package);
            }
        }
    }
    fold_surplus(&mut groups);
    split.parts = groups
        .iter()
        .map(|((rank, name), packages)| part(*rank, name, packages))
        .collect();
    split
}

/// The order of parts: what changes least comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Heavy,
    Built,
    Large,
    Rest,
}

fn group(package: &Package, environment: &Environment) -> (Rank, String) {
    if is_built(package, environment) {
        (Rank::Built, package.name.clone())
    } else if let Some(family) = heavy_family(package, environment) {
        (Rank::Heavy, family)
    } else if is_large(package, environment) {
        (Rank::Large, package.name.clone())
    } else {
        (Rank::Rest, "rest".to_owned())
    }
}

fn is_built(package: &Package, environment: &Environment) -> bool {
    match &package.origin {
        Origin::Index { wheels, has_sdist } => {
            *has_sdist && !wheels.iter().any(|wheel| wheel::fits(&wheel.name, environment))
        }
        Origin::Url(url) => !url.split(['?', '#']).next().unwrap_or_default().ends_with(".whl"),
        _ => false,
    }
}

fn heavy_family(package: &Package, environment: &Environment) -> Option<String> {
    let named = HEAVY_NAMES
        .iter()
        .find(|(pattern, _)| matches(pattern, &package.name));
    let by_size = || package.wheel_size(environment) >= Some(HEAVY_BYTES);
    named
        .map(|(_, family)| (*family).to_owned())
        .or_else(|| by_size().then(|| package.name.clone()))
}

fn is_large(package: &Package, environment: &Environment) -> bool {
    LARGE_NAMES.contains(&package.name.as_str()) || package.wheel_size(environment) >= Some(LARGE_BYTES)
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |prefix| name.starts_with(prefix))
}

/// Heavy families past the limit join the rest; built packages past what is then left share one part.
fn fold_surplus(groups: &mut BTreeMap<(Rank, String), Vec<&Package>>) {
    let rest = (Rank::Rest, "rest");
    let folds = [
        (Rank::Heavy, MOST_PARTS, rest),
        (Rank::Built, MOST_PARTS, (Rank::Built, "sources")),
        (Rank::Large, MOST_LARGE, rest),
    ];
    for (rank, most, (into, name)) in folds {
        let of_rank: Vec<_> = groups.keys().filter(|(of, _)| *of == rank).cloned().collect();
        let into = (into, name.to_owned());
        for key in of_rank.into_iter().skip(most) {
            let packages = groups.remove(&key).unwrap_or_default();
            groups.entry(into.clone()).or_default().extend(packages);
        }
    }
}

fn part(rank: Rank, name: &str, packages: &[&Package]) -> Part {
    let mut indexes: Vec<String> = packages.iter().flat_map(|package| origins(package)).collect();
    indexes.sort();
    indexes.dedup();
    Part {
        name: name.replace(['.', '_'], "-"),
        text: text(packages),
        packages: packages.iter().map(|package| title(package)).collect(),
        builds: rank == Rank::Built,
        indexes,
    }
}

fn origins(package: &Package) -> Vec<String> {
    if let Some(index) = &package.index {
        return vec![index.clone()];
    }
    let host = |url: &str| {
        let (scheme, rest) = url.split_once("://")?;
        Some(format!("{scheme}://{}", rest.split('/').next()?))
    };
    package.urls().filter_map(host).collect()
}

/// An address is shown and kept in the provenance: a user name or password in it must not be. `git@` is nobody's.
pub fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rsplit_once('@') {
        Some((user, host)) if user != "git" => format!("{scheme}://{host}{}", &rest[end..]),
        _ => url.to_owned(),
    }
}

fn title(package: &Package) -> String {
    match &package.version {
        Some(version) => format!("{} {version}", package.name),
        None => package.name.clone(),
    }
}

/// A lock of these packages alone. `requires-python` stays out: it is the project's, not the packages'.
fn text(packages: &[&Package]) -> String {
    let mut entries: Vec<Table> = packages.iter().map(|package| package.entry.clone()).collect();
    entries.sort_by_key(|entry| (sort_key(entry, "name"), sort_key(entry, "version")));
    let mut lock = Table::new();
    lock.insert("lock-version".into(), Value::String("1.0".into()));
    lock.insert("created-by".into(), Value::String("modelcrate".into()));
    lock.insert(
        "packages".into(),
        Value::Array(entries.into_iter().map(Value::Table).collect()),
    );
    lock.to_string()
}

fn sort_key(entry: &Table, key: &str) -> String {
    entry
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::PythonVersion;
    use super::*;

    fn split_for(text: &str) -> Split {
        let environment = Environment::linux(PythonVersion::parse("3.11").unwrap(), "amd64").unwrap();
        split(&Lock::parse(text).unwrap(), &environment)
    }

    fn wheel_of(name: &str, size: u64) -> String {
        format!(
            "[[packages]]\nname = \"{name}\"\nversion = \"1.0\"\nindex = \"https://index.test/simple\"\n\
             wheels = [{{ url = \"https://files.test/{name}-1.0-py3-none-any.whl\", size = {size}, hashes = {{ sha256 = \"00\" }} }}]\n"
        )
    }

    #[test]
    fn heavy_families_stand_alone_and_the_rest_is_one_part() {
        let lock: String = ["anyio", "big", "nvidia-a", "nvidia-b", "torch", "zope"]
            .iter()
            .map(|name| wheel_of(name, if *name == "big" { 64 << 20 } else { 1 }))
            .collect();
        let names: Vec<String> = split_for(&lock).parts.into_iter().map(|part| part.name).collect();
        assert_eq!(names, ["big", "nvidia", "torch", "rest"]);
    }

    #[test]
    fn another_small_dependency_leaves_the_bytes_of_heavy_parts() {
        let before = split_for(&format!("{}{}", wheel_of("anyio", 1), wheel_of("torch", 1)));
        let after = split_for(&format!(
            "requires-python = \">=3.12\"\n{}{}{}",
            wheel_of("anyio", 1),
            wheel_of("httpx", 1),
            wheel_of("torch", 1)
        ));
        assert_eq!(before.parts[0], after.parts[0]);
        assert_ne!(before.parts[1], after.parts[1]);
    }

    #[test]
    fn a_package_without_a_fitting_wheel_is_built_apart() {
        let lock = "[[packages]]\nname = \"old\"\nversion = \"1\"\nsdist = { url = \"https://files.test/old-1.tar.gz\", hashes = { sha256 = \"00\" } }\n\
                    wheels = [{ url = \"https://files.test/old-1-cp39-cp39-win_amd64.whl\", hashes = { sha256 = \"00\" } }]\n";
        let parts = split_for(lock).parts;
        assert_eq!((parts[0].name.as_str(), parts[0].builds), ("old", true));
    }

    #[test]
    fn more_families_than_an_image_has_room_for_are_folded_together() {
        let heavy: String = (10..50)
            .map(|n| wheel_of(&format!("big{n}"), HEAVY_BYTES))
            .collect();
        let built: String = (10..50)
            .map(|n| format!("[[packages]]\nname = \"old{n}\"\nversion = \"1\"\nsdist = {{ url = \"https://files.test/old.tar.gz\" }}\n"))
            .collect();
        let large: String = (10..50)
            .map(|n| wheel_of(&format!("large{n}"), LARGE_BYTES))
            .collect();
        let parts = split_for(&format!("{heavy}{built}{large}")).parts;
        // What is folded: sources, and the rest.
        assert_eq!(parts.len(), 2 * MOST_PARTS + MOST_LARGE + 2);
        assert!(
            parts
                .iter()
                .all(|part| part.builds == (part.name.starts_with("old") || part.name == "sources"))
        );
        assert_eq!(parts.iter().map(|part| part.packages.len()).sum::<usize>(), 120);
    }

    #[test]
    fn a_large_package_is_no_part_of_the_rest() {
        let lock = wheel_of("big", LARGE_BYTES) + &wheel_of("numpy", 1) + &wheel_of("small", 1);
        let parts = split_for(&lock).parts;
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["big", "numpy", "rest"]);
    }

    #[test]
    fn packages_of_other_systems_are_left_out() {
        let lock = format!(
            "{}marker = \"sys_platform == 'win32'\"\n",
            wheel_of("colorama", 1)
        );
        assert!(split_for(&lock).parts.is_empty());
    }

    #[test]
    fn addresses_lose_their_credentials() {
        assert_eq!(
            without_credentials("https://me:s3cret@git.test/a@b"),
            "https://git.test/a@b"
        );
        assert_eq!(
            without_credentials("ssh://git@git.test/a"),
            "ssh://git@git.test/a"
        );
        assert_eq!(
            without_credentials("https://git.test/a@b"),
            "https://git.test/a@b"
        );
    }

    #[test]
    fn the_text_of_a_part_is_a_lock() {
        insta::assert_snapshot!(split_for(&wheel_of("anyio", 1)).parts[0].text);
    }
}
