//! The root that programs are compiled on, and the toolchain in it. Neither ships.

use super::super::{
    Action, CopyAction, Exec, Facts, FileAction, Keep, Key, Mount, MountKind, On, Step, StepId, Steps, Tree,
    apt, script_path,
};
use super::Entry;
use super::system::{BOOKWORM, System, system};
use crate::check::{Checked, Rust, defaults};
use crate::image::ContainerConfig;
use crate::rust::{Channel, Workspace};
use crate::source::Spanned;

const TOOLCHAIN: &str = include_str!("../scripts/toolchain.sh");

/// Where a toolchain lies that is not part of the root.
const BESIDE: &str = "/run/modelcrate/rust";
/// Certificates that cargo downloads with, where the system has none.
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";
/// What it lies there without: nothing of it compiles. Layers of toolchains go to caches and come from them.
const NOT_COMPILING: [&str; 9] = [
    "downloads",
    "tmp",
    "update-hashes",
    "toolchains/*/bin/rust-*",
    "toolchains/*/bin/rustdoc",
    "toolchains/*/etc",
    "toolchains/*/lib/rustlib/components",
    "toolchains/*/libexec",
    "toolchains/*/share",
];
/// What a system needs besides a toolchain: Rust links with the C compiler.
const LINKER: [&str; 2] = ["gcc", "libc6-dev"];

/// A root, and what belongs to compiling on it.
pub(super) struct Root {
    pub tree: Tree,
    pub env: Vec<(String, String)>,
    /// The toolchain, where the root has none.
    pub mounts: Vec<Mount>,
}

/// The images that an entry compiles with, once the images that the spec names are known.
pub fn toolchain_images(
    rust: &Rust,
    workspace: &Workspace,
    checked: &Checked,
    facts: &Facts,
) -> Vec<Spanned<String>> {
    if has_toolchain(rust, facts) {
        return Vec::new();
    }
    let span = rust.span;
    let mut images = vec![Spanned::new(official(rust, workspace), span)];
    if let Ground::System(image) = ground(rust, checked) {
        images.push(Spanned::new(image, span));
    }
    images
}

/// What a program is compiled on.
enum Ground {
    /// Rust's own image.
    Official,
    /// Another system, with the toolchain beside it.
    System(String),
}

fn ground(rust: &Rust, checked: &Checked) -> Ground {
    if let Some(image) = &rust.image {
        return Ground::System(image.value.clone());
    }
    let base = checked.base.image.as_ref();
    let is_musl = rust.target.as_ref().is_some_and(|target| is_musl(&target.value));
    match system(base.map(|base| base.value.as_str())) {
        System::Static | System::Release(BOOKWORM) => Ground::Official,
        _ if is_musl => Ground::Official,
        System::Release(image) => Ground::System(image.to_owned()),
        System::Unknown => Ground::System(base.map(|base| base.value.clone()).unwrap_or_default()),
    }
}

fn is_musl(target: &crate::check::RustTarget) -> bool {
    match target {
        crate::check::RustTarget::Musl => true,
        crate::check::RustTarget::Triple(triple) => triple.contains("-musl"),
        crate::check::RustTarget::Gnu => false,
    }
}

/// Whether the image to compile on brings a toolchain along: it says so in its environment, as Rust's official images do.
fn has_toolchain(rust: &Rust, facts: &Facts) -> bool {
    let says = |image: &Spanned<String>| {
        let config = facts.image(image).config.config;
        ["RUST_VERSION", "RUSTUP_HOME", "CARGO_HOME"]
            .iter()
            .any(|name| config.env_var(name).is_some())
    };
    rust.image.as_ref().is_some_and(says)
}

/// The channel: the spec's, the toolchain file's, or a default.
fn channel(rust: &Rust, workspace: &Workspace) -> Channel {
    let said = rust.toolchain.as_ref().map(|toolchain| toolchain.value.clone());
    let of_file = || Channel::parse(workspace.toolchain.channel.as_deref()?).ok();
    said.or_else(of_file)
        .unwrap_or_else(|| Channel::Release(defaults::RUST.into()))
}

/// Rust's official image for a channel (Docker Hub, `library/rust`). Nightlies are installed on the default one.
fn official(rust: &Rust, workspace: &Workspace) -> String {
    match channel(rust, workspace) {
        Channel::Release(version) => format!("rust:{version}-slim-bookworm"),
        Channel::Stable => "rust:slim-bookworm".into(),
        Channel::Dated(_) => format!("rust:{}-slim-bookworm", defaults::RUST),
    }
}

impl Entry<'_> {
    /// The root for downloading crates: that for compiling, without packages. So no engine pulls another image for it.
    pub fn download_root(&self, steps: &mut Steps) -> Root {
        self.bare_root(steps, On::Build, false).0
    }

    /// The root for compiling.
    pub fn compile_root(&self, steps: &mut Steps) -> Root {
        let (mut root, image) = self.bare_root(steps, self.target.platform, true);
        let linker: &[&str] = if root.mounts.is_empty() { &[] } else { &LINKER };
        self.install(steps, &mut root, &image, linker);
        root
    }

    /// A system and a toolchain, and the system's image.
    fn bare_root(&self, steps: &mut Steps, on: On, compiles: bool) -> (Root, String) {
        let own = self
            .rust
            .image
            .as_ref()
            .filter(|_| has_toolchain(self.rust, self.facts));
        let official = own.map_or_else(|| official(self.rust, self.workspace), |own| own.value.clone());
        let ground = match own {
            Some(_) => Ground::Official,
            None => ground(self.rust, self.checked),
        };
        // One layer of a toolchain is enough: crates are downloaded with that which compiles.
        let is_beside = matches!(ground, Ground::System(_));
        let compiles = compiles || (is_beside && on == self.target.platform);
        let toolchain = self.toolchain(steps, &official, on, compiles);
        let of_toolchain = self.facts.image(&official).config.config;
        let Ground::System(system) = ground else {
            let root = Root {
                tree: toolchain,
                env: of_toolchain.env_pairs(),
                mounts: Vec::new(),
            };
            return (root, official);
        };
        let mut env = self.facts.image(&system).config.config.env_pairs();
        let homes = of_toolchain.env_pairs().into_iter();
        env.extend(homes.filter(|(name, _)| name == "RUSTUP_HOME" || name == "CARGO_HOME"));
        let root = Root {
            tree: vec![steps.image("rust", &system, self.rust.span, on)],
            env,
            mounts: self.beside(steps, &toolchain, &of_toolchain, on),
        };
        (root, system)
    }

    /// The toolchain in sight of a root that has none. It is taken out of its image into a layer of its own: an empty engine that
    /// compiles pulls that and nothing else of the image.
    fn beside(&self, steps: &mut Steps, toolchain: &Tree, config: &ContainerConfig, on: On) -> Vec<Mount> {
        let Some(from) = toolchain.last().copied() else {
            return Vec::new();
        };
        let home = |name: &str, usual: &str| config.env_var(name).unwrap_or(usual).to_owned();
        let taken = |path: String, exclude: &[&str]| {
            FileAction::Copy(CopyAction {
                from,
                dest: path.clone(),
                source: path,
                owner: None,
                mode: None,
                exclude: exclude.iter().map(|pattern| (*pattern).to_owned()).collect(),
            })
        };
        let action = Action::Files(vec![
            taken(home("RUSTUP_HOME", "/usr/local/rustup"), &NOT_COMPILING),
            // Settings, such as a mirror.
            taken(
                home("CARGO_HOME", "/usr/local/cargo"),
                &["bin", "git", "registry"],
            ),
            taken(CERTIFICATES.to_owned(), &[]),
        ]);
        let from = self.step(steps, "take the toolchain".into(), on, action);
        vec![Mount {
            path: BESIDE.into(),
            kind: MountKind::Files {
                from,
                selector: None,
                key: Key::Name,
            },
        }]
    }

    /// The image with the toolchain, and what it lacks: another channel, the target's standard library.
    fn toolchain(&self, steps: &mut Steps, image: &str, on: On, compiles: bool) -> Tree {
        let span = self.rust.span;
        let mut tree = vec![steps.image("rust", image, span, on)];
        let channel = match channel(self.rust, self.workspace) {
            Channel::Dated(channel) if self.rust.image.is_none() => Some(channel),
            _ => None,
        };
        let triple = Some(&self.target.triple).filter(|triple| compiles && **triple != self.target.host);
        if channel.is_none() && triple.is_none() {
            return tree;
        }
        let name = match triple {
            Some(triple) => format!("install Rust's standard library for {triple}"),
            None => "install Rust".to_owned(),
        };
        let or_dash = |text: Option<&String>| text.cloned().unwrap_or_else(|| "-".into());
        let mut args = vec!["/bin/sh".into(), script_path("toolchain.sh")];
        args.extend([or_dash(channel.as_ref()), or_dash(triple)]);
        args.extend(self.workspace.toolchain.components.iter().cloned());
        let action = Action::Exec(Exec {
            root: tree.clone(),
            root_key: Key::Name,
            keep: Keep::Changes,
            args,
            env: self.facts.image(image).config.config.env_pairs(),
            cwd: "/".into(),
            mounts: vec![steps.script("rust", "toolchain.sh", TOOLCHAIN, span)],
            secret_env: Vec::new(),
            network: None,
        });
        tree.push(self.step(steps, name, on, action));
        tree
    }

    /// Debian packages on the root: the user's, and those of the target.
    fn install(&self, steps: &mut Steps, root: &mut Root, image: &str, more: &[&str]) {
        let user = &self.rust.apt;
        let mut names: Vec<String> = more.iter().map(|name| (*name).to_owned()).collect();
        if let Some(cross) = &self.target.cross {
            let cxx = user
                .iter()
                .any(|package| ["g++", "build-essential"].contains(&package.value.as_str()));
            names.extend(cross.packages(cxx));
        } else if self.target.is_musl() {
            names.push("musl-tools".into());
        }
        let ours = names.into_iter().map(|name| Spanned::new(name, self.rust.span));
        let packages: Vec<Spanned<String>> = ours.chain(user.iter().cloned()).collect();
        let image = self.facts.image(image);
        let installed = apt::packages_on(steps, &packages, &root.tree, &image, self.target.platform);
        root.tree.extend(installed);
    }

    pub fn step(&self, steps: &mut Steps, name: String, platform: On, action: Action) -> StepId {
        steps.add(Step {
            stage: "rust",
            name,
            span: self.rust.span,
            platform,
            action,
        })
    }
}
