//! `base:`, and the images that `cuda:` stands for.

use super::cuda::{self, Flavours};
use super::findings::Findings;
use super::{Base, defaults, reference};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{Entry, Field, Spec, Text};

/// The image that ships and the image that builds.
pub fn base(spec: &Spec, findings: &mut Findings) -> Base {
    let written = spec.base.get();
    let flavours = cuda::flavours(spec);
    if let (Some(base), Some(Flavours { ships: Some(_), .. })) = (written, &flavours) {
        findings.push(two_bases(base, spec.cuda.key()));
    }
    let image = written.map_or_else(default, |base| own(base, findings));
    match flavours {
        Some(Flavours { ships, builds }) => Base {
            image: ships.or(image),
            build: Some(builds),
        },
        None => Base {
            build: image.clone(),
            image,
        },
    }
}

/// Whether the image that ships is empty.
pub fn is_scratch(spec: &Spec) -> bool {
    spec.base.get().is_some_and(|base| &*base.value == "scratch")
}

fn default() -> Option<Spanned<String>> {
    Some(Spanned::new(defaults::BASE.to_string(), Span::default()))
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
    for (name, key) in [("apt", spec.apt.key()), ("python", spec.python.key())] {
        let needed = key.map(|key| {
            let message = format!("`{name}` needs a base with a system on it, and `scratch` is empty");
            on_scratch(key, message, &spec.base)
        });
        findings.0.extend(needed);
    }
    for run in spec.run.items() {
        if !super::run::is_build(run) {
            let message = "a command needs a base with a shell, and `scratch` is empty".to_string();
            findings.push(on_scratch(run.key, message, &spec.base));
        }
    }
}

fn on_scratch(key: Span, message: String, base: &Field<Text>) -> Diagnostic {
    let finding = Diagnostic::error(code::CONFLICT, key, message);
    let finding = match base.get() {
        Some(base) => finding.related(base.span, "the base"),
        None => finding,
    };
    finding.hint(format!("write `base: {}`", defaults::BASE))
}
