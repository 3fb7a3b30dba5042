//! `base:`, and the images that `cuda:` stands for.

use super::cuda;
use super::findings::Findings;
use super::{Base, defaults, reference};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{Command, Entry, Field, Spec, Text};

/// The image that ships and the image that builds.
pub fn base(spec: &Spec, findings: &mut Findings) -> Base {
    let written = spec.base.get();
    let ships_cuda = cuda::ships(spec).is_some();
    if let (Some(base), true) = (written, ships_cuda) {
        findings.push(two_bases(base, spec.cuda.key()));
    }
    let image = written.map_or_else(|| default(spec), |base| own(base, findings));
    let has_cuda = spec.cuda.some().is_some();
    Base {
        build: image.clone().filter(|_| !has_cuda),
        image: image.filter(|_| !ships_cuda),
    }
}

/// Whether the image that ships is empty.
pub fn is_scratch(spec: &Spec) -> bool {
    spec.base.get().is_some_and(|base| &*base.value == "scratch")
}

fn default(spec: &Spec) -> Option<Spanned<String>> {
    let name = cuda::system_alone(spec).unwrap_or_else(|| defaults::BASE.to_string());
    Some(Spanned::new(name, Span::default()))
}

fn own(base: &Entry<Text>, findings: &mut Findings) -> Option<Spanned<String>> {
    match &*base.value {
        "scratch" => None,
        _ => findings.keep(reference::image(base)),
    }
}

fn two_bases(base: &Entry<Text>, cuda: Option<Span>) -> Diagnostic {
    let finding = Diagnostic::error(
        code::CONFLICT,
        base.key,
        "the image cannot start from both `base` and a CUDA image",
    );
    let finding = match cuda {
        Some(cuda) => finding.related(cuda, "this starts it from nvidia/cuda"),
        None => finding,
    };
    finding
        .hint("leave `base` out to start from nvidia/cuda")
        .hint("or write `cuda: { image: none, … }` to compile with CUDA and ship this base, `cuda: none` for no CUDA at all")
}

/// What an empty base cannot do.
pub fn scratch(spec: &Spec, findings: &mut Findings) {
    if !is_scratch(spec) {
        return;
    }
    let cmake = spec.cmake.key().filter(|_| spec.cuda.some().is_none());
    for (name, key) in [
        ("apt", spec.apt.key()),
        ("python", spec.python.key()),
        ("cmake", cmake),
    ] {
        let needed = key.map(|key| {
            let message = format!("`{name}` needs a base with a system on it, and `scratch` is empty");
            on_scratch(key, message, &spec.base)
        });
        findings.0.extend(needed);
    }
    if let Some(command) = shell_healthcheck(spec) {
        let message = "a line of shell needs a base with a shell, and `scratch` is empty".to_string();
        let finding = on_scratch(command, message, &spec.base);
        findings.push(finding.hint("or write a `url`, or `command: [program, argument]`"));
    }
    for run in spec.run.items() {
        if !super::run::is_build(run) {
            let message = "a command needs a base with a shell, and `scratch` is empty".to_string();
            findings.push(on_scratch(run.key, message, &spec.base));
        }
    }
}

fn shell_healthcheck(spec: &Spec) -> Option<Span> {
    let command = spec.healthcheck.some()?.command.get()?;
    matches!(command.value, Command::Shell(_)).then_some(command.key)
}

fn on_scratch(key: Span, message: String, base: &Field<Text>) -> Diagnostic {
    let finding = Diagnostic::error(code::CONFLICT, key, message);
    let finding = match base.get() {
        Some(base) => finding.related(base.span, "the base"),
        None => finding,
    };
    finding.hint(format!("write `base: {}`", defaults::BASE))
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn cuda_and_base_both_start_the_image() {
        check_diagnostics(
            r#"
              base: debian
            # ^^^^ error[conflict]: the image cannot start from both `base` and a CUDA image
            # = hint: leave `base` out to start from nvidia/cuda
            # = hint: or write `cuda: { image: none, … }` to compile with CUDA and ship this base, `cuda: none` for no CUDA at all
              cuda: 12.8.1
            # ---- this starts it from nvidia/cuda
        "#,
        );
    }

    #[test]
    fn cuda_without_an_image_of_its_own_goes_with_a_base() {
        check_diagnostics(
            r#"
              base: python:3.12-slim
              cuda: { version: 12.8.1, image: none }
        "#,
        );
    }

    #[test]
    fn an_empty_base_has_no_packages_and_no_shell() {
        check_diagnostics(
            r#"
              base: scratch
            #       ------- the base
            #       ------- the base
            #       ------- the base
              apt: [git]
            # ^^^ error[conflict]: `apt` needs a base with a system on it, and `scratch` is empty
            # = hint: write `base: debian:bookworm-slim`
              python: "3.12"
            # ^^^^^^ error[conflict]: `python` needs a base with a system on it, and `scratch` is empty
            # = hint: write `base: debian:bookworm-slim`
              run: [make]
            #       ^^^^ error[conflict]: a command needs a base with a shell, and `scratch` is empty
            # = hint: write `base: debian:bookworm-slim`
        "#,
        );
    }

    #[test]
    fn an_empty_base_can_have_files_and_a_user() {
        check_diagnostics(
            r#"
              base: scratch
              copy: { app: /app }
              user: app
              entrypoint: [/app]
        "#,
        );
    }

    #[test]
    fn a_base_is_an_image() {
        check_diagnostics(
            r#"
              base: docker-image://Debian
            #       ^^^^^^^^^^^^^^^^^^^^^ error[invalid-image]: `docker-image://Debian` is not an image: it has a scheme
            # = hint: write `Debian`
        "#,
        );
    }

    #[test]
    fn a_repository_is_lower_case() {
        check_diagnostics(
            r#"
              base: NVIDIA/cuda
            #       ^^^^^^^^^^^ error[invalid-image]: `NVIDIA/cuda` is not an image: repository names are lower case
            # = hint: write `nvidia/cuda`
        "#,
        );
    }

    #[test]
    fn an_empty_base_has_no_shell_for_a_health_check() {
        check_diagnostics(
            r#"
              base: scratch
            #       ------- the base
              healthcheck: { command: ls /data }
            #                ^^^^^^^ error[conflict]: a line of shell needs a base with a shell, and `scratch` is empty
            # = hint: write `base: debian:bookworm-slim`
            # = hint: or write a `url`, or `command: [program, argument]`
        "#,
        );
    }
}
