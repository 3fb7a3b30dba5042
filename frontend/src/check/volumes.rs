//! `volumes:`

use super::findings::Findings;
use super::path;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::Spec;

/// Absolute paths, in the written order, each once.
pub fn volumes(spec: &Spec, findings: &mut Findings) -> Vec<Spanned<String>> {
    let mut volumes: Vec<Spanned<String>> = Vec::new();
    for (_, written) in spec.volumes.entries() {
        if written.value.contains(':') {
            let message = format!("`{}` is not a volume of an image", &written.value.0);
            findings.push(Diagnostic::error(code::INVALID_PATH, written.span, message).hint(
                "write the path in the image alone; `docker run -v SOURCE:PATH` mounts something there",
            ));
            continue;
        }
        let Some(volume) = findings.keep(path::below_root(written, "a volume")) else {
            continue;
        };
        match volumes.iter().find(|other| other.value == volume.value) {
            Some(first) => findings.push(
                Diagnostic::warning(
                    code::DUPLICATE_ITEM,
                    volume.span,
                    format!("`{}` is a volume twice", volume.value),
                )
                .related(first.span, "first written here"),
            ),
            None => volumes.push(volume),
        }
    }
    volumes
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_volume_is_an_absolute_path() {
        check_diagnostics(
            r#"
              volumes: [data, /]
            #           ^^^^ error[invalid-path]: a volume must be an absolute path, not `data`
            # = hint: write `/data`
            #                 ^ error[invalid-path]: a volume cannot be `/`, the whole image
            # = hint: name a folder, such as `/data`
        "#,
        );
    }

    #[test]
    fn a_volume_is_not_mounted_by_the_image() {
        check_diagnostics(
            r#"
              volumes: ["data:/data"]
            #           ^^^^^^^^^^^^ error[invalid-path]: `data:/data` is not a volume of an image
            # = hint: write the path in the image alone; `docker run -v SOURCE:PATH` mounts something there
        "#,
        );
    }

    #[test]
    fn a_volume_twice_is_a_warning() {
        check_diagnostics(
            r#"
              volumes: { data: /data, other: /data/ }
            #                                ^^^^^^ warning[duplicate-item]: `/data` is a volume twice
            #                  ----- first written here
        "#,
        );
    }
}
