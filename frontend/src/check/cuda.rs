//! `cuda:`

use super::findings::Findings;
use super::{Cuda, CudaVersion, archs, defaults};
use crate::cuda::{Version, neighbours, systems};
use crate::diagnostic::{Diagnostic, code, listed};
use crate::source::{Span, Spanned};
use crate::spec::{self, BuildFlavour, Entry, ImageFlavour, Spec, Text};

/// The word for the version that the lock says.
const AUTO: &str = "auto";

/// CUDA, when it is on and its version can be read.
pub fn cuda(spec: &Spec, findings: &mut Findings) -> Option<Cuda> {
    let written = spec.cuda.some()?;
    let os = written.os.get();
    let known_os = os.map(|os| findings.keep(system(os)).is_some());
    if let Some(os) = os {
        packages_fit(spec, os, findings);
    }
    let archs = archs::archs(&written.archs, findings);
    if !written.version.is_written() {
        findings.0.extend(spec.cuda.key().map(|key| {
            Diagnostic::error(code::MISSING_KEY, key, "`cuda` needs a `version`")
                .hint("write `cuda: { version: \"12.8.1\" }`, or `version: auto` to take the one of the Python lock")
        }));
    }
    let version = findings.keep(written.version.get().map(version).transpose())??;
    let cuda = Cuda {
        version,
        os: os.map_or_else(default_os, |os| Spanned::new(os.value.0.clone(), os.span)),
        ships: shipped(written),
        builds: built(written),
        archs,
        span: spec.cuda.whole()?,
    };
    match cuda.version() {
        Some(_) if known_os == Some(false) => {}
        Some(version) => findings.0.extend(fits(&cuda, version)),
        None => findings.0.extend(without_a_lock(spec, &cuda)),
    }
    Some(cuda)
}

/// What CUDA `version` cannot do of what `cuda` asks.
pub fn fits(cuda: &Cuda, version: Version) -> Vec<Diagnostic> {
    let refused = cuda.archs.iter().filter_map(|arch| archs::refused(version, arch));
    refused.chain(no_image(cuda, version)).collect()
}

/// The flavour of nvidia/cuda that ships.
pub fn ships(spec: &Spec) -> Option<&'static str> {
    shipped(spec.cuda.some()?)
}

/// With `image: none`, the system of CUDA's images without CUDA: what is compiled there runs on it.
pub fn system_alone(spec: &Spec) -> Option<String> {
    /// Systems of nvidia/cuda, and the repositories that have them alone.
    const ALONE: [(&str, &str); 5] = [
        ("ubuntu", "ubuntu:"),
        ("rockylinux", "rockylinux/rockylinux:"),
        ("ubi", "redhat/ubi"),
        ("oraclelinux", "oraclelinux:"),
        ("amzn", "amazonlinux:"),
    ];
    let written = spec.cuda.some().filter(|cuda| shipped(cuda).is_none())?;
    let os = written.os.get().map_or(defaults::CUDA_OS, |os| &os.value.0);
    ALONE
        .iter()
        .find_map(|(name, image)| Some(format!("{image}{}", os.strip_prefix(name)?)))
}

fn default_os() -> Spanned<String> {
    Spanned::new(defaults::CUDA_OS.to_string(), Span::default())
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
fn version(entry: &Entry<Text>) -> Result<CudaVersion, Diagnostic> {
    let text: &str = entry;
    if text == AUTO {
        return Ok(CudaVersion::Auto(entry.span));
    }
    let invalid = |message| Diagnostic::error(code::INVALID_VERSION, entry.span, message);
    let Some(version) = Version::parse(text) else {
        return Err(invalid(format!("`{text}` is not a whole CUDA version"))
            .hint("write all three numbers, as in the tags of nvidia/cuda: `12.8.1`"));
    };
    match neighbours(version) {
        None => Ok(CudaVersion::Is(Spanned::new(version, entry.span))),
        Some(near) => {
            let near: Vec<String> = near.iter().map(ToString::to_string).collect();
            let near: Vec<&str> = near.iter().map(String::as_str).collect();
            Err(invalid(format!("there is no image of CUDA `{text}`"))
                .hint(format!("next to it are {}", listed(&near))))
        }
    }
}

/// What `auto` reads is what Python installs.
fn without_a_lock(spec: &Spec, cuda: &Cuda) -> Option<Diagnostic> {
    let refused = |message| Diagnostic::error(code::CONFLICT, cuda.version_span(), message);
    let Some(python) = spec.python.get() else {
        return Some(
            refused("`auto` takes the version that the Python lock is made for, and there is no `python`")
                .hint("write the version, such as `12.8.1`"),
        );
    };
    let interpreter = python
        .interpreter
        .get()
        .filter(|path| path.value.starts_with('/'))?;
    let requirements = python.requirements.get()?;
    cuda.ships?;
    Some(
        refused("`auto` waits for the packages, which wait for the base's Python, which waits for `auto`")
            .related(interpreter.span, "an interpreter of the base")
            .related(requirements.span, "packages that are resolved with it")
            .hint("write the version, such as `12.8.1`, or leave `interpreter` out"),
    )
}

fn no_image(cuda: &Cuda, version: Version) -> Option<Diagnostic> {
    let systems = systems(&cuda.os.value, version.release())?;
    let message = format!("nvidia/cuda has no images of {version} for `{}`", cuda.os.value);
    let written = cuda.os.span != Span::default();
    let span = if written {
        cuda.os.span
    } else {
        cuda.version_span()
    };
    let finding = Diagnostic::error(code::INVALID_VERSION, span, message);
    Some(finding.hint(format!("it has them for {}", listed(&systems))))
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
    let has_own_base = ships(spec).is_none() && spec.base.is_written();
    if os.value.starts_with("ubuntu") || has_own_base {
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

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn cuda_has_a_version() {
        check_diagnostics(
            r#"
              cuda: { os: ubuntu22.04 }
            # ^^^^ error[missing-key]: `cuda` needs a `version`
            # = hint: write `cuda: { version: "12.8.1" }`, or `version: auto` to take the one of the Python lock
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
    fn a_version_is_one_that_there_is_an_image_of() {
        check_diagnostics(
            r#"
              cuda: 12.7.0
            #       ^^^^^^ error[invalid-version]: there is no image of CUDA `12.7.0`
            # = hint: next to it are `12.6.3` and `12.8.0`
        "#,
        );
    }

    #[test]
    fn a_system_has_the_toolkits_of_its_time() {
        check_diagnostics(
            r#"
              cuda: { version: 13.0.2, os: ubuntu20.04 }
            #                              ^^^^^^^^^^^ error[invalid-version]: nvidia/cuda has no images of 13.0.2 for `ubuntu20.04`
            # = hint: it has them for `ubuntu22.04` and `ubuntu24.04`
        "#,
        );
    }

    #[test]
    fn an_old_toolkit_is_on_no_new_system() {
        check_diagnostics(
            r#"
              cuda: 11.4.3
            #       ^^^^^^ error[invalid-version]: nvidia/cuda has no images of 11.4.3 for `ubuntu22.04`
            # = hint: it has them for `ubuntu18.04` and `ubuntu20.04`
        "#,
        );
    }

    #[test]
    fn what_is_newer_than_the_tables_is_taken_as_it_comes() {
        check_diagnostics(
            r#"
              cuda: { version: 99.0.0, archs: [90, 200], os: ubuntu24.04 }
        "#,
        );
    }

    #[test]
    fn auto_needs_a_lock_to_read() {
        check_diagnostics(
            r#"
              cuda: auto
            #       ^^^^ error[conflict]: `auto` takes the version that the Python lock is made for, and there is no `python`
            # = hint: write the version, such as `12.8.1`
        "#,
        );
    }

    #[test]
    fn auto_cannot_wait_for_what_waits_for_it() {
        check_diagnostics(
            r#"
              cuda: { version: auto, archs: 90 }
            #                  ^^^^ error[conflict]: `auto` waits for the packages, which wait for the base's Python, which waits for `auto`
            # = hint: write the version, such as `12.8.1`, or leave `interpreter` out
              python: { version: "3.11", requirements: r.txt, interpreter: /usr/bin/python3.11 }
            #                                                              ------------------- an interpreter of the base
            #                                          ----- packages that are resolved with it
        "#,
        );
    }

    #[test]
    fn auto_goes_with_a_project() {
        check_diagnostics(
            r#"
              cuda: { version: auto, image: none, archs: [90, 120] }
              python: { version: "3.11" }
        "#,
        );
    }
}
