//! Crates and git repositories are downloaded once, in the one step that has network and tokens.

use super::super::{
    Action, Exec, Keep, Key, Mount, MountKind, On, SecretEnv, StepId, Steps, script_path, ssh,
};
use super::Entry;
use super::sources::BUILD;
use crate::check::Sharing;
use crate::source::Spanned;

const FETCH: &str = include_str!("../scripts/fetch.sh");
const RUST: &str = include_str!("../scripts/rust.sh");

/// Where cargo keeps what it downloads, between builds. Cargo locks what it must itself.
const CACHE: &str = "/var/cache/modelcrate/cargo";
/// The secret that engines and other tools know for git (buildkit `source/git/source.go`).
const GIT_TOKEN: &str = "GIT_AUTH_TOKEN";

impl Entry<'_> {
    /// The layer of downloaded crates, in cargo's home. It never ships.
    pub fn crates(&self, steps: &mut Steps) -> StepId {
        let mut root = self.download_root(steps);
        root.tree.extend(self.skeleton(steps));
        let lock = &self.workspace.lock;
        let list = steps.script("rust", "crates.txt", &self.list(), self.rust.span);
        let mut mounts = self.scripts(steps, "fetch.sh", FETCH);
        mounts.extend([list, cache()]);
        mounts.extend(root.mounts);
        mounts.extend(self.agents());
        let mut args = vec!["/bin/sh".into(), script_path("fetch.sh")];
        let hosts: Vec<&str> = lock.git_hosts().into_iter().collect();
        args.extend([folder(self), hosts.join(" ")]);
        args.push(format!("--target={}", self.target.triple));
        args.extend(self.selection());
        mounts.extend(hosts.iter().flat_map(|host| self.git_secrets(host)));
        let action = Action::Exec(Exec {
            root: root.tree,
            root_key: Key::Name,
            keep: Keep::Layer,
            args,
            env: super::compile::environment(root.env, Vec::new()),
            cwd: "/".into(),
            mounts,
            secret_env: self.registry_tokens(),
            network: None,
        });
        let name = match hosts.is_empty() {
            true => "download crates".to_owned(),
            false => "download crates (private git repositories: --secret id=GIT_AUTH_TOKEN)".to_owned(),
        };
        self.step(steps, name, On::Build, action)
    }

    /// A script of ours with what all of them share.
    pub fn scripts(&self, steps: &mut Steps, name: &str, text: &str) -> Vec<Mount> {
        let span = self.rust.span;
        vec![
            steps.script("rust", "rust.sh", RUST, span),
            steps.script("rust", name, text, span),
        ]
    }

    /// What the lock takes of registries and repositories, a line each.
    fn list(&self) -> String {
        let lock = &self.workspace.lock;
        let of_registries = lock.crates().filter(|locked| {
            locked
                .source
                .is_some_and(|source| source.starts_with("registry+") || source.starts_with("sparse+"))
        });
        let crates = of_registries.map(|locked| format!("crate {} {}\n", locked.name, locked.version));
        let repositories = lock.git_commits().into_iter();
        let repositories = repositories.map(|(name, commit)| format!("git {name} {commit}\n"));
        crates.chain(repositories).collect()
    }

    /// The token for a host, as the engine would look for it: the host's own, then that for all.
    fn git_secrets(&self, host: &str) -> Vec<Mount> {
        let secret = |id: &str, path: &str, optional| Mount {
            path: format!("/run/secrets/{path}"),
            kind: MountKind::Secret {
                id: id.to_owned(),
                optional,
            },
        };
        match &self.rust.token {
            Some(token) => {
                let optional = self.is_optional(token);
                vec![secret(token, &format!("git.{host}"), optional)]
            }
            None => vec![
                secret(&format!("{GIT_TOKEN}.{host}"), &format!("git.{host}"), true),
                secret(GIT_TOKEN, &format!("git-any.{host}"), true),
            ],
        }
    }

    /// SSH agents: those that the spec names; else the default one, where the lock has use for it.
    fn agents(&self) -> Vec<Mount> {
        if !self.rust.ssh.is_empty() || !self.workspace.lock.has_ssh() {
            return ssh::agents(&self.rust.ssh).collect();
        }
        let default = Spanned::new("default".to_owned(), self.rust.span);
        let mut agents: Vec<Mount> = ssh::agents(&[default]).collect();
        for agent in &mut agents {
            if let MountKind::Ssh { optional, .. } = &mut agent.kind {
                *optional = true;
            }
        }
        agents
    }

    /// Tokens of registries, as cargo reads them from its environment (the Cargo book, `reference/config.html`).
    fn registry_tokens(&self) -> Vec<SecretEnv> {
        let tokens = self.rust.registries.iter().map(|(name, id)| SecretEnv {
            name: format!("CARGO_REGISTRIES_{}_TOKEN", variable(name)),
            id: id.value.clone(),
            optional: self.is_optional(id),
        });
        tokens.collect()
    }

    fn is_optional(&self, id: &str) -> bool {
        self.checked.secrets.get(id).is_some_and(|secret| secret.optional)
    }
}

/// A name as part of an environment variable of cargo's.
pub(super) fn variable(name: &str) -> String {
    name.to_uppercase().replace(['-', '.'], "_")
}

/// The folder of the entry in a step.
pub(super) fn folder(entry: &Entry<'_>) -> String {
    let path = format!("{BUILD}/{}", entry.workspace.folder);
    path.trim_end_matches('/').to_owned()
}

fn cache() -> Mount {
    Mount {
        path: CACHE.into(),
        kind: MountKind::Cache {
            id: "modelcrate-cargo".into(),
            sharing: Sharing::Shared,
        },
    }
}
