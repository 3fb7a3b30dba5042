//! `cuda.archs`

use std::collections::BTreeSet;

use super::findings::Findings;
use crate::cuda::{Arch, Refused, Version, compiles};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Field, List, Text};

/// The compute capabilities, each once.
pub fn archs(field: &Field<List<Text>>, findings: &mut Findings) -> Vec<Spanned<Arch>> {
    let archs = field.items().iter().flat_map(architectures);
    let mut archs = findings.keep_all(archs);
    let mut seen = BTreeSet::new();
    archs.retain(|arch| seen.insert(arch.value));
    archs
}

/// Why CUDA `version` does not compile for `arch`, if it does not.
pub fn refused(version: Version, arch: &Spanned<Arch>) -> Option<Diagnostic> {
    let reason = compiles(version.release(), arch.value).err()?;
    let name = arch.value;
    let invalid = |message| Diagnostic::error(code::INVALID_ARCH, arch.span, message);
    Some(match reason {
        Refused::Unknown => invalid(format!("no GPU has the compute capability `{name}`")).hint(
            "developer.nvidia.com/cuda-gpus lists them: H100 has `90`, GeForce RTX 4090 `89`, RTX 5090 `120`",
        ),
        Refused::Before((major, minor)) => invalid(format!("CUDA {version} does not compile for `{name}`"))
            .hint(format!("it needs CUDA {major}.{minor} or later")),
        Refused::After((major, minor)) => {
            let finding = invalid(format!("CUDA {version} does not compile for `{name}`"));
            match (name.number, name.suffix) {
                (101, _) => finding.hint("since CUDA 13.0 it is called `110`"),
                _ => finding.hint(format!(
                    "CUDA {major}.{minor} left it behind: use an older one, or leave `{name}` out"
                )),
            }
        }
    })
}

/// `80`, `90a`, and several of them in one text: "80;86;90a".
fn architectures(entry: &Entry<Text>) -> Vec<Result<Spanned<Arch>, Diagnostic>> {
    entry
        .value
        .split([';', ',', ' '])
        .filter(|word| !word.is_empty())
        .map(|word| architecture(word, entry))
        .collect()
}

fn architecture(word: &str, entry: &Entry<Text>) -> Result<Spanned<Arch>, Diagnostic> {
    if let Some(arch) = Arch::parse(word) {
        return Ok(Spanned::new(arch, entry.span));
    }
    let bare: String = word
        .trim_start_matches("sm_")
        .trim_start_matches("compute_")
        .trim_end_matches("+PTX")
        .replace('.', "");
    let message = format!("`{word}` is not a compute capability");
    let finding = Diagnostic::error(code::INVALID_ARCH, entry.span, message);
    let meant = matches!(bare.len(), 2..=4) && bare.starts_with(|c: char| c.is_ascii_digit());
    Err(match meant {
        true => finding.hint(format!("did you mean `{bare}`?")),
        false => finding.hint("write it without a dot, such as `80`, `90a` or `120`"),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn architectures_are_written_without_a_dot() {
        check_diagnostics(
            r#"
              cuda: { version: 12.8.1, archs: ["8.0", 90a, "sm_86;75", native] }
            #                                  ^^^^^ error[invalid-arch]: `8.0` is not a compute capability
            # = hint: did you mean `80`?
            #                                              ^^^^^^^^^^ error[invalid-arch]: `sm_86` is not a compute capability
            # = hint: did you mean `86`?
            #                                                          ^^^^^^ error[invalid-arch]: `native` is not a compute capability
            # = hint: write it without a dot, such as `80`, `90a` or `120`
        "#,
        );
    }

    #[test]
    fn an_old_toolkit_does_not_know_new_gpus() {
        check_diagnostics(
            r#"
              cuda: { version: 12.1.0, archs: [90, 120, 81] }
            #                                      ^^^ error[invalid-arch]: CUDA 12.1.0 does not compile for `120`
            # = hint: it needs CUDA 12.8 or later
            #                                           ^^ error[invalid-arch]: no GPU has the compute capability `81`
            # = hint: developer.nvidia.com/cuda-gpus lists them: H100 has `90`, GeForce RTX 4090 `89`, RTX 5090 `120`
        "#,
        );
    }

    #[test]
    fn a_new_toolkit_has_left_old_gpus_behind() {
        check_diagnostics(
            r#"
              cuda: { version: 13.0.2, archs: [70, 101, 90] }
            #                                  ^^ error[invalid-arch]: CUDA 13.0.2 does not compile for `70`
            # = hint: CUDA 13.0 left it behind: use an older one, or leave `70` out
            #                                      ^^^ error[invalid-arch]: CUDA 13.0.2 does not compile for `101`
            # = hint: since CUDA 13.0 it is called `110`
        "#,
        );
    }

    #[test]
    fn code_for_one_gpu_alone_needs_a_toolkit_that_knows_it() {
        check_diagnostics(
            r#"
              cuda: { version: 12.8.1, archs: [100a, 100f] }
            #                                        ^^^^ error[invalid-arch]: CUDA 12.8.1 does not compile for `100f`
            # = hint: it needs CUDA 12.9 or later
        "#,
        );
    }
}
