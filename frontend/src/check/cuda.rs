//! `cuda:`

use std::collections::BTreeSet;

use super::findings::Findings;
use super::{Cuda, defaults};
use crate::cuda::Arch;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{self, BuildFlavour, Entry, ImageFlavour, Spec, Text};

/// The images of nvidia/cuda that a spec stands on.
pub struct Flavours {
    /// The one that ships; `None` with `image: none`.
    pub ships: Option<Spanned<String>>,
    /// The one that builds.
    pub builds: Spanned<String>,
}

/// CUDA, when it is on and its version can be read.
pub fn cuda(spec: &Spec, findings: &mut Findings) -> Option<Cuda> {
    let written = spec.cuda.some()?;
    if let Some(os) = written.os.get() {
        findings.keep(system(os));
        packages_fit(spec, os, findings);
    }
    let archs = written.archs.items().iter().flat_map(architectures);
    let mut archs = findings.keep_all(archs);
    let mut seen = BTreeSet::new();
    archs.retain(|arch| seen.insert(arch.value));
    if !written.version.is_written() {
        findings.0.extend(spec.cuda.key().map(|key| {
            Diagnostic::error(code::MISSING_KEY, key, "`cuda` needs a `version`")
                .hint("write `cuda: { version: \"12.8.1\" }`")
        }));
    }
    let version = findings.keep(written.version.get().map(version).transpose())??;
    Some(Cuda {
        version,
        archs,
        compiles: built(written) == "devel",
        span: spec.cuda.whole()?,
    })
}

/// The images that `cuda:` stands for; problems in it are told by [`cuda`].
pub fn flavours(spec: &Spec) -> Option<Flavours> {
    let written = spec.cuda.some()?;
    let version = written.version.get()?;
    let os = written.os.get().map_or(defaults::CUDA_OS, |os| &os.value.0);
    let image = |flavour: &str| {
        let name = format!(
            "{}:{}-{flavour}-{os}",
            defaults::CUDA_REPOSITORY,
            &version.value.0
        );
        Spanned::new(name, version.span)
    };
    Some(Flavours {
        ships: shipped(written).map(image),
        builds: image(built(written)),
    })
}

fn shipped(cuda: &spec::Cuda) -> Option<&'static str> {
    match cuda.image.get().map(|image| image.value) {
        None => Some(defaults::CUDA_IMAGE),
        Some(ImageFlavour::Runtime) => Some("runtime"),
        Some(ImageFlavour::Base) => Some("base"),
        Some(ImageFlavour::None) => None,
    }
}

fn built(cuda: &spec::Cuda) -> &'static str {
    match cuda.build.get().map(|build| build.value) {
        None => defaults::CUDA_BUILD,
        Some(BuildFlavour::Devel) => "devel",
        Some(BuildFlavour::Runtime) => "runtime",
        Some(BuildFlavour::Base) => "base",
    }
}

/// Tags of nvidia/cuda have three numbers since CUDA 11.
fn version(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let numbers: Vec<Option<u32>> = text.split('.').map(|number| number.parse().ok()).collect();
    if numbers.len() == 3 && numbers.iter().all(Option::is_some) {
        return Ok(Spanned::new(text.to_string(), entry.span));
    }
    if text == "auto" {
        let message = "`cuda: auto` is not supported yet by this version of modelcrate";
        return Err(Diagnostic::error(code::NOT_SUPPORTED_YET, entry.span, message)
            .hint("write the version, such as `12.8.1`"));
    }
    let message = format!("`{text}` is not a whole CUDA version");
    Err(Diagnostic::error(code::INVALID_VERSION, entry.span, message)
        .hint("write all three numbers, as in the tags of nvidia/cuda: `12.8.1`"))
}

/// Systems that nvidia/cuda has images for, by the word that comes before their version.
const SYSTEMS: [&str; 7] = [
    "ubuntu",
    "ubi",
    "rockylinux",
    "oraclelinux",
    "amzn",
    "azl",
    "centos",
];

fn system(entry: &Entry<Text>) -> Result<(), Diagnostic> {
    let text: &str = entry;
    let name = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if SYSTEMS.contains(&name) && name.len() < text.len() {
        return Ok(());
    }
    let message = format!("nvidia/cuda has no images for `{text}`");
    let finding = Diagnostic::error(code::INVALID_VERSION, entry.span, message);
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    Err(match digits {
        true => finding.hint(format!("did you mean `ubuntu{text}`?")),
        false => finding.hint("write a system and its version as in its tags: `ubuntu22.04`, `ubuntu24.04`, `rockylinux9`, `ubi9`"),
    })
}

/// Debian packages need a Debian: of the systems of nvidia/cuda, Ubuntu.
fn packages_fit(spec: &Spec, os: &Entry<Text>, findings: &mut Findings) {
    let ships_it = spec.cuda.some().and_then(shipped).is_some();
    if os.value.starts_with("ubuntu") || !ships_it {
        return;
    }
    if let Some(key) = spec.apt.key() {
        let message = format!("`apt` needs Debian or Ubuntu, and `{}` is neither", &os.value.0);
        findings.push(
            Diagnostic::error(code::CONFLICT, key, message)
                .related(os.span, "the system of the image")
                .hint("write `os: ubuntu22.04`"),
        );
    }
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
    fn cuda_has_a_version() {
        check_diagnostics(
            r#"
              cuda: { os: ubuntu22.04 }
            # ^^^^ error[missing-key]: `cuda` needs a `version`
            # = hint: write `cuda: { version: "12.8.1" }`
        "#,
        );
    }

    #[test]
    fn a_version_has_three_numbers() {
        check_diagnostics(
            r#"
              cuda: "12.8"
            #       ^^^^^^ error[invalid-version]: `12.8` is not a whole CUDA version
            # = hint: write all three numbers, as in the tags of nvidia/cuda: `12.8.1`
        "#,
        );
    }

    #[test]
    fn a_system_is_named_with_its_version() {
        check_diagnostics(
            r#"
              cuda: { version: 12.8.1, os: "22.04" }
            #                              ^^^^^^^ error[invalid-version]: nvidia/cuda has no images for `22.04`
            # = hint: did you mean `ubuntu22.04`?
        "#,
        );
    }

    #[test]
    fn a_system_that_nvidia_does_not_have_is_refused() {
        check_diagnostics(
            r#"
              cuda: { version: 12.8.1, os: alpine3.20 }
            #                              ^^^^^^^^^^ error[invalid-version]: nvidia/cuda has no images for `alpine3.20`
            # = hint: write a system and its version as in its tags: `ubuntu22.04`, `ubuntu24.04`, `rockylinux9`, `ubi9`
        "#,
        );
    }

    #[test]
    fn packages_need_debian() {
        check_diagnostics(
            r#"
              cuda: { version: 12.8.1, os: ubi9 }
            #                              ---- the system of the image
              apt: [git]
            # ^^^ error[conflict]: `apt` needs Debian or Ubuntu, and `ubi9` is neither
            # = hint: write `os: ubuntu22.04`
        "#,
        );
    }

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
    fn the_lock_cannot_choose_the_version_yet() {
        check_diagnostics(
            r#"
              cuda: auto
            #       ^^^^ error[not-supported-yet]: `cuda: auto` is not supported yet by this version of modelcrate
            # = hint: write the version, such as `12.8.1`
        "#,
        );
    }
}
