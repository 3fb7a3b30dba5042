//! Whole plans of Python, drawn as text.

use super::super::{
    Action, Facts, FileAction, ImageFacts, LockFacts, MountKind, ProjectFacts, StepId, Tree, plan,
};
use crate::check::Checked;
use crate::check::drawn::{self, Build};
use crate::image::{ContainerConfig, ImageConfig};
use crate::python::{Lock, Project, PythonVersion};

const LOCK: &str = r#"
[[packages]]
name = "idna"
version = "3.10"
index = "https://corp.test/simple"
wheels = [{ url = "https://corp.test/idna-3.10-py3-none-any.whl", hashes = { sha256 = "00" } }]

[[packages]]
name = "torch"
version = "2.9.0"
index = "https://pypi.test/simple"
wheels = [
  { url = "https://files.test/torch-2.9.0-cp311-cp311-manylinux_2_28_x86_64.whl", hashes = { sha256 = "00" } },
  { url = "https://files.test/torch-2.9.0-cp311-cp311-manylinux_2_28_aarch64.whl", hashes = { sha256 = "00" } },
]

[[packages]]
name = "old"
version = "1"
index = "https://pypi.test/simple"
sdist = { url = "https://files.test/old-1.tar.gz", hashes = { sha256 = "00" } }

[[packages]]
name = "lib"
directory = { path = "../lib" }
"#;

fn checked(spec: &str) -> Checked {
    drawn::checked(spec, &Build::default())
}

/// Facts of a target on a machine with amd64, where `python:3.11-slim` says its version.
fn facts(architecture: &str) -> Facts {
    let config = ImageConfig {
        config: ContainerConfig {
            env: vec!["PYTHON_VERSION=3.11.2".into()],
            ..ContainerConfig::default()
        },
        ..ImageConfig::default()
    };
    let image = ImageFacts {
        config,
        ..ImageFacts::default()
    };
    let project = Project::parse(
        "[project]\nname='app'\n[build-system]\nrequires=['hatchling']\n[[tool.uv.index]]\nname='corp'\nurl='https://me:pw@corp.test/simple'\n",
    );
    Facts {
        target: ("linux".into(), architecture.into(), String::new()),
        native: architecture == "amd64",
        build_architecture: "amd64".into(),
        images: [("python:3.11-slim".to_owned(), image)].into(),
        python_version: PythonVersion::parse("3.11.2"),
        project: Some(ProjectFacts {
            root: project.clone().unwrap(),
            package: project.unwrap(),
            package_folder: ".".into(),
        }),
        lock: Some(LockFacts {
            lock: Lock::parse(LOCK).unwrap(),
            files: Vec::new(),
        }),
        ..Facts::default()
    }
}

/// Every step with what it stands on, runs and sees; scripts, seals and caches are in all of them and left out.
fn drawn(spec: &str, facts: &Facts) -> String {
    let plan = plan(&checked(spec), facts);
    let numbers = |tree: &Tree| {
        tree.iter()
            .map(|id| id.index().to_string())
            .collect::<Vec<_>>()
            .join("+")
    };
    let mut text = String::new();
    for (index, step) in plan.steps.iter().enumerate() {
        let is_script = step.name.starts_with("write ") && !step.name.starts_with("write pylock");
        if is_script {
            continue;
        }
        text += &format!("{index} {} ({:?})\n", step.name, step.platform);
        text += &action(&step.action, numbers);
    }
    text + &format!("image: {}\n", numbers(&plan.image))
}

fn action(action: &Action, numbers: impl Fn(&Tree) -> String) -> String {
    match action {
        Action::Exec(exec) => {
            let mut text = format!("   on {}: {}\n", numbers(&exec.root), exec.args[1..].join(" "));
            for mount in &exec.mounts {
                if let MountKind::Files { from, .. } = &mount.kind
                    && !mount.path.ends_with(".sh")
                    && !mount.path.ends_with(".py")
                {
                    text += &format!("   sees {} of {}\n", mount.path, StepId::index(*from));
                }
            }
            let secrets = exec
                .secret_env
                .iter()
                .map(|secret| format!("{}={}", secret.name, secret.id));
            let index = exec.env.iter().filter(|(name, _)| name == "UV_INDEX");
            let index = index.map(|(name, value)| format!("{name} {value}"));
            for line in index.chain(secrets) {
                text += &format!("   with {line}\n");
            }
            text
        }
        Action::Context { paths, exclude } => {
            let without = |what: &&str| exclude.iter().any(|pattern| pattern.ends_with(what));
            let left_out = [".git", "uv.lock"].into_iter().filter(without);
            let left_out: String = left_out.map(|what| format!(" without {what}")).collect();
            format!("   {paths:?}{left_out}\n")
        }
        Action::Files(actions) => {
            let lines = actions.iter().filter_map(|action| match action {
                FileAction::Link { target, path } => Some(format!("   {path} -> {target}\n")),
                FileAction::Copy(copy) => {
                    Some(format!("   copies {} of {}\n", copy.source, copy.from.index()))
                }
                FileAction::Origin(step) => Some(format!("   comes from {}\n", step.index())),
                _ => None,
            });
            lines.collect()
        }
        _ => String::new(),
    }
}

const INDEX: &str = "  indexes: { corp: { password: corp-password } }\n";

#[test]
fn on_a_base_with_python_each_part_is_a_step_of_the_base() {
    let spec = format!("base: python:3.11-slim\npython:\n  project: app\n{INDEX}");
    insta::assert_snapshot!(drawn(&spec, &facts("amd64")));
}

#[test]
fn with_uvs_python_wheels_of_another_platform_need_no_emulation() {
    let spec = format!(
        "base: debian:bookworm-slim\npython:\n  version: 3.11.2\n  project: app\n{INDEX}  apt: [gcc]\n"
    );
    insta::assert_snapshot!(drawn(&spec, &facts("arm64")));
}

#[test]
fn a_version_from_git_brings_git_and_its_folder() {
    let mut facts = facts("amd64");
    facts.lock = Some(LockFacts {
        lock: Lock::parse("").unwrap(),
        files: Vec::new(),
    });
    let project = facts.project.as_mut().unwrap();
    project.package =
        Project::parse("[project]\nname='app'\n[build-system]\nrequires=['hatchling','hatch-vcs']\n")
            .unwrap();
    let spec = "base: python:3.11-slim\npython: { project: app }\n";
    insta::assert_snapshot!(drawn(spec, &facts));
    let given = "base: python:3.11-slim\npython: { project: app, build_env: { SETUPTOOLS_SCM_PRETEND_VERSION: '1' } }\n";
    assert!(drawn(given, &facts).contains("[\"app\", \"app/pyproject.toml\"] without .git\n"));
}

/// The images that a plan stands on or takes files of.
fn images(spec: &str) -> Vec<String> {
    let plan = plan(&checked(spec), &facts("amd64"));
    let images = plan
        .steps
        .iter()
        .filter_map(|step| step.name.strip_prefix("from "));
    std::collections::BTreeSet::from_iter(images.map(str::to_owned))
        .into_iter()
        .collect()
}

#[test]
fn a_system_around_uv_is_pulled_only_where_uvs_python_stands_on_it() {
    let of_base = "base: python:3.11-slim\npython: { project: app }\ntools: [uv]\n";
    assert_eq!(images(of_base), ["astral/uv:0.13.8", "python:3.11-slim"]);
    let of_uv = of_base.replace("project: app", "project: app, interpreter: uv");
    assert_eq!(
        images(&of_uv),
        ["astral/uv:0.13.8-debian-slim", "python:3.11-slim"]
    );
    let named = of_base.replace("project: app", "project: app, uv: 'corp.test/uv:1'");
    assert_eq!(images(&named), ["corp.test/uv:1", "python:3.11-slim"]);
    let alone = "base: debian:bookworm-slim\ntools: [uv]\n";
    assert_eq!(images(alone), ["astral/uv:0.13.8", "debian:bookworm-slim"]);
}
