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
        let Some(volume) = findings.keep(path::below_root(written, "volumes")) else {
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
