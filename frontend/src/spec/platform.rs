//! Values by platform: `{ amd64: …, linux/arm/v7: … }`.

use super::node::{Node, Pair};
use super::request::PlatformNames;
use crate::diagnostic::{Diagnostic, closest, code};

/// Architectures that an arg may have values for, in Go's words.
const ARCHITECTURES: [&str; 9] = [
    "386", "amd64", "arm", "arm64", "loong64", "mips64le", "ppc64le", "riscv64", "s390x",
];
/// What other tools call them.
const OTHER_NAMES: [(&str, &str); 7] = [
    ("x86_64", "amd64"),
    ("x86-64", "amd64"),
    ("x64", "amd64"),
    ("aarch64", "arm64"),
    ("armhf", "arm"),
    ("i386", "386"),
    ("x86", "386"),
];

/// The most exact entry for a platform: `linux/arm/v7`, then `linux/arm`, then `arm`.
pub fn choose<'a>(values: &'a Node, platform: &PlatformNames) -> Option<&'a Node> {
    let short = format!("{}/{}", platform.os, platform.arch);
    [platform.to_string().as_str(), &short, &platform.arch]
        .into_iter()
        .find_map(|name| values.get(name))
}

/// The finding about a key that is no platform.
pub fn unknown_platform(pair: &Pair) -> Option<Diagnostic> {
    let key = pair.key.value.as_str();
    let arch = key.split('/').nth(1).unwrap_or(key);
    let shape = key.split('/').count() <= 3 && key.split('/').all(|word| !word.is_empty());
    if shape && ARCHITECTURES.contains(&arch) {
        return None;
    }
    let known = OTHER_NAMES
        .iter()
        .find(|(other, _)| *other == arch)
        .map(|(_, known)| *known)
        .or_else(|| closest(arch, ARCHITECTURES));
    let finding = Diagnostic::error(
        code::UNKNOWN_PLATFORM,
        pair.key.span,
        format!("`{key}` is not a platform"),
    );
    Some(match known {
        Some(known) => finding.hint(format!("did you mean `{known}`?")),
        None => finding.hint("write an architecture such as `amd64` or `arm64`, or `linux/arm/v7`"),
    })
}

#[cfg(test)]
mod tests {
    use super::choose;
    use crate::check::drawn::check_diagnostics;
    use crate::source::Source;
    use crate::spec::{PlatformNames, parse};

    #[test]
    fn the_most_exact_platform_is_chosen() {
        let text = "arm: a\nlinux/arm: b\nlinux/arm/v7: c\namd64: d\n";
        let values = parse(&Source::new("x", text)).unwrap().root;
        let chosen = |os, arch, variant| {
            let platform = PlatformNames::new(os, arch, variant);
            choose(&values, &platform).and_then(|node| node.as_text().map(ToString::to_string))
        };
        assert_eq!(chosen("linux", "arm", "v7").as_deref(), Some("c"));
        assert_eq!(chosen("linux", "arm", "v6").as_deref(), Some("b"));
        assert_eq!(chosen("freebsd", "arm", "v6").as_deref(), Some("a"));
        assert_eq!(chosen("linux", "amd64", "v3").as_deref(), Some("d"));
        assert_eq!(chosen("linux", "riscv64", ""), None);
    }

    #[test]
    fn a_platform_of_another_system_may_be_named() {
        check_diagnostics(
            r#"
              args: { A: { linux/arm/v7: "1", amd64/v3: "2", "linux/": "3" } }
            #                                 ^^^^^^^^ error[unknown-platform]: `amd64/v3` is not a platform
            # = hint: write an architecture such as `amd64` or `arm64`, or `linux/arm/v7`
            #                                                ^^^^^^^^ error[unknown-platform]: `linux/` is not a platform
            # = hint: write an architecture such as `amd64` or `arm64`, or `linux/arm/v7`
              env: { A: "${A:-x}" }
        "#,
        );
    }
}
