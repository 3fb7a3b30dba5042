//! Projects that are compiled with CMake: a layer for each, of nothing but what the project installs.
//!
//! ```text
//! build image   apt   sources      →  cmake, ninja, ccache  →  /layer
//! ```
//!
//! The root is the image where things are built, never the one that ships. It is of the target's platform: the C
//! library and the compiler are then those that the image's own were made with, and another platform is emulated.

use super::environment::{overlaid, owned};
use super::{
    Action, CopyAction, Exec, Facts, FileAction, GitCheckout, ImageFacts, Keep, Key, MTIME, Mount, MountKind,
    On, Step, StepId, Steps, Tree, apt, commands, cuda, script_path, ssh,
};
use crate::check::{CUDA_ARCHITECTURES, Checked, Cmake, CmakeInstall, CmakeSource, GitSource, Sharing};
use crate::source::Spanned;

const STAGE: &str = "cmake";
const BUILD: &str = include_str!("../scripts/cmake.sh");
const TARGETS: &str = include_str!("../scripts/targets.cmake");
const COLLECT: &str = include_str!("../scripts/collect.cmake");

/// Where the sources lie, for CMake and in what it says.
const SOURCE: &str = "/src";
/// Where ccache keeps what was compiled.
const CCACHE: &str = "/var/cache/modelcrate/ccache";

/// Packages that every build needs: CMake and its back end, the compilers with binutils, git for what a project fetches
/// itself, and a program that takes the build folder out of what was linked.
const PACKAGES: [&str; 8] = [
    "ca-certificates",
    "ccache",
    "cmake",
    "g++",
    "git",
    "ninja-build",
    "patchelf",
    "pkg-config",
];

/// Our values of cache variables. ggml would compile for the builder's processor; a library that the image gets lies beside
/// the program's folder.
const OURS: [(&str, &str); 5] = [
    ("CMAKE_C_COMPILER_LAUNCHER", "ccache"),
    ("CMAKE_CXX_COMPILER_LAUNCHER", "ccache"),
    ("CMAKE_CUDA_COMPILER_LAUNCHER", "ccache"),
    ("CMAKE_INSTALL_RPATH", "$ORIGIN/../lib"),
    ("GGML_NATIVE", "OFF"),
];

/// No clock and no folder of the build in what is compiled (gcc(1), `-ffile-prefix-map`); ccache in its mount, which tells
/// compilers apart by what they are and takes files that were made a moment ago.
const ENVIRONMENT: [(&str, &str); 9] = [
    ("HOME", "/tmp"),
    ("SOURCE_DATE_EPOCH", "315532800"),
    ("CFLAGS", "-ffile-prefix-map=/src=. -ffile-prefix-map=/build=."),
    ("CXXFLAGS", "-ffile-prefix-map=/src=. -ffile-prefix-map=/build=."),
    (
        "CUDAFLAGS",
        "-Xcompiler=-ffile-prefix-map=/src=.,-ffile-prefix-map=/build=.",
    ),
    ("CCACHE_DIR", CCACHE),
    ("CCACHE_COMPILERCHECK", "content"),
    ("CCACHE_SLOPPINESS", "include_file_ctime,include_file_mtime"),
    ("CCACHE_STATSLOG", "/tmp/ccache.log"),
];

/// Folders and files that no compiler reads but that change all the time.
const NOISE: [&str; 2] = ["**/.git", "**/.DS_Store"];

/// Compiles every project.
pub(super) fn projects(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    checked
        .cmake
        .iter()
        .map(|project| layer(steps, project, checked, facts))
        .collect()
}

fn layer(steps: &mut Steps, project: &Cmake, checked: &Checked, facts: &Facts) -> StepId {
    let (mut root, image) = build_root(steps, project, checked, facts);
    root.push(sources(steps, project, facts));
    let mut mounts = scripts(steps, project, checked);
    mounts.push(ccache());
    mounts.extend(ssh::agents(&project.ssh));
    let secret_env = commands::secrets(&project.secrets, &mut mounts);
    let action = Action::Exec(Exec {
        root,
        root_key: Key::Name,
        keep: Keep::Layer,
        args: args(project),
        env: env(project, checked, &image),
        cwd: "/".into(),
        mounts,
        secret_env,
        network: project.network,
    });
    steps.add(Step {
        stage: STAGE,
        name: title(project),
        span: project.span,
        platform: On::Target,
        action,
    })
}

/// The image where things are built, with CMake and the compilers.
fn build_root(steps: &mut Steps, project: &Cmake, checked: &Checked, facts: &Facts) -> (Tree, ImageFacts) {
    let mut root = Tree::new();
    let image = checked.base.build.as_ref();
    root.extend(image.map(|image| steps.image("base", &image.value, image.span, On::Target)));
    let facts = image.map(|image| facts.image(image)).unwrap_or_default();
    let own = PACKAGES
        .iter()
        .map(|name| Spanned::new((*name).to_owned(), project.span));
    let packages: Vec<Spanned<String>> = own.chain(project.apt.iter().cloned()).collect();
    root.extend(apt::packages(steps, &packages, &root, &facts));
    (root, facts)
}

/// The sources at [`SOURCE`]: files that the build may write beside, as builds do.
fn sources(steps: &mut Steps, project: &Cmake, facts: &Facts) -> StepId {
    let (from, folder) = match &project.source {
        CmakeSource::Context(folder) => {
            let exclude = NOISE.iter().map(|pattern| (*pattern).to_owned());
            let action = Action::Context {
                paths: Vec::from_iter((folder.value != ".").then(|| folder.value.clone())),
                exclude: exclude.chain(facts.exclude.iter().cloned()).collect(),
            };
            (action, folder.value.trim_matches('.'))
        }
        CmakeSource::Git(source) => {
            let checkout = checkout(source, project, facts);
            (
                Action::Git(checkout),
                source.subdir.as_deref().unwrap_or_default(),
            )
        }
    };
    let mut step = |name: String, action| {
        steps.add(Step {
            stage: STAGE,
            name,
            span: project.span,
            platform: On::Any,
            action,
        })
    };
    let from = step(source_title(project), from);
    let copy = FileAction::Copy(CopyAction {
        from,
        source: format!("/{folder}"),
        dest: SOURCE.into(),
        owner: None,
        mode: None,
        exclude: Vec::new(),
    });
    step("lay out the sources".into(), Action::Files(vec![copy]))
}

/// A checkout without `.git`: what is in there differs from one fetch to the next.
pub fn checkout(source: &GitSource, project: &Cmake, facts: &Facts) -> GitCheckout {
    GitCheckout {
        url: source.url.value.clone(),
        reference: source.reference.clone(),
        commit: facts.commits.get(source).cloned(),
        keep_git_dir: false,
        token: project.token.as_ref().map(|token| token.value.clone()),
        agent: project.ssh.first().map(|agent| agent.value.clone()),
    }
}

fn scripts(steps: &mut Steps, project: &Cmake, checked: &Checked) -> Vec<Mount> {
    let mut script = |name: &str, text: &str| steps.script(STAGE, name, text, project.span);
    vec![
        script("cmake.sh", BUILD),
        script("targets.cmake", TARGETS),
        script("collect.cmake", COLLECT),
        script("initial.cmake", &initial(project, checked)),
        script("wanted.cmake", &wanted(project)),
    ]
}

/// Our values of cache variables, where the user has none: those of a command line win over them.
fn initial(project: &Cmake, checked: &Checked) -> String {
    let mut variables: Vec<(&str, String)> = OURS
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    variables.push(("CMAKE_BUILD_TYPE", project.build_type.value.clone()));
    variables.extend(cuda::cmake_architectures(checked).map(|archs| (CUDA_ARCHITECTURES, archs)));
    variables.retain(|(name, _)| project.options.iter().all(|(option, _)| option.value != *name));
    variables
        .iter()
        .map(|(name, value)| format!("set({name} {} CACHE STRING \"\")\n", quoted(value)))
        .collect()
}

/// What the scripts install: targets, or files and where they go.
fn wanted(project: &Cmake) -> String {
    let targets = project.targets.iter().map(|target| &target.value);
    let files = match &project.install {
        CmakeInstall::Files(files) => files.as_slice(),
        _ => &[],
    };
    let files = files.iter().flat_map(|(file, dest)| [&file.value, &dest.value]);
    let list = |words: Vec<String>| words.join(" ");
    format!(
        "set(TARGETS {})\nset(FILES {})\n",
        list(targets.map(|target| quoted(target)).collect()),
        list(files.map(|file| quoted(file)).collect())
    )
}

/// A text as CMake reads it without looking into it (cmake-language(7), bracket arguments).
fn quoted(text: &str) -> String {
    format!("[==[{text}]==]")
}

fn args(project: &Cmake) -> Vec<String> {
    let install = match &project.install {
        CmakeInstall::Targets => "targets".to_owned(),
        CmakeInstall::All => "all".to_owned(),
        CmakeInstall::Component(name) => format!("component:{name}"),
        CmakeInstall::Files(_) => "files".to_owned(),
    };
    let mut args = vec![
        "/bin/sh".into(),
        script_path("cmake.sh"),
        MTIME.to_string(),
        install,
        names(project),
    ];
    let options = project.options.iter();
    args.extend(options.map(|(name, value)| format!("-D{}={}", name.value, value.value)));
    args
}

fn env(project: &Cmake, checked: &Checked, image: &ImageFacts) -> Vec<(String, String)> {
    let mut env = image.config.config.env_pairs();
    cuda::add_build_env(&mut env, checked, checked.base.build.as_ref());
    overlaid(env, owned(&ENVIRONMENT).chain(project.env.iter().cloned()))
}

/// ccache locks what it must itself.
fn ccache() -> Mount {
    Mount {
        path: CCACHE.into(),
        kind: MountKind::Cache {
            id: "modelcrate-ccache".into(),
            sharing: Sharing::Shared,
        },
    }
}

fn names(project: &Cmake) -> String {
    let names: Vec<&str> = project
        .targets
        .iter()
        .map(|target| target.value.as_str())
        .collect();
    names.join(" ")
}

fn title(project: &Cmake) -> String {
    match names(project) {
        none if none.is_empty() => format!("compile {}", called(project)),
        names => format!("compile {names}"),
    }
}

fn source_title(project: &Cmake) -> String {
    match &project.source {
        CmakeSource::Context(_) => format!("sources of {}", called(project)),
        CmakeSource::Git(source) => match &source.reference {
            Some(reference) => format!("fetch {} {reference}", called(project)),
            None => format!("fetch {}", called(project)),
        },
    }
}

/// What people call the project: the last word of where it is.
fn called(project: &Cmake) -> &str {
    let place = match &project.source {
        CmakeSource::Context(folder) if folder.value == "." => "the project",
        CmakeSource::Context(folder) => folder.value.as_str(),
        CmakeSource::Git(source) => source.url.value.as_str(),
    };
    let place = place.trim_end_matches('/').trim_end_matches(".git");
    place.rsplit(['/', ':']).next().unwrap_or(place)
}

#[cfg(test)]
mod tests;
