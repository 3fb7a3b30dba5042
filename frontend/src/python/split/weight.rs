//! Which packages are heavy, and which are large.

use super::super::Environment;
use super::super::lock::Package;

/// A wheel of this many bytes gets a layer of its own.
pub(super) const HEAVY_BYTES: u64 = 32 << 20;

/// So does one of this many, while there is room: else the bump of a small package would bring it along.
pub(super) const LARGE_BYTES: u64 = 1 << 20;

/// Families that are heavy whatever the lock says of sizes (many indexes give none). A name that ends in `*`
/// stands for all that begin so; the second word is the part they share.
const HEAVY_NAMES: [(&str, &str); 41] = [
    ("nvidia-*", OF_NVIDIA),
    ("cuda-*", OF_NVIDIA),
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
    ("xgboost", "xgboost"),
    ("catboost", "catboost"),
    ("pyspark", "pyspark"),
    ("cudf-*", "rapids"),
    ("cuml-*", "rapids"),
    ("libcudf-*", "rapids"),
    ("libcuml-*", "rapids"),
];

/// Libraries of NVIDIA that are too large to share a layer: as one, they are gigabytes that one thread compresses, that a
/// broken line begins again, and that a new version of any of them brings along.
const NVIDIA: [&str; 10] = [
    "cublas",
    "cuda-nvrtc",
    "cudnn",
    "cufft",
    "curand",
    "cusolver",
    "cusparse",
    "cusparselt",
    "nccl",
    "nvshmem",
];

/// The family of all that is NVIDIA's.
pub(super) const OF_NVIDIA: &str = "nvidia";

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

/// The family that a heavy package belongs to.
pub(super) fn heavy_family(package: &Package, environment: &Environment) -> Option<String> {
    if let Some(library) = nvidia_library(&package.name) {
        return Some(format!("{OF_NVIDIA}-{library}"));
    }
    let named = HEAVY_NAMES
        .iter()
        .find(|(pattern, _)| matches(pattern, &package.name));
    let by_size = || package.wheel_size(environment) >= Some(HEAVY_BYTES);
    named
        .map(|(_, family)| (*family).to_owned())
        .or_else(|| by_size().then(|| package.name.clone()))
}

/// One of NVIDIA's large libraries: `cublas` of `nvidia-cublas-cu12`, and of `nvidia-cublas` since CUDA 13.
fn nvidia_library(name: &str) -> Option<&'static str> {
    let rest = name.strip_prefix("nvidia-")?;
    let bare = match rest.rsplit_once("-cu") {
        Some((bare, release)) if release.chars().all(|c| c.is_ascii_digit()) => bare,
        _ => rest,
    };
    NVIDIA.into_iter().find(|library| *library == bare)
}

/// Whether a package is large enough for a layer of its own.
pub(super) fn is_large(package: &Package, environment: &Environment) -> bool {
    LARGE_NAMES.contains(&package.name.as_str()) || package.wheel_size(environment) >= Some(LARGE_BYTES)
}

/// What some packages weigh. Those of unknown size are known to be large by their names, so they are heavier than all others.
pub(super) fn weight(packages: &[&Package], environment: &Environment) -> u64 {
    let of = |package: &&Package| package.wheel_size(environment).unwrap_or(u64::MAX);
    packages.iter().map(of).fold(0, u64::saturating_add)
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |prefix| name.starts_with(prefix))
}
