//! The Dockerfile of a spec gives the same image as the spec: `docker buildx build --call=dockerfile` prints it, and Docker's own
//! frontend builds it.
//!
//! What may differ: times of files (a Dockerfile cannot say them) and the history; by buildah also the order of variables, and the
//! [`MOUNT_POINTS`] that it leaves behind.

use std::collections::BTreeMap;

use serde_json::Value;

use modelcrate_tests::example::{Example, TOKEN};
use modelcrate_tests::{Build, Buildah, Context, Engine, Expected, Image, Output, Progress, Project, Tree};

const EVERYTHING: &str = r#"# syntax=modelcrate/frontend:1
name: everything
description: 'quotes " and dollars $HOME \ stay'
base: debian:bookworm-slim
apt: [libgomp1]
env: { GREETING: "it's $5", PLAIN: x }
user: { name: worker, uid: 1234 }
workdir: /srv/work
volumes: [/data]
ports: { http: 8000 }
healthcheck: { url: "http://localhost:8000/", interval: 5s }
init: true
stop: { signal: SIGINT }
copy:
  - { src: assets, dest: /srv/assets, chown: "1234:1234", chmod: "go-rwx", exclude: ["**/*.tmp"] }
  - { src: script.sh, dest: /tmp/tools/script.sh, chmod: "0755" }
  - { from: target:tools, src: /opt/made, dest: /opt/made }
run:
  - { command: "echo image >/etc/made-on-image", after: system, network: none }
  - command: |
      mkdir out
      cp "assets/a file.txt" out/
      test "$TOKEN" = hush && echo "$WORD" >out/word
    stage: build
    name: pack
    inputs: [assets]
    outputs: { /build/out: /opt/packed }
    env: { WORD: "it's \"quoted\"" }
    secrets: [{ id: token, env: TOKEN }]
  - { command: "cat /mnt/packed/word >/etc/word", mounts: [{ from: step:pack, src: /opt/packed, dest: /mnt/packed }] }
entrypoint: [/tmp/tools/script.sh, "two words"]
targets:
  everything: {}
  tools:
    copy: null
    run: [{ command: "mkdir /opt/made && ln -s a /opt/made/link && echo a >/opt/made/a" }]
"#;

/// Folders where a command that changes the image had something mounted: BuildKit removes those that it made, buildah does not.
const MOUNT_POINTS: [&str; 4] = [
    "/run/modelcrate",
    "/var/cache/modelcrate",
    "/var/cache/modelcrate/archives",
    "/var/cache/modelcrate/lists",
];

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_dockerfile_of_the_quickstart_gives_the_same_image() {
    let project = Project::example("quickstart");
    let build = Build::of(&project);
    let pair = Pair::of(&build);
    pair.check();
    pair.also(&build, &by("podman", &project, &[]));
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_dockerfile_of_every_kind_of_step_gives_the_same_image() {
    let project = Project::with(&[
        ("modelcrate.yaml", EVERYTHING),
        ("assets/a file.txt", "a\n"),
        ("assets/deep/b", "b\n"),
        ("assets/c.tmp", "left behind\n"),
        ("script.sh", "#!/bin/sh\necho $#\n"),
    ]);
    let build = Build {
        target: Some("everything"),
        options: &["--secret", "id=token,env=TOKEN"],
        env: &[("TOKEN", "hush")],
        ..Build::of(&project)
    };
    let pair = Pair::of(&build);
    pair.check();
    assert_eq!(
        pair.spec.tree().at("/tmp").mode,
        0o1777,
        "a copy below it leaves it open to all"
    );
    pair.also(&build, &by("buildah", &project, &[("token", "hush")]));
}

/// Gigabytes of wheels: a test of their own compares them.
const FOR_GPUS: [(&str, &str); 2] = [("nemotron-hf", "default"), ("nemotron-hf", "slim")];

/// Buildah makes those images too that it can make in minutes. `nemotron` is looked at where it is compiled.
#[test]
#[ignore = "compiles everything twice: ./dev nightly"]
fn nightly_the_dockerfiles_of_all_examples_give_the_same_images() {
    for name in [
        "quickstart",
        "model-cache",
        "safe-synthesizer",
        "nemotron-hf",
        "nsn-director",
        "tabular",
    ] {
        for (target, expected) in Expected::of(&Project::example(name)) {
            if !FOR_GPUS.contains(&(name, &target)) {
                compare(name, &target, expected.context);
            }
        }
    }
}

#[test]
#[ignore = "installs seven gigabytes twice: ./dev nightly"]
fn nightly_the_dockerfiles_for_gpus_give_the_same_images() {
    for (name, target) in FOR_GPUS {
        let expected = &Expected::of(&Project::example(name))[target];
        compare(name, target, expected.context);
    }
}

fn compare(name: &str, target: &str, context: Context) {
    let example = Example::open(&Engine::main(), name, context);
    example.with_build(&Engine::main(), target, |build| {
        let pair = Pair::of(build);
        pair.check();
        let ignore = ignored(build);
        let buildah = Buildah {
            ignore: ignore.as_deref(),
            ..by("buildah", build.project, &[("hf_token", TOKEN)])
        };
        if ["quickstart", "model-cache", "safe-synthesizer"].contains(&name) {
            pair.also(build, &buildah);
        }
    });
}

/// What the spec's own `.dockerignore` says, which has the name of the spec in its own.
fn ignored(build: &Build<'_>) -> Option<String> {
    let spec = build.options.iter().position(|option| *option == "--file");
    let spec = spec.and_then(|at| build.options.get(at + 1))?;
    std::fs::read_to_string(format!("{spec}.dockerignore")).ok()
}

fn by<'a>(program: &'a str, project: &'a Project, secrets: &'a [(&'a str, &'a str)]) -> Buildah<'a> {
    Buildah {
        program,
        project,
        secrets,
        ignore: None,
    }
}

/// The two images of one spec.
pub struct Pair {
    /// What the spec gives.
    pub spec: Image,
    dockerfile: Image,
}

impl Pair {
    /// Builds both.
    pub fn of(build: &Build<'_>) -> Self {
        let engine = Engine::main();
        let (spec, _) = build.load(&engine);
        let text = printed(build, "dockerfile", &engine);
        // Docker's own frontend is part of the engine; the line would pull it.
        let (syntax, text) = text.split_once('\n').expect("lines");
        assert_eq!(syntax, "# syntax=docker/dockerfile:1");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("Dockerfile");
        std::fs::write(&file, text).expect("the Dockerfile");
        if let Some(ignore) = ignored(build) {
            std::fs::write(folder.path().join("Dockerfile.dockerignore"), ignore).expect("the file");
        }
        let file = file.display().to_string();
        let options = [build.options, &["--file", &file]].concat();
        let of_dockerfile = Build {
            target: None,
            args: &[],
            options: &options,
            ..*build
        };
        // Docker's own checks end with an error when they find something.
        let mut check = of_dockerfile;
        check.progress = Progress::Plain;
        check.with(&engine, &["--check"]);
        let (dockerfile, _) = of_dockerfile.load(&engine);
        Self { spec, dockerfile }
    }

    /// They are the same.
    #[track_caller]
    pub fn check(&self) {
        assert_same(&self.spec, &self.dockerfile, &[]);
    }

    /// Other builders make the same image of the text that is for them.
    #[track_caller]
    fn also(&self, build: &Build<'_>, builder: &Buildah<'_>) {
        let text = printed(build, "containerfile", &self.spec.engine);
        let image = builder.load(&self.spec.engine, &text);
        assert_same(&self.spec, &image, &MOUNT_POINTS);
    }
}

#[track_caller]
fn assert_same(spec: &Image, dockerfile: &Image, more: &[&str]) {
    assert_eq!(config(dockerfile), config(spec));
    let (by_spec, by_dockerfile) = (known(&spec.tree()), known(&dockerfile.tree()));
    let is_more = |path: &str| more.contains(&path) && !by_spec.contains_key(path);
    let differs = |path: &&String| by_spec.get(*path) != by_dockerfile.get(*path) && !is_more(path);
    let paths = by_spec.keys().chain(by_dockerfile.keys());
    let mut different: Vec<String> = paths
        .filter(differs)
        .map(|path| {
            format!(
                "{path}\n  spec       {:?}\n  dockerfile {:?}",
                by_spec.get(path),
                by_dockerfile.get(path)
            )
        })
        .collect();
    different.sort();
    different.dedup();
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(by_spec.len() > 100, "there are files");
}

/// The config. Variables have an order in it that means nothing, and that buildah changes.
fn config(image: &Image) -> Value {
    let mut config = image.config();
    if let Some(env) = config["Env"].as_array_mut() {
        env.sort_by_key(Value::to_string);
    }
    config
}

/// Everything that is known of each path, apart from its time.
fn known(tree: &Tree) -> BTreeMap<String, String> {
    let entries = tree.0.iter();
    entries
        .map(|(path, entry)| {
            let words = format!(
                "{:?} {:o} {}:{} {} {:?} {}",
                entry.kind, entry.mode, entry.uid, entry.gid, entry.size, entry.link, entry.sha256
            );
            (path.clone(), words)
        })
        .collect()
}

fn printed(build: &Build<'_>, call: &str, engine: &Engine) -> String {
    let call = format!("--call={call}");
    let mut options = build.options.to_vec();
    options.push(&call);
    let call = Build {
        options: &options,
        progress: Progress::Plain,
        ..*build
    };
    let output: Output = call.with(engine, &[]).output;
    output.stdout
}
