//! Workflows of GitHub and pipelines of GitLab: both run the same command of docker.

use serde::Serialize;

use super::secret::{Secret, of_build};
use super::storage::dashed;
use super::template::fill;
use super::{RenderError, Subject, Target};

const BUILD: &str = include_str!("../../../templates/around/build.sh.hbs");
const GITHUB: &str = include_str!("../../../templates/around/github.yml.hbs");
const GITLAB: &str = include_str!("../../../templates/around/gitlab.yml.hbs");

#[derive(Debug, Serialize)]
struct View {
    file: String,
    image: String,
    secrets: Vec<Secret>,
    build: String,
}

/// The command that builds, as a shell reads it.
#[derive(Debug, Serialize)]
struct Build<'a> {
    file: &'a str,
    target: Option<&'a str>,
    secrets: &'a [Secret],
}

/// Writes `.github/workflows/image.yml` for one target.
///
/// # Errors
/// Only a template that cannot be filled, which is a bug.
pub fn github(subject: &Subject, target: &Target) -> Result<String, RenderError> {
    written(GITHUB, subject, target, 10)
}

/// Writes `.gitlab-ci.yml` for one target.
///
/// # Errors
/// Only a template that cannot be filled, which is a bug.
pub fn gitlab(subject: &Subject, target: &Target) -> Result<String, RenderError> {
    written(GITLAB, subject, target, 6)
}

/// Fills a template whose script stands so many columns from the left.
fn written(
    template: &str,
    subject: &Subject,
    target: &Target,
    columns: usize,
) -> Result<String, RenderError> {
    let secrets = of_build(target);
    let file = shell_word(&subject.file);
    let build = fill(
        BUILD,
        &Build {
            file: &file,
            target: target.name.as_deref(),
            secrets: &secrets,
        },
    )?;
    let view = View {
        image: dashed(&subject.name),
        build: indented(&build, columns),
        secrets,
        file,
    };
    fill(template, &view)
}

fn indented(text: &str, columns: usize) -> String {
    let lines = text.lines().map(|line| format!("{:columns$}{line}", ""));
    lines.collect::<Vec<_>>().join("\n")
}

/// A path as a shell reads it.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./@+-".contains(c);
    match text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}
