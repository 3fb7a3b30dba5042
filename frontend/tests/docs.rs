//! Everything that stands in a code block of the README and of `docs/` is what it says: specs are right, commands can be read,
//! files are those of the repository, errors are those of the code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says by panicking what is wrong"
)]

mod docs_support;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use docs_support::{Block, blocks};
use modelcrate::check::check;
use modelcrate::source::Source;
use modelcrate::spec::{PlatformNames, Request};

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The README and the pages; rules have tests of their own, beside the rules.
fn pages() -> Vec<String> {
    let mut pages = vec!["README.md".to_owned()];
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        pages.extend(name.ends_with(".md").then(|| format!("docs/{name}")));
    }
    pages.sort();
    pages
}

fn all_blocks() -> impl Iterator<Item = (String, Block)> {
    pages().into_iter().flat_map(|page| {
        let blocks = blocks(&read(&page));
        blocks.into_iter().map(move |block| (page.clone(), block))
    })
}

#[test]
fn every_block_is_of_a_kind_that_is_looked_at() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (page, block) in all_blocks() {
        let known = ["yaml", "sh", "text"].contains(&block.language.as_str()) || block.file.is_some();
        assert!(known, "{page}: a block of `{}`\n{}", block.language, block.text);
        *kinds.entry(block.language).or_default() += 1;
    }
    assert!(
        kinds["yaml"] > 30 && kinds["sh"] > 20,
        "the pages have lost their blocks: {kinds:?}"
    );
}

#[test]
fn every_spec_is_right() {
    for (page, block) in all_blocks().filter(|(_, block)| block.language == "yaml" && block.file.is_none()) {
        let platform = PlatformNames::new("linux", "amd64", "");
        let request = Request {
            target: None,
            build_args: &BTreeMap::new(),
            platform: &platform,
            build_platform: &platform,
            models: &BTreeMap::new(),
        };
        let (_, findings) = check(&Source::new(page.as_str(), block.text.as_str()), &request);
        let is_meant = |code: &str| block.finds.iter().any(|finds| finds == code);
        let wrong: Vec<_> = findings
            .iter()
            .filter(|finding| !is_meant(finding.code.0))
            .collect();
        assert!(wrong.is_empty(), "{page}\n{}\n{wrong:#?}", block.text);
        for code in &block.finds {
            let found = findings.iter().any(|finding| finding.code.0 == code);
            assert!(found, "{page}: `{code}` is not found in\n{}", block.text);
        }
    }
}

#[test]
fn every_command_can_be_read_by_a_shell() {
    for (page, block) in all_blocks().filter(|(_, block)| block.language == "sh") {
        let mut bash = Command::new("bash");
        let mut bash = bash.arg("-n").stdin(Stdio::piped()).spawn().expect("bash");
        bash.stdin
            .take()
            .unwrap()
            .write_all(block.text.as_bytes())
            .unwrap();
        assert!(bash.wait().unwrap().success(), "{page}\n{}", block.text);
    }
}

/// A block under `<!-- file: PATH -->` is that file.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the wish to update is told through the environment"
)]
fn every_file_is_as_it_is_in_the_repository() {
    for page in pages() {
        let mut text = read(&page);
        for block in blocks(&text.clone()) {
            let Some(file) = &block.file else { continue };
            let wanted = read(file);
            if std::env::var("UPDATE_DOCS").is_ok() {
                text = text.replacen(
                    &format!("```{}\n{}```", block.info, block.text),
                    &format!("```{}\n{wanted}```", block.info),
                    1,
                );
                std::fs::write(root().join(&page), &text).unwrap();
            } else {
                assert!(
                    block.text == wanted,
                    "{page} has an older {file}; run: UPDATE_DOCS=1 cargo test -p modelcrate --test docs"
                );
            }
        }
    }
}

/// Pages link to what is there.
#[test]
fn every_link_leads_somewhere() {
    for page in pages() {
        let folder = Path::new(&page).parent().unwrap();
        let text = read(&page);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')) {
            let target = link.0.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            assert!(
                root().join(folder).join(target).exists(),
                "{page} links to {target}"
            );
        }
    }
}

/// Headings of the page about errors are words that the code says; `…` stands for the words of a case.
#[test]
fn every_error_of_the_page_is_one_that_is_said() {
    let mut said = String::new();
    for folder in ["frontend/src", "launcher/src", "fetcher/src"] {
        collect(&root().join(folder), &mut said);
    }
    let page = read("docs/troubleshooting.md");
    let headings: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    assert!(headings.len() > 15, "the page has lost its errors");
    let parts = headings.iter().flat_map(|heading| heading.split('…'));
    let parts = parts.map(|part| part.trim_matches([' ', '`']));
    let unsaid: Vec<&str> = parts
        .filter(|part| part.len() > 4 && !said.contains(part))
        .collect();
    assert_eq!(unsaid, [""; 0], "said nowhere");
}

/// The text of programs: lines that a string goes on over are one.
fn collect(folder: &Path, said: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, said);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let mut parts = text.split("\\\n");
            said.push_str(parts.next().unwrap_or_default());
            parts.for_each(|part| said.push_str(part.trim_start()));
        }
    }
}
