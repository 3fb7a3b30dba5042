//! Models of a hub in images: what is asked, what moves, and what is said of each no. The hub is the stand-in.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use modelcrate_tests::buildx::Buildx;
use modelcrate_tests::hub::{Access, Fault, Hub, Repository, Request, Side};
use modelcrate_tests::weights::gguf;
use modelcrate_tests::{Build, Engine, Layout, Output, Progress, Project, unique};
use tempfile::TempDir;

/// Bytes from which a file is a layer of its own.
const LARGE: u64 = 64 << 20;
/// A token that may be nowhere but in its secret.
const TOKEN: &str = "hf_ofTheHubModelsTestCanary4711";

/// A repository's folder: two large parts of a model, and small files.
struct Weights(TempDir);

impl Weights {
    fn new() -> Self {
        let weights = Self(TempDir::new().expect("a folder"));
        weights.small("config.json");
        weights.small("onnx/tokenizer.json");
        weights.part(1);
        weights.part(2);
        weights
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn small(&self, name: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, unique("small")).expect("a file");
    }

    /// Most of it is a hole.
    fn part(&self, number: u32) {
        let path = self.path().join(format!("m-0000{number}-of-00002.gguf"));
        std::fs::write(&path, gguf(&unique("part"))).expect("a file");
        let file = std::fs::OpenOptions::new()
            .write(true)
            .open(path)
            .expect("the file");
        file.set_len(LARGE + u64::from(number)).expect("a longer file");
    }
}

fn spec(model: &str, more: &str) -> String {
    format!(
        "# syntax=modelcrate/frontend:1\nbase: scratch\nuser: root\n{more}\nmodels:\n  m: {{ {model} }}\n"
    )
}

fn layout(engine: &Engine, hub: &Hub, project: &Project, more: &[&str]) -> (Layout, modelcrate_tests::Built) {
    let endpoint = format!("HF_ENDPOINT={}", hub.url());
    let options = [
        &["--build-arg", &endpoint, "--attest", "type=provenance,mode=max"],
        more,
    ]
    .concat();
    Build {
        progress: Progress::Events,
        options: &options,
        env: &[("HF_TOKEN", TOKEN)],
        ..Build::of(project)
    }
    .layout(engine, &[])
}

fn for_files<'a>(requests: &'a [Request], end: &str) -> Vec<&'a Request> {
    let of = |request: &&Request| request.file.as_ref().is_some_and(|file| file.ends_with(end));
    requests.iter().filter(of).collect()
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_hubs_model_is_layers_that_only_their_own_bytes_move() {
    let engine = Engine::main();
    let hub = Hub::for_engine(&engine);
    let weights = Weights::new();
    let name = unique("org/model");
    let commit = hub.push(&name, weights.path());
    let model = format!("hf: {name}, files: [\"*.gguf\"]");
    let project = Project::with(&[(
        "modelcrate.yaml",
        &spec(
            &model,
            "entrypoint: [serve, \"${models.m.file}\", \"${models.m.revision}\"]",
        ),
    )]);
    let (built, _) = layout(
        &engine,
        &hub,
        &project,
        &["--platform", "linux/amd64,linux/arm64"],
    );
    let [amd64, arm64] = built.images().try_into().unwrap_or_else(|_| panic!("two images"));
    assert_eq!(amd64.layers, arm64.layers, "platforms share the files");
    assert_eq!(amd64.layers.len(), 2, "{:?}", amd64.layers);
    let entrypoint = &amd64.config["config"]["Entrypoint"];
    assert_eq!(entrypoint[1], "/models/m/m-00001-of-00002.gguf");
    assert_eq!(entrypoint[2], commit.as_str());
    let downloads = hub.take_requests();
    let moved = for_files(&downloads, "m-00001-of-00002.gguf");
    let whole = moved
        .iter()
        .filter(|request| request.status == 200 && request.method == "GET");
    assert_eq!(whole.count(), 1, "{moved:#?}");

    // An edit of the rest of the image, and small files more, moves no weight.
    let model = format!("hf: {name}, exclude: [\"*.md\"]");
    project.write("modelcrate.yaml", &spec(&model, "env: { EDITED: x }"));
    let (edited, built) = layout(&engine, &hub, &project, &[]);
    assert_eq!(built.ran(), ["add 2 files of m"]);
    let edited = edited.image_alone().layers;
    assert_eq!(edited[1..], amd64.layers[..], "weights stay what they are");
    assert_eq!(for_files(&hub.take_requests(), ".gguf"), Vec::<&Request>::new());

    // One part changes: one layer does.
    weights.part(2);
    hub.push(&name, weights.path());
    let (changed, built) = layout(&engine, &hub, &project, &[]);
    assert_eq!(
        built.ran(),
        ["add m/m-00002-of-00002.gguf", "check m/m-00002-of-00002.gguf"]
    );
    let changed = changed.image_alone().layers;
    assert_eq!(changed[..2], edited[..2]);
    assert_ne!(changed[2], edited[2]);
    let moved = hub.take_requests();
    assert_eq!(for_files(&moved, "m-00001-of-00002.gguf"), Vec::<&Request>::new());

    // A lock that is wrong about a size.
    let body = project.read("modelcrate.yaml");
    let body = body.split_once('\n').expect("two lines").1;
    let call = Buildx::spec(body).argument("HF_ENDPOINT", hub.url());
    let lock = call.flags(&["--call", "lock"]).passes().printed;
    let (size, other) = (format!("size = {}", LARGE + 1), format!("size = {}", LARGE + 7));
    assert!(lock.contains(&size), "{lock}");
    let seen = Buildx::spec(body)
        .file("modelcrate.lock", &lock.replace(&size, &other))
        .argument("HF_ENDPOINT", hub.url())
        .fails();
    let words = format!(
        "`m-00001-of-00002.gguf` of the model `m` has {} bytes, and `modelcrate.lock` says {}",
        LARGE + 1,
        LARGE + 7
    );
    assert!(
        seen.contains(&words) && seen.contains("hint: write it again: "),
        "{seen}"
    );
}

/// What a step brings is what a source brings, to the last byte of the layers, though engines know nothing of each other.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_build_that_was_cut_off_goes_on_and_makes_the_layers_of_one_that_was_not() {
    let engine = Engine::fresh();
    let hub = Hub::for_engine(&engine);
    let weights = Weights::new();
    let name = unique("org/model");
    hub.push(&name, weights.path());
    for part in ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"] {
        hub.fail(&name, part, Fault::Slow { rate: 2 << 20 });
    }
    let project = Project::with(&[("modelcrate.yaml", &spec(&format!("hf: {name}, resume: true"), ""))]);
    cut_off(&engine, &hub, &project);
    hub.heal();
    hub.take_requests();
    let (by_step, _) = layout(&engine, &hub, &project, &[]);
    let asked: u64 = hub.take_requests().iter().map(asked).sum();
    // A second of several lanes is far more than this.
    let whole = 2 * LARGE;
    assert!(
        asked > 0 && asked < whole - (4 << 20),
        "{asked} of {whole} bytes are asked for again"
    );

    project.write("modelcrate.yaml", &spec(&format!("hf: {name}"), ""));
    let (by_source, _) = layout(&Engine::main(), &hub, &project, &[]);
    assert_eq!(by_step.image_alone().layers, by_source.image_alone().layers);
}

/// BuildKit takes the content of everything that is mounted into a step's key: what a release must not change is the fetcher.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_empty_engine_fetches_nothing_again_for_another_release_with_the_same_fetcher() {
    let engine = Engine::main();
    let hub = Hub::for_engine(&engine);
    let weights = Weights::new();
    let name = unique("org/model");
    hub.push(&name, weights.path());
    let text = spec(&format!("hf: {name}, resume: true"), "");
    let project = Project::with(&[("modelcrate.yaml", &text)]);
    let cache = format!("{}/{}", engine.registry(), unique("cache"));
    let to = format!("type=registry,ref={cache},mode=max");
    let (first, _) = layout(&engine, &hub, &project, &["--cache-to", &to]);
    assert!(
        !for_files(&hub.take_requests(), ".gguf").is_empty(),
        "the fetcher brings them"
    );

    let edited = text.replace("modelcrate/frontend:1", &another_release(&engine)) + "env: { EDITED: x }\n";
    project.write("modelcrate.yaml", &edited);
    let from = format!("type=registry,ref={cache}");
    let (second, built) = layout(&Engine::fresh(), &hub, &project, &["--cache-from", &from]);
    assert_eq!(built.ran(), [] as [&str; 0]);
    assert_eq!(for_files(&hub.take_requests(), ".gguf"), Vec::<&Request>::new());
    assert_eq!(first.image_alone().layers, second.image_alone().layers);
}

/// The image of a frontend of which only the fetcher and what else steps run is the same.
fn another_release(engine: &Engine) -> String {
    let recipe = "FROM debian:bookworm-slim AS other\nCOPY --from=modelcrate/frontend:1 /modelcrate /modelcrate\n\
        RUN echo other >>/modelcrate\nFROM modelcrate/frontend:1\nCOPY --from=other /modelcrate /modelcrate\n";
    let project = Project::with(&[("Dockerfile", recipe)]);
    let name = format!("{}/{}", engine.registry(), unique("frontend"));
    let mut command = engine.docker(&["buildx", "build", "--push", "--provenance=false", "--tag", &name]);
    Output::of(command.arg(project.path())).ok();
    name
}

/// Begins to build, and ends the client while weights are on their way.
fn cut_off(engine: &Engine, hub: &Hub, project: &Project) {
    let endpoint = format!("HF_ENDPOINT={}", hub.url());
    let mut build = engine.docker(&[
        "buildx",
        "build",
        "--output",
        "type=cacheonly",
        "--progress",
        "plain",
    ]);
    build.args(["--build-arg", &endpoint, "--file"]);
    build.arg(project.file("modelcrate.yaml")).arg(project.path());
    let mut client = build.stderr(Stdio::null()).spawn().expect("docker");
    while !hub.requests().iter().any(|request| asked(request) > 0) {
        assert!(
            client.try_wait().expect("a process").is_none(),
            "it ended before weights were asked for"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    // Time for some megabytes, and for the note of what is there.
    std::thread::sleep(Duration::from_secs(3));
    Output::of(Command::new("kill").args(["-INT", &client.id().to_string()])).ok();
    assert!(!client.wait().expect("a process").success());
}

/// Bytes of weights that were asked for.
fn asked(request: &Request) -> u64 {
    let range = request.range.as_deref().filter(|_| request.side == Side::Cdn);
    let range = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let number = |text: &str| text.parse::<u64>().expect("a number");
    range.map_or(0, |(first, last)| number(last) + 1 - number(first))
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_gate_opens_for_a_token_that_is_seen_nowhere() {
    let engine = Engine::main();
    let hub = Hub::for_engine(&engine);
    let weights = Weights::new();
    let gated = unique("org/gated");
    hub.publish(Repository::of(&gated, weights.path()).with(Access::gated(&[TOKEN])));

    let model = format!("hf: {gated}, token: hf_token, layout: hf-cache");
    let project = Project::with(&[("modelcrate.yaml", &spec(&model, ""))]);
    let secret = ["--secret", "id=hf_token,env=HF_TOKEN"];
    let (built, _) = layout(&engine, &hub, &project, &secret);
    let ask = hub.take_requests();
    assert!(
        ask.iter()
            .all(|request| request.authorized != (request.side == Side::Cdn)),
        "{ask:#?}"
    );
    for (path, bytes) in built.everything() {
        let text = String::from_utf8_lossy(&bytes);
        for secret in [TOKEN, "Signature="] {
            assert!(!text.contains(secret), "`{secret}` is in {}", path.display());
        }
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_hubs_no_says_which_before_any_weight_moves() {
    let engine = Engine::main();
    let hub = Hub::for_engine(&engine);
    let weights = Weights::new();
    let (open, gated) = (unique("org/open"), unique("org/gated"));
    hub.push(&open, weights.path());
    hub.publish(Repository::of(&gated, weights.path()).with(Access::gated(&[TOKEN])));
    hub.know("hf_ofSomebodyElse");
    let fails = |model: &str| {
        Buildx::spec(&format!(
            "base: scratch\nuser: root\nmodels:\n  m: {{ {model} }}\n"
        ))
        .argument("HF_ENDPOINT", hub.url())
        .secret("other", "hf_ofSomebodyElse")
        .fails()
    };
    for (model, words) in [
        (format!("hf: {open}x"), "it is misspelt, or private"),
        (format!("hf: {open}@v9"), "has no branch, tag or commit `v9`"),
        (
            format!("hf: {open}, files: [confg.json]"),
            "did you mean `config.json`?",
        ),
        (
            format!("hf: {gated}"),
            "is given only to people who accepted its licence",
        ),
        (
            format!("hf: {gated}, token: other"),
            "the account of this token may not read",
        ),
        (
            format!("hf: {gated}, token: none_of_these"),
            "the build was not given the secret `none_of_these`",
        ),
    ] {
        let seen = fails(&model);
        assert!(seen.contains(words), "no `{words}` in:\n{seen}");
        assert!(!seen.contains("hf_ofSomebodyElse"), "{seen}");
    }
    hub.limit(9, 300);
    let seen = fails(&format!("hf: {open}"));
    assert!(seen.contains("too many requests"), "{seen}");
    assert_eq!(for_files(&hub.requests(), ".gguf"), Vec::<&Request>::new());
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_lock_asks_the_hub_nothing_and_follows_nobody() {
    let engine = Engine::main();
    let hub = Hub::for_engine(&engine);
    let weights = Weights::new();
    let name = unique("org/model");
    let commit = hub.push(&name, weights.path());
    let base = format!("{}/{}:1", engine.registry(), unique("base"));
    let publish = || {
        Buildx::spec(&format!(
            "base: scratch\nuser: root\nenv: {{ MADE: {} }}",
            unique("base")
        ))
        .flags(&["--tag", &base, "--push", "--provenance=false"])
        .passes()
    };
    publish();
    let text = spec(
        &format!("hf: {name}, license: mit"),
        "env: { REVISION: \"${models.m.revision}\" }",
    )
    .replace("base: scratch", &format!("base: \"{base}\""));
    let project = Project::with(&[("modelcrate.yaml", &text)]);
    let (open, built) = layout(&engine, &hub, &project, &[]);
    let warned = built
        .warnings
        .iter()
        .any(|warning| warning.short.contains("unlocked"));
    assert!(warned, "{:?}", built.warnings);

    let call = |word: &str| {
        let body = text.split_once('\n').expect("two lines").1;
        let lock = std::fs::read_to_string(project.file("modelcrate.lock")).unwrap_or_default();
        Buildx::spec(body)
            .file("modelcrate.lock", &lock)
            .argument("HF_ENDPOINT", hub.url())
            .flags(&["--call", word])
            .run()
    };
    let lock = call("lock").printed;
    assert!(lock.contains(&commit) && lock.contains(&base), "{lock}");
    project.write("modelcrate.lock", &lock);

    // Both names come to mean something else.
    publish();
    weights.part(1);
    hub.push(&name, weights.path());
    hub.take_requests();
    let (locked, built) = layout(&engine, &hub, &project, &[]);
    assert_eq!(hub.take_requests(), []);
    assert_eq!(built.ran(), [] as [&str; 0]);
    assert_eq!(built.warnings, []);
    let (open, locked) = (open.image_alone(), locked.image_alone());
    assert_eq!((open.layers, open.config), (locked.layers, locked.config));

    let seen = call("check").printed;
    assert!(seen.contains("outdated-lock"), "{seen}");
    assert_eq!(for_files(&hub.take_requests(), ".gguf"), Vec::<&Request>::new());
}
