//! Commands of the README and the pages, run as they stand there by a shell, on an engine.

#[path = "../../frontend/tests/docs_support/mod.rs"]
mod docs_support;

use docs_support::{Block, blocks};
use modelcrate_tests::git::GitRepository;
use modelcrate_tests::{Buildah, Engine, Output, Project, repository};
use serde_json::Value;
use tempfile::TempDir;

/// The registry of the pages; the tests have another.
const REGISTRY: &str = "registry.example.com";

/// The folder of the pages for what was brought along.
const SERVED: &str = "/srv/";

/// Somebody who reads a page at a terminal.
struct Reader {
    engine: Engine,
    project: Project,
    home: TempDir,
}

impl Reader {
    fn new(project: Project) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        for folder in ["bin", "share/bash-completion/completions", "share/man"] {
            std::fs::create_dir_all(home.path().join(".local").join(folder)).expect("a folder");
        }
        Self {
            engine: Engine::main(),
            project,
            home,
        }
    }

    /// What the commands print.
    #[track_caller]
    fn runs(&self, commands: &str) -> String {
        let commands = commands
            .replace(REGISTRY, self.engine.registry())
            .replace(SERVED, &format!("{}/", self.home.path().display()));
        let home = self.home.path().display();
        let own = std::env::var("PATH").expect("a path");
        let mut bash = self.engine.command("bash");
        bash.args(["-euo", "pipefail", "-c", &commands])
            .current_dir(self.project.path());
        bash.env("HOME", self.home.path())
            .env("PATH", format!("{home}/.local/bin:{own}"))
            .env("HF_TOKEN", "correct-horse-battery")
            .env("RUNNER_TEMP", self.home.path())
            .env("IMAGE", format!("{}/my-server:2", self.engine.registry()));
        let output = Output::of(&mut bash);
        assert!(
            output.status.success(),
            "{commands}\n{}{}",
            output.stdout,
            output.stderr
        );
        output.stdout
    }
}

/// The blocks of a page.
struct Page(Vec<Block>);

impl Page {
    fn of(path: &str) -> Self {
        let text = std::fs::read_to_string(repository().join(path)).expect("the page");
        Self(blocks(&text))
    }

    /// The first block in this language with these words.
    #[track_caller]
    fn block(&self, language: &str, words: &str) -> &str {
        let mut blocks = self.0.iter().filter(|block| block.language == language);
        match blocks.find(|block| block.text.contains(words)) {
            Some(block) => &block.text,
            None => panic!("no block of {language} has `{words}`"),
        }
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_the_readme_shows_builds_and_answers() {
    let readme = Page::of("README.md");
    let reader = Reader::new(Project::example("quickstart"));
    reader
        .project
        .write("modelcrate.yaml", readme.block("yaml", "name: quickstart"));
    reader.runs(readme.block("sh", "-t quickstart ."));
    let user = reader.runs("docker image inspect --format '{{.Config.User}}' quickstart");
    assert_eq!(user.trim(), "1000:1000");
    let printed = reader.runs(readme.block("sh", "--call=outline"));
    for words in [
        "no warnings found",
        "flowchart LR",
        "group \"all\"",
        "plan.mermaid",
    ] {
        assert!(printed.contains(words), "no `{words}` in\n{printed}");
    }
    reader.runs(readme.block("sh", "--call=dockerfile"));
    assert!(reader.project.read("Dockerfile").contains("\nFROM "));
    reader.runs(readme.block("sh", "--call=lock"));
    assert!(
        reader
            .project
            .read("modelcrate.lock")
            .contains("python:3.11-slim")
    );

    let attestations = Page::of("docs/attestations.md");
    let printed = reader.runs(attestations.block("sh", "imagetools inspect"));
    assert!(printed.contains("pkg:pypi/fastapi@"), "{printed}");
    reader.runs("docker image rm quickstart");
}

/// On a spec that is built in no time.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_command_is_installed_and_used_as_its_page_says() {
    let page = Page::of("docs/command.md");
    let reader = Reader::new(Project::with(&[("server.py", "print()\n")]));
    reader.runs(page.block("sh", "docker cp modelcrate:"));
    reader.runs(page.block("sh", "modelcrate init"));
    let first = reader.project.read("modelcrate.yaml");
    assert!(first.starts_with("# syntax=modelcrate/frontend:1\n"), "{first}");

    reader.project.write(
        "modelcrate.yaml",
        "# syntax=modelcrate/frontend:1\nname: app\nbase: scratch\nuser: 1000\ncopy: [{ server.py: /srv/server.py }]\n\
         entrypoint: [/srv/server.py]\ntargets: { cpu: {} }\n",
    );
    reader.project.write(".github/workflows/.keep", "");
    reader.runs(page.block("sh", "--target cpu -- --no-cache"));
    reader.runs(page.block("sh", "modelcrate completions"));
    reader.runs(page.block("sh", "modelcrate ci github"));
    let by_command = [
        reader.project.read("compose.yaml"),
        reader.project.read("k8s.yaml"),
    ];
    reader.runs(page.block("sh", "--call=compose"));
    let by_call = [
        reader.project.read("compose.yaml"),
        reader.project.read("k8s.yaml"),
    ];
    assert_eq!(by_command, by_call);

    reader.runs(
        "docker buildx build -q --provenance=true --push -t registry.example.com/app:1 -f modelcrate.yaml .",
    );
    reader.runs("modelcrate lock");
    let printed = reader.runs(page.block("sh", "modelcrate verify"));
    assert_eq!(printed.matches("nothing is wrong\n").count(), 2, "{printed}");
    reader.runs("docker image rm app registry.example.com/app:1");
}

/// A server of a shell, in a git repository with a tag; its tests are a target.
const SERVER: &str = "# syntax=modelcrate/frontend:1\nname: my-server\nbase: debian:bookworm-slim\nuser: 1000\n\
    args: { VERSION: dev }\nlabels: { version: \"${VERSION}\" }\ncopy: [{ app: /srv/app }]\nentrypoint: [echo, served]\n\
    targets: { test: { entrypoint: [echo, tested] } }\n";

fn server() -> Project {
    let project = Project::with(&[("modelcrate.yaml", SERVER), ("app/file", "text")]);
    let repository = GitRepository::new(project.path());
    repository.commit(&[("app/file", "text\n")]);
    repository.git(&["tag", "-a", "v1.2", "-m", "v1.2"]);
    project
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_a_runner_is_told_it_can_do() {
    let page = Page::of("docs/ci.md");
    let reader = Reader::new(server());
    std::fs::create_dir_all(reader.project.file(".github/workflows")).expect("a folder");
    reader.runs(page.block("sh", "--call=ci.github"));
    let workflow = reader.project.read(".github/workflows/image.yml");
    assert!(workflow.contains("jobs:"), "{workflow}");
    reader.runs(page.block("sh", "--check -f"));
    reader.runs(page.block("sh", "--call=check,format=json"));
    let found: Value = serde_json::from_str(&reader.project.read("findings.json")).expect("JSON");
    assert!(
        found["warnings"].is_array() || found["warnings"].is_null(),
        "{found}"
    );
    reader.runs(page.block("sh", "--cache-to type=registry"));
    reader.runs(page.block("sh", "umask 077"));
    assert!(!reader.home.path().join("hf_token").exists(), "it is deleted");
    reader.runs(page.block("sh", "env=HF_TOKEN"));
    // The engine's own builder has no new times for files, as the page says.
    let dated = page.block("sh", "git describe");
    assert!(dated.contains(",rewrite-timestamp=true"), "{dated}");
    reader.runs(&dated.replace(",rewrite-timestamp=true", ""));
    let labels = reader.runs("docker buildx imagetools inspect \"$IMAGE\" --format '{{json .Image}}'");
    assert!(labels.contains("\"v1.2\""), "{labels}");
    reader.runs(page.block("sh", "--platform linux/amd64,linux/arm64"));
    reader.runs(page.block("sh", "--target test"));
    assert_eq!(
        reader.runs(page.block("sh", "docker run --rm my-server:test")),
        "tested\n"
    );
    reader.runs("docker image rm my-server:test");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_came_along_is_enough_without_a_network() {
    let page = Page::of("docs/air-gapped.md");
    let reader = Reader::new(server());
    for (folder, image) in [
        ("python", "python:3.11-slim"),
        ("frontend", "modelcrate/frontend:1"),
    ] {
        let name = format!("FROM {image}");
        let output = format!("type=oci,tar=false,dest=/srv/images/{folder},name={image}");
        reader.runs(&format!(
            "mkdir -p /srv/images && echo '{name}' | docker buildx build --provenance=false --output {output} -"
        ));
    }
    let on_python = SERVER.replace("debian:bookworm-slim", "python:3.11-slim");
    reader.project.write("modelcrate.yaml", &on_python);
    reader.runs(page.block("sh", "python:3.11-slim=oci-layout"));
    reader.runs(page.block("sh", "modelcrate/frontend:1=oci-layout"));
    reader.runs(page.block("sh", "BUILDKIT_SYNTAX="));
    reader.runs(page.block("sh", "--call=lock"));
    assert!(
        reader
            .project
            .read("modelcrate.lock")
            .contains("python:3.11-slim")
    );
    reader.runs(page.block("sh", "--cache-to type=local"));
    reader.runs(page.block("sh", "--cache-from type=local"));
    assert_eq!(reader.runs("docker run --rm my-server"), "served\n");
    reader.runs("docker image rm my-server");
}

/// podman's own programs read what its page prints.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn podman_builds_what_its_page_prints() {
    let page = Page::of("docs/podman.md");
    let reader = Reader::new(server());
    let block = page.block("sh", "--call=containerfile");
    let (prints, builds) = block.trim_end().rsplit_once('\n').expect("two commands");
    assert_eq!(builds, "podman build --format docker -t my-server .");
    reader.runs(prints);
    let podman = Buildah {
        program: "podman",
        project: &reader.project,
        ignore: None,
        secrets: &[],
    };
    let image = podman.load(&reader.engine, &reader.project.read("Containerfile"));
    assert_eq!(
        reader.runs(&format!("docker run --rm {}", image.name)),
        "served\n"
    );
}
