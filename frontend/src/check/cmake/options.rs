//! Cache variables.

use super::super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{self, Entry, Text};

type CacheVariable = (Spanned<String>, Spanned<String>);

/// The variables that a project is configured with, in the written order.
pub fn options(item: &Entry<spec::Cmake>, findings: &mut Findings) -> Vec<CacheVariable> {
    let written = item.options.entries();
    if let (Some(build_type), Some(option)) = (item.build_type.key(), named(written, "CMAKE_BUILD_TYPE")) {
        findings.push(
            Diagnostic::error(code::CONFLICT, option, "the build type is given twice")
                .related(build_type, "the other one")
                .hint("write `build_type` alone"),
        );
    }
    for (name, value) in written {
        findings.0.extend(native(name, value));
    }
    findings.keep_all(written.iter().map(|(name, value)| option(name, value)))
}

fn named(written: &[(Spanned<String>, Entry<Text>)], name: &str) -> Option<crate::source::Span> {
    let mut options = written.iter().map(|(option, _)| option);
    options
        .find(|option| option.value == name)
        .map(|option| option.span)
}

/// A name that CMake takes after `-D` (cmake-variables may be named otherwise, but then not set from a command line).
fn option(name: &Spanned<String>, value: &Entry<Text>) -> Result<CacheVariable, Diagnostic> {
    let text = name.value.as_str();
    let wrong = |message: String| Diagnostic::error(code::INVALID_NAME, name.span, message);
    if let Some(bare) = text.strip_prefix("-D") {
        return Err(
            wrong(format!("`{text}` has the `-D` of a command line")).hint(format!("write `{bare}: …`"))
        );
    }
    if let Some((bare, _)) = text.split_once([':', '=']) {
        let message = format!("`{text}` is more than the name of an option");
        return Err(wrong(message).hint(format!(
            "write `{bare}: VALUE`; CMake knows the types of its options"
        )));
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '/');
    if text.is_empty() || text.starts_with('-') || !text.chars().all(is_name) {
        let message = format!("`{text}` is not the name of an option");
        return Err(wrong(message).hint("write names of cache variables, such as `BUILD_SHARED_LIBS: off`"));
    }
    if text == super::super::CUDA_ARCHITECTURES && value.value.split(';').any(|arch| arch == "native") {
        let message = "`native` asks the builder's GPU, and a build has none";
        return Err(Diagnostic::error(code::INVALID_ARCH, value.span, message)
            .hint("write `cuda: { archs: [80, 90] }` and leave this option out"));
    }
    Ok((name.clone(), Spanned::new(value.value.0.clone(), value.span)))
}

/// Code for the builder's own processor, which others may not run.
fn native(name: &Spanned<String>, value: &Entry<Text>) -> Option<Diagnostic> {
    let text = value.value.to_ascii_lowercase();
    let is_on = matches!(text.as_str(), "on" | "true" | "yes" | "1");
    let flags = ["-march=native", "-mcpu=native"];
    let asks = name.value == "GGML_NATIVE" && is_on || flags.iter().any(|flag| text.contains(flag));
    asks.then(|| {
        let message = "this compiles for the processor of the machine that builds";
        Diagnostic::warning(code::NATIVE_CODE, value.span, message)
            .label("other machines may stop with `illegal instruction`")
            .hint("name what all of them have, such as `-march=x86-64-v3`, or leave it out")
    })
}
