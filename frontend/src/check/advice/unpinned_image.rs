//! Images whose name means another image tomorrow.

use super::Checked;
use crate::check::{CopyFrom, MountFrom, PythonSource, Uv};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};

/// Images without a tag, and `latest`.
pub(super) fn find(checked: &Checked) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = images(checked).iter().filter_map(unpinned).collect();
    found.sort_by_key(|finding| finding.span);
    found.dedup();
    found
}

/// Every image that the user named; those that we chose have no place.
fn images(checked: &Checked) -> Vec<Spanned<String>> {
    let base = [&checked.base.image, &checked.base.build].into_iter().flatten();
    let rust = checked.rust.iter().filter_map(|rust| rust.image.as_ref());
    let copies = checked.copies.iter().filter_map(|copy| match &copy.from {
        CopyFrom::Image(image) => Some(image),
        CopyFrom::Context | CopyFrom::Target(_) => None,
    });
    let mounts = checked.runs.iter().flat_map(|run| &run.mounts);
    let mounts = mounts.filter_map(|mount| match &mount.from {
        MountFrom::Image(image) => Some(image),
        _ => None,
    });
    let named = base.chain(rust).chain(copies).chain(mounts).cloned();
    named
        .chain(uv(checked))
        .filter(|image| image.span != Span::default())
        .collect()
}

fn uv(checked: &Checked) -> Option<Spanned<String>> {
    let python = checked.python.as_ref()?;
    match &python.uv.value {
        Uv::Image(image) if python.source != PythonSource::None => {
            Some(Spanned::new(image.clone(), python.uv.span))
        }
        Uv::Image(_) | Uv::Version(_) => None,
    }
}

fn unpinned(image: &Spanned<String>) -> Option<Diagnostic> {
    if image.value.contains('@') {
        return None;
    }
    let last = image.value.rsplit('/').next().unwrap_or_default();
    let message = match last.split_once(':') {
        None => format!("`{}` names no version of the image", image.value),
        Some((_, "latest")) => format!("`{}` is another image with each release", image.value),
        Some(_) => return None,
    };
    Some(
        Diagnostic::warning(code::UNPINNED_IMAGE, image.span, message).hint(
            "write a tag that stays what it is, such as `debian:bookworm-slim`, or a digest: `NAME@sha256:…`",
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn an_image_without_a_version_is_a_warning() {
        check_diagnostics(
            r#"
              base: debian
            #       ^^^^^^ warning[unpinned-image]: `debian` names no version of the image
            # = hint: write a tag that stays what it is, such as `debian:bookworm-slim`, or a digest: `NAME@sha256:…`
              copy:
                - { from: "registry.test:5000/tools:latest", src: /bin/x, dest: /bin/x }
            #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[unpinned-image]: `registry.test:5000/tools:latest` is another image with each release
            # = hint: write a tag that stays what it is, such as `debian:bookworm-slim`, or a digest: `NAME@sha256:…`
        "#,
        );
    }

    #[test]
    fn tags_digests_and_our_own_base_are_pinned_enough() {
        check_diagnostics(
            r#"
              copy:
                - { from: "tools:1", src: /a, dest: /a }
                - { from: "tools@sha256:0000000000000000000000000000000000000000000000000000000000000000", src: /b, dest: /b }
        "#,
        );
    }
}
