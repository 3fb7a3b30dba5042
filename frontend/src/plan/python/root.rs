//! The roots that packages are installed and built on. They never ship.

use super::super::environment::{overlaid, owned};
use super::super::{Facts, Key, Mount, MountKind, On, Steps, Tree, apt, cuda};
use super::interpreter;
use crate::check::{Checked, Sharing, Uv};
use crate::source::{Span, Spanned};

const SEAL: &str = include_str!("../scripts/seal.py");

/// Where uv keeps what it downloads.
const CACHE: &str = "/var/cache/modelcrate/uv";

/// A root, and what belongs to working on it.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Root {
    /// Its files.
    pub tree: Tree,
    /// Its environment.
    pub env: Vec<(String, String)>,
    /// uv, where the root has none.
    pub mounts: Vec<Mount>,
    /// Where it runs.
    pub platform: On,
}

/// Where uv comes from: an image, and the folder of its programs there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) struct UvImage {
    /// Its reference.
    pub image: String,
    /// Where `uv` and `uvx` are.
    pub folder: &'static str,
}

/// The image that uv comes from: the one that was named, or a version's on Docker Hub, where uv's own releases go. A
/// system around uv is pulled only where uv's Python stands on it; elsewhere the image of the programs alone will do.
pub(in crate::plan) fn uv_image(checked: &Checked, facts: &Facts) -> UvImage {
    let of_version = |version: &str| match stands_on_uv(checked, facts) {
        true => UvImage {
            image: format!("astral/uv:{version}-debian-slim"),
            folder: "/usr/local/bin",
        },
        false => UvImage {
            image: format!("astral/uv:{version}"),
            folder: "",
        },
    };
    match checked.python.as_ref().map(|python| &python.uv.value) {
        None => of_version(crate::check::UV_VERSION),
        Some(Uv::Version(version)) => of_version(version),
        Some(Uv::Image(image)) => UvImage {
            image: image.clone(),
            folder: "/usr/local/bin",
        },
    }
}

/// Whether packages are installed on uv's own image: there is Python, and it is not the base's.
fn stands_on_uv(checked: &Checked, facts: &Facts) -> bool {
    checked.python.is_some() && !interpreter::is_of_base(checked, facts)
}

/// The image that uv comes from, where the target needs it. The base must be known.
pub fn tools_image(checked: &Checked, facts: &Facts) -> Option<Spanned<String>> {
    let of_python = checked.python.as_ref().map(|python| python.uv.span);
    let span = of_python.or_else(|| checked.tools.first().map(|tool| tool.span))?;
    Some(Spanned::new(uv_image(checked, facts).image, span))
}

/// The root for packages that need no compiler.
pub(super) fn wheel_root(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Root {
    let skeleton = interpreter::skeleton(steps, checked, facts);
    let mut root;
    if interpreter::is_of_base(checked, facts) {
        root = base_root(steps, checked, facts);
    } else {
        root = uv_root(steps, checked, facts);
        root.tree
            .extend(interpreter::layer(steps, checked, facts, On::Build));
    }
    root.tree.push(skeleton);
    root
}

/// The root for uv alone, a part of the one for packages: nothing is pulled for it that is not pulled for them.
pub(super) fn uv_root(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Root {
    let python = checked.python.as_ref();
    let span = python.map(|python| python.span).unwrap_or_default();
    if interpreter::is_of_base(checked, facts) {
        // One export for all platforms, and none on an emulated machine.
        let on = if facts.beside_native {
            On::Build
        } else {
            On::Target
        };
        return image_root(steps, checked, facts, (checked.base.image.as_ref(), on), span);
    }
    let UvImage { image, .. } = uv_image(checked, facts);
    Root {
        tree: vec![steps.image("python", &image, span, On::Build)],
        env: facts.image(&image).config.config.env_pairs(),
        mounts: Vec::new(),
        platform: On::Build,
    }
}

/// The root for what must be compiled: the build image with `python.apt`, the interpreter and uv.
pub(in crate::plan) fn build_root(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Root {
    build_root_with(steps, checked, facts, &[])
}

/// The same with more Debian packages.
pub(super) fn build_root_with(
    steps: &mut Steps,
    checked: &Checked,
    facts: &Facts,
    more: &[Spanned<String>],
) -> Root {
    let Some(python) = &checked.python else {
        let image = checked.base.build.as_ref();
        let mut root = image_root(steps, checked, facts, (image, On::Target), Span::default());
        cuda::add_build_env(&mut root.env, checked, image);
        return root;
    };
    let own = interpreter::is_of_base(checked, facts);
    let image = if own {
        checked.base.image.as_ref()
    } else {
        checked.base.build.as_ref()
    };
    let mut root = if own {
        base_root(steps, checked, facts)
    } else {
        image_root(steps, checked, facts, (image, On::Target), python.span)
    };
    cuda::add_build_env(&mut root.env, checked, image);
    let image = image.map(|image| facts.image(image)).unwrap_or_default();
    root.tree.extend(apt::packages(
        steps,
        &[&python.apt, more].concat(),
        &root.tree,
        &image,
    ));
    root.tree
        .extend(interpreter::layer(steps, checked, facts, On::Target));
    root.tree.push(interpreter::skeleton(steps, checked, facts));
    root
}

/// The base with its own interpreter and with uv in sight.
pub(super) fn base_root(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Root {
    let span = checked
        .python
        .as_ref()
        .map(|python| python.span)
        .unwrap_or_default();
    let mut root = image_root(
        steps,
        checked,
        facts,
        (checked.base.image.as_ref(), On::Target),
        span,
    );
    root.tree
        .extend(apt_of_interpreter(steps, checked, facts, &root.tree));
    root
}

/// An image of a platform with uv in sight.
fn image_root(
    steps: &mut Steps,
    checked: &Checked,
    facts: &Facts,
    (image, on): (Option<&Spanned<String>>, On),
    span: Span,
) -> Root {
    let mut root = Root {
        tree: Tree::new(),
        env: Vec::new(),
        mounts: Vec::new(),
        platform: on,
    };
    if let Some(image) = image {
        root.tree.push(steps.image("base", &image.value, image.span, on));
        root.env = facts.image(image).config.config.env_pairs();
    }
    if checked.python.is_some() {
        let UvImage { image, folder } = uv_image(checked, facts);
        let from = steps.image("python", &image, span, on);
        let selector = Some(format!("{folder}/uv"));
        let kind = MountKind::Files {
            from,
            selector,
            key: Key::Name,
        };
        root.mounts.push(Mount {
            path: "/usr/local/bin/uv".into(),
            kind,
        });
    }
    root
}

/// An interpreter that was named by its path may be one of the image's packages.
fn apt_of_interpreter(
    steps: &mut Steps,
    checked: &Checked,
    facts: &Facts,
    below: &Tree,
) -> Option<super::super::StepId> {
    let python = checked.python.as_ref()?;
    let crate::check::Interpreter::Base(_) = python.interpreter else {
        return None;
    };
    let image = checked
        .base
        .image
        .as_ref()
        .map(|image| facts.image(image))
        .unwrap_or_default();
    apt::install(steps, &checked.apt, below, &image)
}

/// The environment of every step that runs uv, over the image's own (uv's container guide; `reference/environment`).
pub(super) fn uv_env(image: Vec<(String, String)>, more: Vec<(String, String)>) -> Vec<(String, String)> {
    let ours = [
        ("HOME", "/tmp"),
        ("UV_CACHE_DIR", CACHE),
        ("UV_LINK_MODE", "copy"),
        // Between two bytes of a large wheel on a slow or busy line.
        ("UV_HTTP_TIMEOUT", "300"),
        // Half a minute without a name server or a line fails no build.
        ("UV_HTTP_RETRIES", "5"),
        ("UV_NO_INSTALLER_METADATA", "1"),
        ("UV_NO_PROGRESS", "1"),
        ("UV_PREVIEW_FEATURES", "pylock"),
        ("UV_PYTHON_DOWNLOADS", "manual"),
        ("UV_PYTHON_INSTALL_BIN", "0"),
        // Build back ends stamp what they pack with it.
        ("SOURCE_DATE_EPOCH", "315532800"),
        // Debug information names the random folder that uv compiles in.
        ("CFLAGS", "-g0"),
        ("CXXFLAGS", "-g0"),
    ];
    overlaid(image, owned(&ours).chain(more))
}

/// uv's cache; uv locks what it must itself.
pub(super) fn uv_cache() -> Mount {
    let kind = MountKind::Cache {
        id: "modelcrate-uv".into(),
        sharing: Sharing::Shared,
    };
    Mount {
        path: CACHE.into(),
        kind,
    }
}

/// The program that makes layers the same bytes everywhere.
pub(super) fn seal(steps: &mut Steps, span: Span) -> Mount {
    steps.script("python", "seal.py", SEAL, span)
}

/// Files of the context or of a repository at `/src`.
pub(super) fn source_mount(from: super::super::StepId) -> Mount {
    Mount {
        path: "/src".into(),
        kind: MountKind::Files {
            from,
            selector: None,
            key: Key::Bytes,
        },
    }
}
