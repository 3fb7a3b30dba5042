//! Packages of indexes as layers: a step for each part of the lock.

use super::super::{
    Action, Exec, Facts, FileAction, Keep, Key, MTIME, Mount, MountKind, On, Step, StepId, Steps, script_path,
};
use super::index::{self, Access};
use super::libc::glibc;
use super::root::{self, Root};
use crate::check::{Checked, Python};
use crate::python::{Part, machine_of};

const INSTALL: &str = include_str!("../scripts/install.sh");

/// What all packages of a target share.
pub(super) struct Packages<'a> {
    pub python: &'a Python,
    pub checked: &'a Checked,
    pub facts: &'a Facts,
    /// Where the parts of the lock come from.
    pub origin: Option<FileAction>,
}

/// A step that installs something.
pub(super) struct Install {
    /// What it is called.
    pub name: String,
    /// Where it runs.
    pub root: Root,
    /// Which script it runs, and with what after the time.
    pub script: &'static str,
    pub args: Vec<String>,
    /// What it reads.
    pub mounts: Vec<Mount>,
    /// What it may ask.
    pub access: Access,
}

impl Packages<'_> {
    /// The layer of one part of the lock.
    pub fn part(&self, steps: &mut Steps, part: &Part) -> StepId {
        let root = if part.builds {
            root::build_root(steps, self.checked, self.facts)
        } else {
            root::wheel_root(steps, self.checked, self.facts)
        };
        let file = format!("pylock.{}.toml", part.name);
        let mounts = vec![
            steps.script("python", "install.sh", INSTALL, self.python.span),
            self.part_file(steps, &file, &part.text),
        ];
        let mut args = vec!["--require-hashes".into()];
        if !part.builds {
            args.push("--no-build".into());
        }
        args.extend(self.foreign(&root));
        args.extend(["-r".into(), script_path(&file)]);
        let from = |url: &str| {
            part.indexes
                .iter()
                .any(|of_package| index::same_index(url, of_package))
        };
        // What a build requires may come from any of the declared indexes.
        let mut access = index::access(self.python, self.facts, |url| part.builds || from(url));
        if part.builds {
            access.env.extend(self.build_env());
        }
        let install = Install {
            name: install_title(part),
            root,
            script: "install.sh",
            args,
            mounts,
            access,
        };
        self.install(steps, install)
    }

    /// A mount of a part's own lock.
    fn part_file(&self, steps: &mut Steps, name: &str, text: &str) -> Mount {
        let mut actions = vec![FileAction::File {
            path: format!("/{name}"),
            mode: 0o644,
            text: text.to_owned(),
        }];
        actions.extend(self.origin.clone());
        let from = steps.add(Step {
            stage: "python",
            name: format!("write {name}"),
            span: self.python.span,
            platform: On::Any,
            action: Action::Files(actions),
        });
        Mount {
            path: script_path(name),
            kind: MountKind::Files {
                from,
                selector: Some(format!("/{name}")),
                key: Key::Bytes,
            },
        }
    }

    /// The step, with what all of them need.
    pub fn install(&self, steps: &mut Steps, install: Install) -> StepId {
        let span = self.python.span;
        let Install { name, root, .. } = install;
        let mut mounts = install.mounts;
        mounts.extend(root.mounts);
        mounts.extend([root::seal(steps, span), root::uv_cache()]);
        let mut args = vec!["/bin/sh".into(), script_path(install.script), MTIME.to_string()];
        args.extend(install.args);
        let action = Action::Exec(Exec {
            root: root.tree,
            root_key: Key::Name,
            keep: Keep::Layer,
            args,
            env: root::uv_env(root.env, install.access.env),
            cwd: "/".into(),
            mounts,
            secret_env: install.access.secrets,
            network: None,
        });
        steps.add(Step {
            stage: "python",
            name,
            span,
            platform: root.platform,
            action,
        })
    }

    /// The user's environment of builds.
    pub fn build_env(&self) -> impl Iterator<Item = (String, String)> {
        let entries = self.python.build_env.iter();
        entries.map(|(name, value)| (name.clone(), value.value.clone()))
    }

    /// Says which platform the packages are for. Wheels are chosen for the C library of the base, not for that of the
    /// root that installs them.
    pub fn foreign(&self, root: &Root) -> Option<String> {
        if root.platform == On::Target {
            return None;
        }
        let machine = machine_of(&self.facts.target.1)?;
        let base = self.checked.base.image.as_ref();
        let glibc = glibc(base.map_or("", |base| base.value.as_str()));
        Some(format!("--python-platform={machine}-manylinux_{glibc}"))
    }
}

fn install_title(part: &Part) -> String {
    match part.packages.as_slice() {
        [one] => format!("install {one}"),
        many => format!("install {} ({} packages)", part.name, many.len()),
    }
}
