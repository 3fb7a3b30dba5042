//! What is known of packages: which want a GPU, and which Debian packages stand behind them.

/// Python packages that run on a GPU, and whose lock has NVIDIA's libraries then.
const GPU: [&str; 12] = [
    "torch",
    "vllm",
    "tensorflow",
    "jax",
    "bitsandbytes",
    "flash-attn",
    "xformers",
    "cupy-cuda12x",
    "onnxruntime-gpu",
    "tensorrt",
    "triton",
    "auto-gptq",
];

/// A crate, the Debian packages that compiling it needs, and those that the program needs when it runs.
const CRATES: [(&str, &[&str], &[&str]); 6] = [
    ("openssl-sys", &["libssl-dev", "pkg-config"], &["libssl3"]),
    ("prost-build", &["protobuf-compiler"], &[]),
    ("bindgen", &["clang"], &[]),
    (
        "libsqlite3-sys",
        &["libsqlite3-dev", "pkg-config"],
        &["libsqlite3-0"],
    ),
    ("pq-sys", &["libpq-dev"], &["libpq5"]),
    ("alsa-sys", &["libasound2-dev", "pkg-config"], &["libasound2"]),
];

/// Debian packages that only compile, fetch or install.
const TOOLS: [&str; 16] = [
    "apt-utils",
    "build-essential",
    "clang",
    "cmake",
    "curl",
    "g++",
    "gcc",
    "git",
    "gnupg",
    "make",
    "ninja-build",
    "pkg-config",
    "python3",
    "python3-pip",
    "software-properties-common",
    "wget",
];

/// Whether a Python package wants a GPU.
pub(super) fn wants_gpu(package: &str) -> bool {
    GPU.contains(&package) || package.starts_with("nvidia-")
}

/// Debian packages of the crates in a `Cargo.lock`: for compiling, and for running.
pub(super) fn of_crates(lock: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let locked = |name: &str| lock.contains(&format!("\nname = \"{name}\"\n"));
    // Its own sources come with it then.
    let vendored = locked("openssl-src");
    let known = CRATES
        .iter()
        .filter(|(name, ..)| locked(name) && !(vendored && *name == "openssl-sys"));
    let (mut compile, mut run) = (Vec::new(), Vec::new());
    for (_, compiling, running) in known {
        compile.extend(*compiling);
        run.extend(*running);
    }
    for packages in [&mut compile, &mut run] {
        packages.sort_unstable();
        packages.dedup();
    }
    (compile, run)
}

/// Whether a Debian package is of use to a program that runs.
pub(super) fn is_for_running(package: &str) -> bool {
    !TOOLS.contains(&package) && !package.ends_with("-dev")
}
