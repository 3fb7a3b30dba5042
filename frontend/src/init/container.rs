//! What a Dockerfile says of the image that it makes.

use super::folder::Folder;
use super::packages;

/// The last stage of a Dockerfile, as far as a spec has words for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Container {
    /// The version of nvidia/cuda that it stands on.
    pub cuda: Option<String>,
    /// The `3.12` of the image `python` that it stands on.
    pub python: Option<String>,
    /// Debian packages that programs need when they run.
    pub apt: Vec<String>,
    /// The first port that it exposes.
    pub port: Option<u16>,
    /// What it runs, where that is written as a list.
    pub entrypoint: Vec<String>,
}

/// Reads the Dockerfile at the top.
pub(super) fn container(folder: &Folder) -> Container {
    let mut container = Container::default();
    let mut command = Vec::new();
    for line in instructions(folder.text("Dockerfile").unwrap_or_default()) {
        let (keyword, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        match keyword.to_ascii_uppercase().as_str() {
            "FROM" => {
                container = Container {
                    cuda: cuda(rest),
                    python: python(rest),
                    ..Container::default()
                };
                command.clear();
            }
            "RUN" => container.apt.extend(installed(rest)),
            "EXPOSE" => {
                container.port = container
                    .port
                    .or_else(|| rest.split(['/', ' ']).next()?.parse().ok())
            }
            "ENTRYPOINT" => container.entrypoint = serde_json::from_str(rest).unwrap_or_default(),
            "CMD" => command = serde_json::from_str(rest).unwrap_or_default(),
            _ => {}
        }
    }
    container.apt.sort();
    container.apt.dedup();
    container.entrypoint.append(&mut command);
    container
}

/// Lines with their continuations, without comments.
fn instructions(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let joined: String = lines
        .map(|line| match line.strip_suffix('\\') {
            Some(start) => format!("{start} "),
            None => format!("{line}\n"),
        })
        .collect();
    joined.lines().map(str::to_owned).collect()
}

/// `12.8.1` of `nvidia/cuda:12.8.1-runtime-ubuntu22.04`.
fn cuda(from: &str) -> Option<String> {
    let tag = from.split_once("nvidia/cuda:")?.1;
    let version = tag.split(['-', ' ', '@']).next()?;
    let numbers = version
        .split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    (numbers && version.matches('.').count() == 2).then(|| version.to_owned())
}

/// `3.12` of `python:3.12.4-slim`.
fn python(from: &str) -> Option<String> {
    let image = from.split_whitespace().find(|word| !word.starts_with("--"))?;
    let tag = image
        .strip_prefix("docker.io/library/")
        .unwrap_or(image)
        .strip_prefix("python:")?;
    super::python::short(tag.split(['-', '@']).next()?)
}

/// Packages of `apt-get install` that are for running.
fn installed(script: &str) -> Vec<String> {
    let commands = script.split(['&', ';', '|', '\n']).map(str::trim);
    let installs = commands.filter(|command| command.starts_with("apt-get ") || command.starts_with("apt "));
    let words = installs
        .filter_map(|command| command.split_once(" install "))
        .flat_map(|(_, rest)| rest.split_whitespace());
    let is_name = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_lowercase()) && !word.contains(['$', '/', '=', '"', '*'])
    };
    words
        .filter(is_name)
        .filter(|word| packages::is_for_running(word))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Folder;
    use super::{Container, container};

    #[test]
    fn the_last_stage_of_a_dockerfile_says_what_the_image_needs() {
        let text = "FROM rust AS build\nRUN apt-get install -y clang libx1\nFROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\n\
            # comment\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n    curl libgomp1 \\\n    ffmpeg \\\n    && rm -rf /x\n\
            EXPOSE 8080/tcp\nENTRYPOINT [\"serve\", \"--port\"]\nCMD [\"8080\"]\n";
        let folder = Folder {
            name: "x".into(),
            files: [("Dockerfile".into(), text.into())].into(),
        };
        let expected = Container {
            cuda: Some("12.4.1".into()),
            python: None,
            apt: vec!["ffmpeg".into(), "libgomp1".into()],
            port: Some(8080),
            entrypoint: ["serve", "--port", "8080"].map(Into::into).into(),
        };
        assert_eq!(container(&folder), expected);
    }
}
