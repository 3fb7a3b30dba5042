//! Dependencies are compiled on a skeleton, programs on the sources and on what was compiled of the dependencies.

use super::super::environment::{overlaid, owned};
use super::super::{Action, Exec, Keep, Key, MTIME, Mount, StepId, Steps, script_path};
use super::crates::{folder, variable};
use super::root::Root;
use super::{Entry, sources};
use crate::check::defaults;

const DEPENDENCIES: &str = include_str!("../scripts/dependencies.sh");
const PROGRAMS: &str = include_str!("../scripts/programs.sh");

/// The time of what is compiled of the dependencies: cargo compares it with that of every file that a build script looks
/// at, and compiles again what is older. 2100-01-01.
const COMPILED: i64 = 4_102_444_800;

impl Entry<'_> {
    /// The layer of the entry's programs.
    pub fn programs(&self, steps: &mut Steps) -> StepId {
        let crates = self.crates(steps);
        let dependencies = self.dependencies(steps, crates);
        let mut root = self.compile_root(steps);
        root.tree.extend([crates, dependencies]);
        root.tree.extend(self.sources(steps));
        let install = steps.script("rust", "install.txt", &self.install_list(), self.rust.span);
        let mut mounts = self.scripts(steps, "programs.sh", PROGRAMS);
        mounts.push(install);
        let mut args = self.command("programs.sh", MTIME);
        args.extend(["--".into()]);
        args.extend(self.arguments());
        args.extend(self.chosen_programs());
        let name = format!("compile {}", self.title());
        self.run(steps, name, root, Key::Name, mounts, args)
    }

    /// What is compiled of the dependencies, in `/target`. It never ships.
    fn dependencies(&self, steps: &mut Steps, crates: StepId) -> StepId {
        let mut root = self.compile_root(steps);
        root.tree.push(crates);
        root.tree.extend(self.skeleton(steps));
        let own = steps.script("rust", "own.txt", &self.own_names(), self.rust.span);
        let mut mounts = self.scripts(steps, "dependencies.sh", DEPENDENCIES);
        mounts.push(own);
        let mut args = self.command("dependencies.sh", COMPILED);
        args.push("--".into());
        args.extend(self.arguments());
        args.push("--bins".into());
        // It is worth minutes not to run again where packages and crates were only installed and downloaded in another way.
        let name = format!("compile dependencies of {}", self.title());
        self.run(steps, name, root, Key::Bytes, mounts, args)
    }

    fn run(
        &self,
        steps: &mut Steps,
        name: String,
        root: Root,
        root_key: Key,
        mounts: Vec<Mount>,
        args: Vec<String>,
    ) -> StepId {
        let mut all = mounts;
        all.extend(root.mounts);
        let action = Action::Exec(Exec {
            root: root.tree,
            root_key,
            keep: Keep::Layer,
            args,
            env: environment(root.env, self.environment()),
            cwd: "/".into(),
            mounts: all,
            secret_env: Vec::new(),
            network: Some(self.rust.network),
        });
        self.step(steps, name, self.target.platform, action)
    }

    /// What scripts get before cargo's own arguments.
    fn command(&self, script: &str, mtime: i64) -> Vec<String> {
        let profile = match self.rust.profile.as_str() {
            "dev" | "test" => "debug",
            "bench" => "release",
            own => own,
        };
        let output = match self.named_target() {
            Some(triple) => format!("/target/{triple}/{profile}"),
            None => format!("/target/{profile}"),
        };
        vec![
            "/bin/sh".into(),
            script_path(script),
            mtime.to_string(),
            folder(self),
            output,
        ]
    }

    /// Arguments of `cargo build` that both steps must say alike, or nothing of the first would serve the second.
    fn arguments(&self) -> Vec<String> {
        let mut args = vec![format!("--profile={}", self.rust.profile)];
        args.extend(self.named_target().map(|triple| format!("--target={triple}")));
        args.extend(self.selection());
        args
    }

    /// Arguments of cargo that choose the package and its features, and with them the crates.
    pub fn selection(&self) -> Vec<String> {
        let rust = self.rust;
        let package = rust.package.iter();
        let mut args: Vec<String> = package
            .map(|package| format!("--package={}", package.value))
            .collect();
        if rust.all_features {
            args.push("--all-features".into());
        }
        if !rust.default_features {
            args.push("--no-default-features".into());
        }
        if !rust.features.is_empty() {
            let features: Vec<&str> = rust
                .features
                .iter()
                .map(|feature| feature.value.as_str())
                .collect();
            args.push(format!("--features={}", features.join(",")));
        }
        args
    }

    /// The target, where cargo must be told. Told so of the machine that compiles, it would compile twice what build scripts and
    /// macros have in common with programs. But flags for the compiler are not for those, and only then it keeps them apart.
    fn named_target(&self) -> Option<&str> {
        let target = &self.target;
        let of_image = self.rust.image.iter().flat_map(|image| {
            let config = self.facts.image(image).config.config;
            config.env_pairs()
        });
        let mut variables = self.rust.env.iter().cloned().chain(of_image);
        let mut settings = self.workspace.settings.values();
        let has_flags = variables.any(|(name, _)| is_setting(&name))
            || settings.any(|text| text.contains("rustflags") || text.contains("target"));
        (target.triple != target.host || has_flags).then_some(target.triple.as_str())
    }

    fn chosen_programs(&self) -> Vec<String> {
        let chosen = self.rust.install.keys().map(|bin| format!("--bin={bin}"));
        let all = self.rust.install.is_empty().then(|| "--bins".to_owned());
        chosen.chain(all).collect()
    }

    /// A line for each program with the path that it goes to; without a line all go to the usual folder.
    fn install_list(&self) -> String {
        let install = self.rust.install.iter();
        let lines: String = install.map(|(bin, path)| format!("{bin} {path}\n")).collect();
        match lines.is_empty() {
            true => format!("* {}\n", defaults::BIN),
            false => lines,
        }
    }

    /// Names of the workspace's own packages and libraries: what a skeleton left of them is no use.
    fn own_names(&self) -> String {
        let names = self
            .workspace
            .manifests
            .values()
            .flat_map(|manifest| manifest.names());
        let mut names: Vec<String> = names.map(|name| format!("{name}\n")).collect();
        names.extend(self.workspace.names().map(|name| format!("{name}-skeleton\n")));
        names.sort();
        names.dedup();
        names.concat()
    }

    fn title(&self) -> String {
        let rust = self.rust;
        match &rust.package {
            Some(package) => package.value.clone(),
            None if self.workspace.folder.is_empty() => self.names(),
            None => self.workspace.folder.clone(),
        }
    }

    fn names(&self) -> String {
        let manifests = &self.workspace.manifests;
        let selected = self.selected();
        let names = selected
            .iter()
            .filter_map(|folder| manifests.get(*folder)?.name());
        names.collect::<Vec<_>>().join(" ")
    }

    /// What the spec says about the profile, the compiler of another machine, and the user's own variables.
    fn environment(&self) -> Vec<(String, String)> {
        let rust = self.rust;
        let mut env = Vec::new();
        let profile = format!("CARGO_PROFILE_{}", variable(&rust.profile));
        env.extend(
            rust.lto
                .as_ref()
                .map(|lto| (format!("{profile}_LTO"), lto.clone())),
        );
        let units = rust.codegen_units;
        env.extend(units.map(|units| (format!("{profile}_CODEGEN_UNITS"), units.to_string())));
        if let Some(cross) = &self.target.cross {
            let triple = &self.target.triple;
            let lower = triple.replace('-', "_");
            let compiler = |name: &str| format!("{}-{name}", cross.prefix);
            env.push((
                format!("CARGO_TARGET_{}_LINKER", variable(triple)),
                compiler("gcc"),
            ));
            for (variable, program) in [("CC", "gcc"), ("CXX", "g++"), ("AR", "ar")] {
                env.push((format!("{variable}_{lower}"), compiler(program)));
            }
        }
        env.extend(rust.env.iter().cloned());
        env
    }
}

/// Whether a variable may hold flags of the compiler or a target (the Cargo book, `reference/config.html`).
fn is_setting(name: &str) -> bool {
    ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"].contains(&name)
        || name.starts_with("CARGO_BUILD_")
        || name.starts_with("CARGO_TARGET_")
}

/// The environment of every step that runs cargo, over the image's own.
pub(super) fn environment(
    image: Vec<(String, String)>,
    more: Vec<(String, String)>,
) -> Vec<(String, String)> {
    let epoch = sources::mtime();
    let ours = [
        ("HOME", "/tmp"),
        ("CARGO_INCREMENTAL", "0"),
        ("CARGO_NET_GIT_FETCH_WITH_CLI", "false"),
        // Half a minute without a name server or a line fails no build.
        ("CARGO_NET_RETRY", "6"),
        ("CARGO_TARGET_DIR", "/target"),
        ("CARGO_TERM_COLOR", "never"),
        ("CARGO_TERM_PROGRESS_WHEN", "never"),
        // Build scripts stamp what they make with it.
        ("SOURCE_DATE_EPOCH", epoch.as_str()),
    ];
    overlaid(image, owned(&ours).chain(more))
}
