//! Folders that a program writes to, where its user may not.

use super::Checked;
use crate::check::User;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;

/// Variables that name a folder which programs write to: huggingface_hub `constants.py`, transformers `utils/hub.py`, PyTorch's
/// `torch.hub` and Inductor, Triton, vLLM `envs.py`, Numba, Matplotlib, XDG.
const WRITTEN: [&str; 16] = [
    "HF_HOME",
    "HF_HUB_CACHE",
    "HF_DATASETS_CACHE",
    "HUGGINGFACE_HUB_CACHE",
    "TRANSFORMERS_CACHE",
    "TORCH_HOME",
    "TORCHINDUCTOR_CACHE_DIR",
    "TORCH_EXTENSIONS_DIR",
    "TRITON_CACHE_DIR",
    "VLLM_CACHE_ROOT",
    "NUMBA_CACHE_DIR",
    "MPLCONFIGDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "HOME",
];
/// Folders that everybody may write to.
const FOR_ALL: [&str; 4] = ["/tmp", "/var/tmp", "/dev/shm", "/run/user"];

/// Such a variable with a folder that belongs to root.
pub(super) fn find(checked: &Checked) -> Vec<Diagnostic> {
    let Some(writable) = writable(checked) else {
        return Vec::new();
    };
    let is_known = |name: &Spanned<String>| WRITTEN.contains(&name.value.as_str());
    let written = checked
        .env
        .iter()
        .filter(|(name, path)| is_known(name) && path.value.starts_with('/'));
    let found = written.filter(|(_, path)| !writable.iter().any(|folder| lies_in(&path.value, folder)));
    let found = found.map(|(name, path)| {
        let message = format!(
            "programs write to `{}`, and `{}` belongs to root",
            name.value, path.value
        );
        Diagnostic::warning(code::UNWRITABLE_PATH, path.span, message)
            .hint(format!(
                "make it a volume, which belongs to the user: `volumes: [{}]`",
                path.value
            ))
            .hint("or name a folder below the user's home")
    });
    found.collect()
}

/// The folders that the image's user may write to; none is known of a root that may write anywhere.
fn writable(checked: &Checked) -> Option<Vec<String>> {
    let mut folders: Vec<String> = FOR_ALL.map(str::to_owned).into();
    folders.extend(checked.volumes.iter().map(|path| path.value.clone()));
    folders.extend(checked.workdir.iter().map(|path| path.value.clone()));
    let owned = checked
        .copies
        .iter()
        .filter(|copy| copy.owner.is_some_and(|(uid, _)| uid != 0));
    folders.extend(owned.map(|copy| copy.dest.value.trim_end_matches('/').to_owned()));
    match &checked.user {
        // Whose it is depends on the base.
        User::Root(_) | User::Inherit => None,
        User::Ids { .. } => Some(folders),
        User::Named { home, .. } => {
            folders.push(home.clone());
            Some(folders)
        }
    }
}

fn lies_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_cache_that_belongs_to_root_is_a_warning() {
        check_diagnostics(
            r#"
              user: app
              env: { HF_HOME: /models, XDG_CACHE_HOME: /home/app/.cache, TORCH_HOME: /tmp/torch, OTHER: /models }
            #                 ^^^^^^^ warning[unwritable-path]: programs write to `HF_HOME`, and `/models` belongs to root
            # = hint: make it a volume, which belongs to the user: `volumes: [/models]`
            # = hint: or name a folder below the user's home
        "#,
        );
    }

    #[test]
    fn a_volume_belongs_to_the_user() {
        check_diagnostics(
            r#"
              user: app
              volumes: [/models]
              env: { HF_HOME: /models/hf }
        "#,
        );
    }
}
