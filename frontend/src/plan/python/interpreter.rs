//! The interpreter: the base image's own, or uv's build in a layer of its own.

use super::super::{
    Action, Exec, Facts, FileAction, Keep, Key, MTIME, Mount, MountKind, On, Step, StepId, Steps, script_path,
};
use super::VENV;
use super::root::{seal, uv_env, uv_image};
use crate::check::{Checked, Interpreter, Python};
use crate::image::ContainerConfig;
use crate::python::{Environment, PythonVersion};
use crate::source::Spanned;

const SCRIPT: &str = include_str!("../scripts/interpreter.sh");

/// uv's variables for the addresses of its builds (uv `docs/reference/environment.md`). As build args they are the
/// builder's: a machine with a mirror of its own needs no change of the spec.
pub const MIRROR: &str = "UV_PYTHON_INSTALL_MIRROR";
/// A JSON list of builds.
pub const DOWNLOADS: &str = "UV_PYTHON_DOWNLOADS_JSON_URL";

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
/// `.python-version` says.
pub fn python_version(python: &Python, base: &ContainerConfig, pin: Option<&str>) -> Option<PythonVersion> {
    let written = python
        .version
        .as_ref()
        .and_then(|version| PythonVersion::parse(version));
    let pinned = || PythonVersion::parse(pin?.lines().map(str::trim).find(|line| !line.is_empty())?);
    written.or_else(|| base_version(base)).or_else(pinned)
}

/// The official `python` images say their version in `PYTHON_VERSION` (docker-library/python `Dockerfile-linux.template`)
/// and keep it in `/usr/local/bin`.
fn base_version(base: &ContainerConfig) -> Option<PythonVersion> {
    PythonVersion::parse(base.env_var("PYTHON_VERSION")?)
}

/// What this target has.
pub(super) fn found(checked: &Checked, facts: &Facts) -> Option<Found> {
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
    let Found::Uv(version) = found(checked, facts)? else {
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
            selector: Some("/opt/python".into()),
            key: Key::Name,
        },
    }));
    let tools = steps.image("python", &uv_image(checked), python.uv.span, On::Build);
    let machine = machine(facts, platform);
    let action = Action::Exec(Exec {
        root: vec![tools],
        keep: Keep::Layer,
        args: vec![
            "/bin/sh".into(),
            script_path("interpreter.sh"),
            MTIME.to_string(),
            format!("cpython-{}-linux-{machine}", version.full()),
            version.short(),
        ],
        env: uv_env(
            facts.image(&uv_image(checked)).config.config.env_pairs(),
            addresses(python, facts),
        ),
        cwd: "/".into(),
        mounts,
        secret_env: Vec::new(),
        network: None,
    });
    // A native build is the build platform's own: one step serves both.
    let on = On::Build;
    let name = format!("install Python {} for {machine}", version.full());
    Some(steps.add(Step {
        stage: "python",
        name,
        span: python.span,
        platform: on,
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
    let version = PythonVersion {
        major: 3,
        minor: 0,
        patch: None,
    };
    match Environment::linux(version, architecture) {
        Some(environment) if environment.machine == "armv7l" => "armv7-gnueabihf".into(),
        Some(environment) => format!("{}-gnu", environment.machine),
        None => format!("{architecture}-gnu"),
    }
}

/// The environment without packages, made without running anything: links to the interpreter and `pyvenv.cfg`
/// (Python's `site` module reads `home` and `include-system-site-packages`).
pub(super) fn skeleton(steps: &mut Steps, checked: &Checked, facts: &Facts) -> StepId {
    let span = checked
        .python
        .as_ref()
        .map(|python| python.span)
        .unwrap_or_default();
    let short = facts
        .python_version
        .as_ref()
        .map(PythonVersion::short)
        .unwrap_or_default();
    let program = match found(checked, facts) {
        Some(Found::Base(program)) => program,
        _ => format!("/opt/python/{short}/bin/python{short}"),
    };
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
        link(&program, "bin/python"),
        link("python", "bin/python3"),
        link("python", &format!("bin/python{short}")),
        link("lib", "lib64"),
        FileAction::File {
            path: format!("{VENV}/pyvenv.cfg"),
            mode: 0o644,
            text: cfg,
        },
    ]);
    let name = format!("make {VENV}");
    steps.add(Step {
        stage: "python",
        name,
        span,
        platform: On::Any,
        action,
    })
}
