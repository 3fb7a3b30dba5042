//! A `requirements.txt`: what it pins, the files it names, and lines that cannot be taken.

use std::collections::BTreeSet;

use super::path::{is_outside, joined};
use super::project::requirement_name;

/// The facts of one `requirements.txt`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Requirements {
    /// Files named by `-r` and `-c`, relative to the context.
    pub files: Vec<String>,
    /// Packages that are asked for or constrained.
    pub packages: Vec<Required>,
    /// Lines that an image cannot be built from.
    pub refused: Vec<Refused>,
}

/// A package in a `requirements.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// Normalised name.
    pub name: String,
    /// Only one version will do.
    pub is_pinned: bool,
    /// `sha256:…` of the files that may be installed; empty when any may.
    pub hashes: BTreeSet<String>,
}

/// A line that an image cannot be built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its number, from 1.
    pub line: usize,
    /// What it says; empty where that may be a secret.
    pub text: String,
    /// Why.
    pub why: Refusal,
}

/// Why a line cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A project or file of the user's own machine.
    Local,
    /// A file outside of the context, or on the web.
    Outside,
    /// A user name or password in an address.
    Credentials,
    /// A variable of the user's own environment.
    Variable,
}

/// Reads the text of the requirements file at `path` (relative to the context).
pub fn requirements(path: &str, text: &str) -> Requirements {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Requirements::default();
    for (line, text) in logical_lines(text) {
        if let Some(why) = refusal(folder, &text) {
            let text = if why == Refusal::Credentials {
                String::new()
            } else {
                text
            };
            found.refused.push(Refused { line, text, why });
        } else if let Some(file) = included(&text) {
            found.files.push(joined(folder, file));
        } else if !text.starts_with('-') {
            found.packages.push(required(&text));
        }
    }
    found
}

fn refusal(folder: &str, line: &str) -> Option<Refusal> {
    if has_credentials(line) {
        return Some(Refusal::Credentials);
    }
    if line.contains("${") {
        return Some(Refusal::Variable);
    }
    if let Some(file) = included(line) {
        return (file.contains("://") || is_outside(&joined(folder, file))).then_some(Refusal::Outside);
    }
    let is_local = match value_of(line, &["-f", "--find-links"]) {
        Some(place) => !place.starts_with("http://") && !place.starts_with("https://"),
        None => value_of(line, &["-e", "--editable"]).is_some() || names_path(line),
    };
    is_local.then_some(Refusal::Local)
}

/// Whether a word is an address with a user name or password in it; `git@` is the name of everybody.
fn has_credentials(line: &str) -> bool {
    line.split_whitespace().any(|word| {
        let Some((_, rest)) = word.split_once("://") else {
            return false;
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.rsplit_once('@')
            .is_some_and(|(user, _)| !matches!(user, "git" | "") && !user.starts_with("${"))
    })
}

/// `./lib`, `lib.whl`, `folder/lib`, `name @ ./lib`, `name @ file:///lib`; not `name @ https://…` nor an address alone.
fn names_path(line: &str) -> bool {
    if line.starts_with('-') {
        return false;
    }
    let place = line.split_once('@').map_or(line, |(_, place)| place).trim_start();
    let place = place.split([' ', ';']).next().unwrap_or_default();
    let archive = [".whl", ".tar.gz", ".zip"].iter().any(|end| place.ends_with(end));
    let web = place.contains("://") && !place.starts_with("file:");
    !web && (place.contains('/') || archive || matches!(place, "." | ".."))
}

/// The file that a line includes.
fn included(line: &str) -> Option<&str> {
    value_of(line, &["-r", "--requirement", "-c", "--constraint"])
}

fn required(line: &str) -> Required {
    let hashes = line
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("--hash="));
    let demand = line.split([';', '#']).next().unwrap_or_default();
    let demand = demand.split(" --").next().unwrap_or_default();
    Required {
        name: requirement_name(demand),
        is_pinned: demand.contains('@') || pins(demand),
        hashes: hashes.map(str::to_owned).collect(),
    }
}

/// `==1.2` and `===1.2`; `==1.*` leaves a choice.
fn pins(demand: &str) -> bool {
    demand
        .split_once("==")
        .is_some_and(|(_, version)| !version.contains('*'))
}

/// Lines without comments, those that end in `\` joined, empty ones left out.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (index, raw) in text.lines().enumerate() {
        let line = without_comment(raw).trim();
        let (line, goes_on) = line
            .strip_suffix('\\')
            .map_or((line, false), |line| (line.trim_end(), true));
        match lines.last_mut() {
            Some((_, last)) if open => {
                last.push(' ');
                last.push_str(line);
            }
            _ => lines.push((index + 1, line.to_owned())),
        }
        open = goes_on;
    }
    lines.retain(|(_, line)| !line.is_empty());
    lines
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.split_once(" #").map_or(line, |(before, _)| before)
}

/// The value of an option: `-r file`, `-rfile`, `--requirement=file`.
fn value_of<'a>(line: &'a str, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| {
        let rest = line.strip_prefix(name)?;
        let short = !name.starts_with("--");
        (short || rest.starts_with([' ', '=', '\t'])).then(|| rest.trim_start_matches([' ', '=', '\t']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(text: &str) -> Vec<(usize, Refusal)> {
        let found = requirements("deps/requirements.txt", text);
        found
            .refused
            .iter()
            .map(|refused| (refused.line, refused.why))
            .collect()
    }

    fn pinned(text: &str) -> Vec<(String, bool)> {
        let found = requirements("requirements.txt", text);
        let packages = found.packages.into_iter();
        packages
            .map(|package| (package.name, package.is_pinned))
            .collect()
    }

    #[test]
    fn included_files_are_relative_to_the_file_that_names_them() {
        let text = "# top\n-r ../base.txt\n--constraint=c.txt\n-rmore.txt\n";
        let found = requirements("vortex/requirements.txt", text);
        assert_eq!(found.files, ["base.txt", "vortex/c.txt", "vortex/more.txt"]);
    }

    #[test]
    fn only_one_exact_version_is_a_pin() {
        let text = "fastapi>=0.1 # why\nuvicorn[standard] == 0.30\nidna==3.*\nwheel ; python_version == '3.11'\n\
                    direct @ https://files.test/direct-1-py3-none-any.whl\n--pre\n";
        let expected = [
            ("fastapi", false),
            ("uvicorn", true),
            ("idna", false),
            ("wheel", false),
            ("direct", true),
        ];
        assert_eq!(
            pinned(text),
            expected.map(|(name, is_pinned)| (name.to_owned(), is_pinned))
        );
    }

    #[test]
    fn hashes_stand_on_lines_that_go_on() {
        let text = "Foo_Bar==1 ; sys_platform == 'linux' \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n    # via nobody\n";
        let found = requirements("requirements.txt", text).packages;
        let hashes = ["sha256:00".to_owned(), "sha256:01".to_owned()].into();
        let name = "foo-bar".to_owned();
        assert_eq!(
            found,
            [Required {
                name,
                is_pinned: true,
                hashes
            }]
        );
    }

    #[test]
    fn lines_that_need_the_users_machine_are_refused() {
        let local = "-e .\n./lib\nlib/sub\nvendor.whl\na @ file:///lib\na @ ../lib\n--find-links ./wheels\nhttps://files.test/a.whl\n";
        let lines: Vec<usize> = refusals(local).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(refusals("-r ../../base.txt"), [(1, Refusal::Outside)]);
        assert_eq!(refusals("-c https://files.test/c.txt"), [(1, Refusal::Outside)]);
        assert_eq!(
            refusals("--index-url https://${HOST}/simple"),
            [(1, Refusal::Variable)]
        );
    }

    #[test]
    fn credentials_are_refused_and_not_repeated() {
        let found = requirements("r.txt", "--index-url https://me:s3cret@index.test/simple\n");
        let refused = Refused {
            line: 1,
            text: String::new(),
            why: Refusal::Credentials,
        };
        assert_eq!(found.refused, [refused]);
        assert_eq!(refusals("a @ git+ssh://git@github.test/a"), []);
    }
}
