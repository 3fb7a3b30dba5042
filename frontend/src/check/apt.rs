//! `apt:` and every other list of Debian packages.

use super::findings::Findings;
use super::{Apt, Repository, RepositoryKey, models, path, url};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{self, Entry, Field, List, Spec, Text};

/// Names of images that are no Debian: repositories, or words of a tag.
const OTHER_SYSTEMS: [&str; 18] = [
    "alpine",
    "almalinux",
    "amazonlinux",
    "archlinux",
    "azurelinux",
    "busybox",
    "centos",
    "distroless",
    "fedora",
    "mariner",
    "opensuse",
    "oraclelinux",
    "photon",
    "rockylinux",
    "ubi8",
    "ubi9",
    "ubi10",
    "wolfi-base",
];

/// Packages of the image, and their repositories.
pub fn apt(spec: &Spec, findings: &mut Findings) -> Apt {
    let Some(written) = spec.apt.get() else {
        return Apt::default();
    };
    findings.0.extend(other_system(spec));
    let repositories = written.repositories.items().iter();
    let repositories: Vec<Repository> = repositories
        .filter_map(|item| repository(item, findings))
        .collect();
    let packages = packages(&written.packages, findings);
    if packages.is_empty() && written.repositories.is_written() && !written.packages.is_written() {
        findings.push(
            Diagnostic::warning(
                code::NO_EFFECT,
                written.key,
                "repositories without packages change nothing",
            )
            .hint("name what is installed: `apt: { packages: [NAME], repositories: [...] }`"),
        );
    }
    Apt {
        packages,
        repositories,
    }
}

/// A base whose name says that apt is not there: found before anything is pulled.
fn other_system(spec: &Spec) -> Option<Diagnostic> {
    let base = spec.base.get()?;
    let named = base.value.split('@').next().unwrap_or_default();
    let name = named.rsplit('/').next().unwrap_or_default();
    let (name, tag) = name.split_once(':').unwrap_or((name, ""));
    let tag = tag.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let words = tag
        .split('-')
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'));
    let other = std::iter::once(name)
        .chain(words)
        .find(|word| OTHER_SYSTEMS.contains(word))
        .or_else(|| base.value.contains("/distroless/").then_some("distroless"))?;
    let message = format!(
        "`apt` needs Debian or Ubuntu, and `{}` is `{other}`",
        base.value.0
    );
    let finding = Diagnostic::error(code::CONFLICT, spec.apt.key()?, message).related(base.span, "the base");
    Some(finding.hint("start from an image of Debian or Ubuntu, such as `debian:bookworm-slim`"))
}

fn repository(item: &Entry<spec::Repository>, findings: &mut Findings) -> Option<Repository> {
    for (name, is_written) in [
        ("url", item.url.is_written()),
        ("suites", item.suites.is_written()),
        ("key", item.value.key.is_written()),
    ] {
        if !is_written {
            let message = format!("this repository has no `{name}`");
            findings.push(Diagnostic::error(code::MISSING_KEY, item.key, message).hint(match name {
                "key" => "packages of others need the key that signs them: `key: keys/vendor.asc`, or an address with `sha256`",
                _ => "write `repositories: [{ url: https://…, suites: [bookworm], components: [main], key: … }]`",
            }));
        }
    }
    let url = item.url.get().map(url::http).transpose();
    let suites = words(&item.suites, findings);
    let folders = suites.iter().any(|suite| suite.ends_with('/'));
    if let Some(components) = item.components.get().filter(|_| folders) {
        let message = "a suite that is a folder has no components";
        findings
            .push(Diagnostic::error(code::CONFLICT, components.key, message).hint("leave `components` out"));
    }
    let components = match words(&item.components, findings) {
        none if none.is_empty() && !folders => vec!["main".to_owned()],
        components => components,
    };
    let key = findings.keep(item.value.key.get().map(|written| key(item, written)).transpose());
    Some(Repository {
        url: findings.keep(url)??,
        suites,
        components,
        key: key??,
        keep: item.keep.get().is_some_and(|keep| keep.value.0),
        span: item.span,
    })
}

/// Suites and components: one word each, so that a line of the sources stays one.
fn words(list: &Field<List<Text>>, findings: &mut Findings) -> Vec<String> {
    let words = list.items().iter().map(|item| {
        let text: &str = item;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '+' | '~');
        match !text.is_empty() && text.chars().all(plain) {
            true => Ok(text.to_owned()),
            false => {
                let message = format!("`{text}` is not a suite or component of a repository");
                Err(Diagnostic::error(code::INVALID_NAME, item.span, message)
                    .hint("each is an item of its own, such as `[bookworm, bookworm-updates]`"))
            }
        }
    });
    findings.keep_all(words)
}

fn key(item: &spec::Repository, written: &Entry<Text>) -> Result<RepositoryKey, Diagnostic> {
    let text: &str = written;
    let is_url = text.contains("://");
    if let Some(sha256) = item.sha256.get().filter(|_| !is_url) {
        return Err(Diagnostic::error(
            code::CONFLICT,
            sha256.key,
            "`sha256` is for a key that is downloaded",
        )
        .hint("leave `sha256` out"));
    }
    if text.trim_start().starts_with("-----BEGIN PGP") {
        return Ok(RepositoryKey::Text(format!("{}\n", text.trim())));
    }
    if !is_url {
        return path::in_context(written)
            .map(|path| RepositoryKey::Context(path.map(|path| format!("/{path}"))));
    }
    let url = url::http(written)?;
    let Some(sha256) = item.sha256.get() else {
        let message = "a key that is downloaded needs its `sha256`";
        return Err(
            Diagnostic::error(code::MISSING_CHECKSUM, written.span, message).hint(format!(
                "write what `curl -fsSL {text} | sha256sum` prints, or put the key into the context"
            )),
        );
    };
    let sha256 = models::sha256(sha256)?.value;
    Ok(RepositoryKey::Url { url, sha256 })
}

/// Packages, sorted, each once.
pub fn packages(list: &Field<List<Text>>, findings: &mut Findings) -> Vec<Spanned<String>> {
    let mut packages = findings.keep_all(list.items().iter().map(package));
    packages.sort_by(|a, b| a.value.cmp(&b.value));
    packages.dedup_by(|later, first| later.value == first.value);
    packages
}

/// `name`, `name=version`, `name/release` or `name:arch`, as `apt-get install` takes it; names by Debian policy 5.6.1.
fn package(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let end = text.find(['=', '/', ':']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let letters = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let pinned = rest.chars().all(|c| c.is_ascii_graphic()) && rest.len() != 1;
    if starts && letters && pinned && name.len() > 1 {
        return Ok(Spanned::new(text.to_string(), entry.span));
    }
    let message = format!("`{text}` is not a Debian package");
    let finding = Diagnostic::error(code::INVALID_PACKAGE, entry.span, message);
    Err(match text {
        _ if text.trim().contains(char::is_whitespace) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            finding.hint(format!(
                "each package is an item of its own: `[{}]`",
                words.join(", ")
            ))
        }
        _ if text.starts_with('-') => finding.hint("options are modelcrate's: name packages alone"),
        _ => finding.hint("names are lower case; a version is written `name=version`"),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::{Build, check_diagnostics, check_of};

    #[test]
    fn packages_are_items() {
        check_diagnostics(
            r#"
              apt: git make
            #      ^^^^^^^^ error[invalid-package]: `git make` is not a Debian package
            # = hint: each package is an item of its own: `[git, make]`
        "#,
        );
    }

    #[test]
    fn a_base_that_is_no_debian_is_found_by_its_name() {
        for (base, other) in [
            ("python:3.12-alpine3.20", "alpine"),
            ("registry.example.com:5000/fedora:41", "fedora"),
            ("gcr.io/distroless/cc-debian12", "distroless"),
        ] {
            let source = crate::source::Source::new("modelcrate.yaml", format!("base: {base}\napt: [git]\n"));
            let found = check_of(&source, &Build::default()).1;
            assert_eq!(
                found[0].message,
                format!("`apt` needs Debian or Ubuntu, and `{base}` is `{other}`")
            );
        }
        check_diagnostics(
            r#"
              base: registry.example.com/team/alpine-tools:debian
              apt: [git]
        "#,
        );
    }

    #[test]
    fn a_repository_says_where_it_is_and_who_signs_it() {
        check_diagnostics(
            r#"
              apt:
                packages: [gh]
                repositories:
                  - { suites: [stable] }
            #         ^^^^^^ error[missing-key]: this repository has no `key`
            # = hint: packages of others need the key that signs them: `key: keys/vendor.asc`, or an address with `sha256`
            #         ^^^^^^ error[missing-key]: this repository has no `url`
            # = hint: write `repositories: [{ url: https://…, suites: [bookworm], components: [main], key: … }]`
                  - { url: cli.example.com, suites: "a b", key: keys/cli.asc }
            #              ^^^^^^^^^^^^^^^ error[invalid-url]: `cli.example.com` is not a web address
            # = hint: write `https://cli.example.com`
            #                                       ^^^^^ error[invalid-name]: `a b` is not a suite or component of a repository
            # = hint: each is an item of its own, such as `[bookworm, bookworm-updates]`
        "#,
        );
    }

    #[test]
    fn a_key_from_elsewhere_is_pinned() {
        check_diagnostics(
            r#"
              apt:
                packages: [gh]
                repositories:
                  - { url: "https://a.example.com", suites: [./], key: "https://a.example.com/key.asc" }
            #                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[missing-checksum]: a key that is downloaded needs its `sha256`
            # = hint: write what `curl -fsSL https://a.example.com/key.asc | sha256sum` prints, or put the key into the context
                  - { url: "https://b.example.com", suites: [./], components: [main], key: ../key.asc }
            #                                                     ^^^^^^^^^^ error[conflict]: a suite that is a folder has no components
            # = hint: leave `components` out
            #                                                                              ^^^^^^^^^^ error[invalid-path]: `../key.asc` is outside the build context
            # = hint: build with a context that holds it: a folder further up, or `--build-context NAME=PATH` and `from: NAME`
                  - { url: "https://c.example.com", suites: [x], key: key.asc, sha256: "00" }
            #                                                                  ^^^^^^ error[conflict]: `sha256` is for a key that is downloaded
            # = hint: leave `sha256` out
        "#,
        );
    }

    #[test]
    fn repositories_serve_packages() {
        check_diagnostics(
            r#"
              apt:
            # ^^^ warning[no-effect]: repositories without packages change nothing
            # = hint: name what is installed: `apt: { packages: [NAME], repositories: [...] }`
                repositories: { url: "https://a.example.com", suites: [x], key: key.asc }
        "#,
        );
    }

    #[test]
    fn packages_are_lower_case() {
        check_diagnostics(
            r#"
              apt: [Git, "libssl3=3.0.1-1", g++, -y]
            #       ^^^ error[invalid-package]: `Git` is not a Debian package
            # = hint: names are lower case; a version is written `name=version`
            #                                    ^^ error[invalid-package]: `-y` is not a Debian package
            # = hint: options are modelcrate's: name packages alone
        "#,
        );
    }
}
