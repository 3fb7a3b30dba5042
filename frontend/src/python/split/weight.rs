//! Which packages are heavy, and which are large.

use super::super::Environment;
use super::super::lock::Package;

/// A wheel of this many bytes gets a layer of its own.
pub(super) const HEAVY_BYTES: u64 = 32 << 20;

/// So does one of this many, while there is room: else the bump of a small package would bring it along.
pub(super) const LARGE_BYTES: u64 = 4 << 20;

/// Families that are heavy whatever the lock says of sizes (many indexes give none). A name that ends in `*`
/// stands for all that begin so; the second word is the part they share.
const HEAVY_NAMES: [(&str, &str); 41] = [
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
    ("xgboost", "xgboost"),
    ("catboost", "catboost"),
    ("pyspark", "pyspark"),
    ("cudf-*", "rapids"),
    ("cuml-*", "rapids"),
    ("libcudf-*", "rapids"),
    ("libcuml-*", "rapids"),
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

/// The family that a heavy package belongs to.
pub(super) fn heavy_family(package: &Package, environment: &Environment) -> Option<String> {
    let named = HEAVY_NAMES
        .iter()
        .find(|(pattern, _)| matches(pattern, &package.name));
    let by_size = || package.wheel_size(environment) >= Some(HEAVY_BYTES);
    named
        .map(|(_, family)| (*family).to_owned())
        .or_else(|| by_size().then(|| package.name.clone()))
}

/// Whether a package is large enough for a layer of its own.
pub(super) fn is_large(package: &Package, environment: &Environment) -> bool {
    LARGE_NAMES.contains(&package.name.as_str()) || package.wheel_size(environment) >= Some(LARGE_BYTES)
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |prefix| name.starts_with(prefix))
}
