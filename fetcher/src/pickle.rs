//! Formats of weights that run code when they are read.

use modelcrate_checker::format::ending;

/// Whether a file of this name is read with Python's pickle, which runs whatever code the file holds.
///
/// The endings are those that huggingface.co scans for imports of pickles; `.bin` only where it holds PyTorch's weights.
pub fn is_pickle(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    match ending(name).as_str() {
        "pt" | "pth" | "ckpt" | "pkl" | "pickle" | "joblib" | "dill" => true,
        "bin" => is_torch(name),
        _ => false,
    }
}

/// Names under which `.bin` is PyTorch's: transformers, diffusers, PEFT and what `Trainer` writes beside them.
fn is_torch(name: &str) -> bool {
    const STARTS: [&str; 8] = [
        "pytorch_model",
        "diffusion_pytorch_model",
        "adapter_model",
        "training_args",
        "optimizer",
        "scheduler",
        "open_clip_pytorch_model",
        "tf_model",
    ];
    STARTS.iter().any(|start| name.starts_with(start)) || name == "model.bin"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pickles_are_known_by_their_names() {
        for path in [
            "a/pytorch_model-00001-of-00002.bin",
            "x.PT",
            "kokoro-v0_19.pth",
            "m.ckpt",
            "model.bin",
        ] {
            assert!(is_pickle(path), "{path}");
        }
        for path in [
            "model.safetensors",
            "ggml-base.bin",
            "vocab.bin",
            "pt",
            "config.json",
        ] {
            assert!(!is_pickle(path), "{path}");
        }
    }
}
