//! CUDA's libraries in the base and again in the packages: gigabytes that nothing reads.

use super::Packages;
use crate::check::Checked;
use crate::cuda::Library;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;

/// The warning, when the image would carry CUDA twice.
pub(super) fn twice(checked: &Checked, packages: &Packages) -> Option<Diagnostic> {
    let base = checked.base.image.as_ref().filter(|base| has_libraries(base))?;
    let libraries: Vec<&Library> = packages
        .libraries
        .iter()
        .filter(|library| library.is_in_runtime_images)
        .collect();
    let largest = libraries.iter().max_by_key(|library| library.size)?;
    let count = match libraries.len() {
        1 => format!("the package `{}`", largest.name),
        many => format!("{many} packages of the lock"),
    };
    let message = format!(
        "the image carries CUDA twice: in its base `{}`, and in {count}{}",
        base.value,
        sizes(&libraries, largest)
    );
    let finding = Diagnostic::warning(code::CUDA_TWICE, base.span, message);
    Some(match checked.cuda {
        Some(_) => finding
            .hint("write `cuda: { image: none, … }` to ship the packages' libraries alone, on a base without CUDA")
            .hint("or `image: base` when something besides Python needs the CUDA runtime"),
        None => finding.hint("use a base without CUDA's libraries: a `base` flavour of nvidia/cuda, or none of it"),
    })
}

/// Whether it is one of the images of nvidia/cuda that have libraries; the flavour is a word of the tag.
pub(super) fn has_libraries(image: &Spanned<String>) -> bool {
    let Some((name, tag)) = image.value.rsplit_once(':') else {
        return false;
    };
    name.ends_with("nvidia/cuda") && tag.split('-').any(|word| matches!(word, "runtime" | "devel"))
}

/// What the lock knows of their sizes; many indexes say nothing.
fn sizes(libraries: &[&Library], largest: &Library) -> String {
    let sum: u64 = libraries.iter().filter_map(|library| library.size).sum();
    match (sum, libraries.len()) {
        (0, _) => String::new(),
        (_, 1) => format!(" ({})", readable(sum)),
        _ => format!(
            " ({} compressed, the largest `{}` with {})",
            readable(sum),
            largest.name,
            readable(largest.size.unwrap_or_default())
        ),
    }
}

/// Bytes for people, in the units of Docker's own messages.
pub(super) fn readable(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let unit = UNITS.iter().find(|(size, _)| bytes >= *size);
    unit.map_or_else(
        || format!("{bytes} B"),
        |(size, name)| format!("{}.{} {name}", bytes / size, bytes % size * 10 / size),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        assert_eq!(readable(594_346_924), "594.3 MB");
        assert_eq!(readable(2_900_000_000), "2.9 GB");
        assert_eq!(readable(12), "12 B");
    }

    #[test]
    fn the_flavour_of_an_image_says_what_is_in_it() {
        let has = |name: &str| has_libraries(&Spanned::new(name.to_owned(), crate::source::Span::default()));
        assert!(has("nvidia/cuda:12.8.1-runtime-ubuntu22.04"));
        assert!(has("nvcr.io/nvidia/cuda:12.8.1-cudnn-devel-ubuntu22.04"));
        assert!(!has("nvidia/cuda:12.8.1-base-ubuntu22.04"));
        assert!(!has("debian:bookworm-slim"));
    }
}
