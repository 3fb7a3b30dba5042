//! The interpreter: the base image's own, or uv's build in a layer of its own.

use super::super::{
    Action, Exec, Facts, FileAction, Keep, Key, MTIME, Mount, MountKind, On, Step, StepId, Steps, script_path,
};
use super::VENV;
use super::root::{UvImage, base_root, seal, uv_env, uv_image};
use crate::check::{Checked, Interpreter, Network, Python};
use crate::image::ContainerConfig;
use crate::python::{PythonVersion, machine_of};
use crate::source::{Span, Spanned};

const SCRIPT: &str = include_str!("../scripts/interpreter.sh");
const ENVIRONMENT: &str = include_str!("../scripts/environment.sh");

/// uv's variables for the addresses of its builds (uv `docs/reference/environment.md`). As build args they are the
/// builder's: a machine with a mirror of its own needs no change of the spec.
pub const MIRROR: &str = "UV_PYTHON_INSTALL_MIRROR";
/// A JSON list of builds.
pub const DOWNLOADS: &str = "UV_PYTHON_DOWNLOADS_JSON_URL";

/// Where uv's builds lie in images.
pub const INTERPRETER: &str = "/opt/python";

/// Where the interpreter of a target comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This program of the base image.
    Base(String),
    /// uv's build of this version, in `/opt/python`.
    Uv(PythonVersion),
}

/// Where the interpreter comes from, once the base's config and the version are known.
pub fn interpreter(python: &Python, base: &ContainerConfig, version: &PythonVersion) -> Found {
    match &python.interpreter {
        Interpreter::Base(path) => Found::Base(path.value.clone()),
        Interpreter::Uv => Found::Uv(version.clone()),
        Interpreter::Auto => match base_version(base) {
            Some(of_base) if version.takes(&of_base) => {
                Found::Base(format!("/usr/local/bin/python{}", version.short()))
            }
            _ => Found::Uv(version.clone()),
        },
    }
}

/// The version that a target gets: what the spec says, else what the base has, else what the project's
/// `.python-version` says. A base that has the written version says its patch too.
pub fn python_version(python: &Python, base: &ContainerConfig, pin: Option<&str>) -> Option<PythonVersion> {
    let of_base = base_version(base);
    if let Some(version) = &python.version {
        let written = PythonVersion::parse(version)?;
        let is_of_base = matches!(python.interpreter, Interpreter::Auto) && written.patch.is_none();
        let exact = of_base.filter(|of_base| is_of_base && written.takes(of_base));
        return Some(exact.unwrap_or(written));
    }
    of_base.or_else(|| {
        let lines = pin?.lines().map(str::trim);
        let line = lines
            .into_iter()
            .find(|line| !line.is_empty() && !line.starts_with('#'))?;
        PythonVersion::parse(line.trim_start_matches("cpython-").trim_start_matches("cpython@"))
    })
}

/// The official `python` images say their version in `PYTHON_VERSION` (docker-library/python `Dockerfile-linux.template`)
/// and keep it in `/usr/local/bin`.
fn base_version(base: &ContainerConfig) -> Option<PythonVersion> {
    PythonVersion::parse(base.env_var("PYTHON_VERSION")?)
}

/// Whether the interpreter is that of a base that is known. Its config settles it: where that says no version, neither the
/// spec's nor that of `.python-version` is the base's.
pub(super) fn is_of_base(checked: &Checked, facts: &Facts) -> bool {
    let (Some(python), Some(base)) = (&checked.python, &checked.base.image) else {
        return false;
    };
    let config = facts.image(base).config.config;
    match python_version(python, &config, None) {
        Some(version) => matches!(interpreter(python, &config, &version), Found::Base(_)),
        None => matches!(python.interpreter, Interpreter::Base(_)),
    }
}

/// Where the interpreter of a target comes from; none where it has no `python:`, or no version is known yet.
pub fn interpreter_of(checked: &Checked, facts: &Facts) -> Option<Found> {
    let base = checked
        .base
        .image
        .as_ref()
        .map(|base| facts.image(base))
        .unwrap_or_default();
    Some(interpreter(
        checked.python.as_ref()?,
        &base.config.config,
        facts.python_version.as_ref()?,
    ))
}

/// The layer of uv's build; nothing when the base has the interpreter.
pub(super) fn layer(steps: &mut Steps, checked: &Checked, facts: &Facts, platform: On) -> Option<StepId> {
    let python = checked.python.as_ref()?;
    let Found::Uv(version) = interpreter_of(checked, facts)? else {
        return None;
    };
    let foreign = platform == On::Target && !facts.native;
    // Byte code is the same on every machine, so the build platform's Python makes it for a foreign one.
    let native = if foreign {
        layer(steps, checked, facts, On::Build)
    } else {
        None
    };
    let mut mounts = vec![
        steps.script("python", "interpreter.sh", SCRIPT, python.span),
        seal(steps, python.span),
    ];
    mounts.extend(native.map(|from| Mount {
        path: "/run/modelcrate/python".into(),
        kind: MountKind::Files {
            from,
            selector: Some(INTERPRETER.into()),
            key: Key::Name,
        },
    }));
    let UvImage { image, .. } = uv_image(checked, facts);
    let tools = steps.image("python", &image, python.uv.span, On::Build);
    let machine = machine(facts, platform);
    let action = Action::Exec(Exec {
        root: vec![tools],
        root_key: Key::Name,
        keep: Keep::Layer,
        args: vec![
            "/bin/sh".into(),
            script_path("interpreter.sh"),
            MTIME.to_string(),
            format!("cpython-{}-linux-{machine}", version.full()),
            version.short(),
        ],
        env: uv_env(
            facts.image(&image).config.config.env_pairs(),
            addresses(python, facts),
        ),
        cwd: "/".into(),
        mounts,
        secret_env: Vec::new(),
        network: None,
    });
    let name = format!("install Python {} for {machine}", version.full());
    Some(steps.add(Step {
        stage: "python",
        name,
        span: python.span,
        // uv unpacks builds for any machine on its own.
        platform: On::Build,
        action,
    }))
}

/// Where uv's builds are, when not where uv thinks: what the spec says, else what the builder was told.
fn addresses(python: &Python, facts: &Facts) -> Vec<(String, String)> {
    let written = [(MIRROR, &python.mirror), (DOWNLOADS, &python.downloads)];
    let address = |(name, value): (&str, &Option<Spanned<String>>)| {
        let value = value
            .as_ref()
            .map(|value| &value.value)
            .or_else(|| facts.python_addresses.get(name))?;
        Some((name.to_owned(), value.clone()))
    };
    written.into_iter().filter_map(address).collect()
}

/// `x86_64-gnu`: machine and C library as uv names its builds (uv `crates/uv-python/src/platform.rs`).
fn machine(facts: &Facts, platform: On) -> String {
    let architecture = if platform == On::Target {
        &facts.target.1
    } else {
        &facts.build_architecture
    };
    match machine_of(architecture) {
        Some("armv7l") => "armv7-gnueabihf".into(),
        machine => format!("{}-gnu", machine.unwrap_or(architecture)),
    }
}

/// The environment without packages: links to the interpreter and `pyvenv.cfg`. Around an interpreter of the base it
/// is handed on by a step that looks at that interpreter first.
pub(super) fn skeleton(steps: &mut Steps, checked: &Checked, facts: &Facts) -> StepId {
    let span = checked
        .python
        .as_ref()
        .map(|python| python.span)
        .unwrap_or_default();
    let version = facts.python_version.clone().unwrap_or_default();
    let short = version.short();
    match interpreter_of(checked, facts) {
        Some(Found::Base(program)) => {
            let files = links(steps, &program, &short, span);
            proven(steps, checked, facts, files, &program, &version)
        }
        _ => links(
            steps,
            &format!("{INTERPRETER}/{short}/bin/python{short}"),
            &short,
            span,
        ),
    }
}

/// An environment is made without running anything: Python's `site` module reads `home` and
/// `include-system-site-packages`.
fn links(steps: &mut Steps, program: &str, short: &str, span: Span) -> StepId {
    let home = program.rsplit_once('/').map_or("", |(home, _)| home);
    let cfg = format!(
        "home = {home}\nimplementation = CPython\nversion_info = {short}\ninclude-system-site-packages = false\n"
    );
    let folder = |path: String| FileAction::Folder {
        path,
        mode: 0o755,
        owner: None,
    };
    let link = |target: &str, name: &str| FileAction::Link {
        target: target.into(),
        path: format!("{VENV}/{name}"),
    };
    let action = Action::Files(vec![
        folder(format!("{VENV}/bin")),
        folder(format!("{VENV}/lib/python{short}/site-packages")),
        link(program, "bin/python"),
        link("python", "bin/python3"),
        link("python", &format!("bin/python{short}")),
        link("lib", "lib64"),
        FileAction::File {
            path: format!("{VENV}/pyvenv.cfg"),
            mode: 0o644,
            text: cfg,
        },
    ]);
    steps.add(Step {
        stage: "python",
        name: format!("make {VENV}"),
        span,
        platform: On::Any,
        action,
    })
}

/// What a base says of its interpreter is not always so, and a path that the user named says nothing at all.
fn proven(
    steps: &mut Steps,
    checked: &Checked,
    facts: &Facts,
    files: StepId,
    program: &str,
    version: &PythonVersion,
) -> StepId {
    let span = checked
        .python
        .as_ref()
        .map(|python| {
            python
                .version
                .as_ref()
                .map_or(python.span, |version| version.span)
        })
        .unwrap_or_default();
    let root = base_root(steps, checked, facts);
    let environment = Mount {
        path: "/run/modelcrate/environment".into(),
        kind: MountKind::Files {
            from: files,
            selector: None,
            key: Key::Bytes,
        },
    };
    let action = Action::Exec(Exec {
        root: root.tree,
        root_key: Key::Name,
        keep: Keep::Layer,
        args: vec![
            "/bin/sh".into(),
            script_path("environment.sh"),
            MTIME.to_string(),
            program.to_owned(),
            PythonVersion {
                pre: String::new(),
                ..version.clone()
            }
            .full(),
        ],
        env: root.env,
        cwd: "/".into(),
        mounts: vec![
            steps.script("python", "environment.sh", ENVIRONMENT, span),
            environment,
        ],
        secret_env: Vec::new(),
        network: Some(Network::None),
    });
    steps.add(Step {
        stage: "python",
        name: format!("check {program}"),
        span,
        platform: On::Target,
        action,
    })
}
