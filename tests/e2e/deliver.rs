//! Models that are not in the image: a volume that brings them, and the start of a container that fetches them.

use modelcrate_tests::hub::{Access, Fault, Hub, Repository, Side};
use modelcrate_tests::weights::safetensors;
use modelcrate_tests::{Build, Container, Engine, Image, Output, Project, Run, unique};

/// The large file, in bytes.
const LARGE: usize = 24 << 20;

const SPEC: &str = "\
# syntax=modelcrate/frontend:1
base: debian:bookworm-slim
user: app
entrypoint: [sh, -c, 'sha256sum /models/m/config.json /models/m/deep/model.safetensors']
models: { m: { hf: org/m } }
targets:
  volume: { models: { m: { deliver: volume } }, preflight: true }
  fetch: { models: { m: { token: hf_token, deliver: fetch } } }
  empty:
    base: scratch
    copy: [{ from: \"astral/uv:0.13.8\", src: /uv, dest: /uv }]
    entrypoint: [/uv]
    cmd: [cache, dir]
    models: { m: { deliver: fetch } }
    preflight: true
";

/// What opens the model where it is gated.
const TOKEN: &str = "hf_of-the-deliver-test-81c2";

/// A repository of two files, a folder of them, and what `sha256sum` says of them.
struct Model {
    folder: Project,
    sums: String,
}

impl Model {
    fn new() -> Self {
        let folder = Project::with(&[("config.json", &unique("config"))]);
        std::fs::create_dir(folder.file("deep")).expect("a folder");
        let data: Vec<u8> = unique("weights").bytes().cycle().take(LARGE).collect();
        let weights = safetensors(&data);
        std::fs::write(folder.file("deep/model.safetensors"), weights).expect("a file");
        let sum = |path: &str| {
            let bytes = std::fs::read(folder.file(path)).expect("a file");
            format!("{}  /models/m/{path}\n", sha256(&bytes))
        };
        let sums = sum("config.json") + &sum("deep/model.safetensors");
        Self { folder, sums }
    }

    fn repository(&self) -> Repository {
        Repository::of("org/m", self.folder.path())
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A volume of the engine, which is removed with the value.
struct Volume {
    engine: Engine,
    name: String,
}

impl Volume {
    fn new(engine: &Engine) -> Self {
        let name = unique("models");
        engine.ask(&["volume", "create", &name]);
        let engine = engine.clone();
        Self { engine, name }
    }

    fn mounted(&self) -> String {
        format!("--volume={}:/models", self.name)
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        Output::of(&mut self.engine.docker(&["volume", "rm", "--force", &self.name]));
    }
}

fn built(engine: &Engine, project: &Project, hub: &Hub, target: &str) -> Image {
    let args = [format!("HF_ENDPOINT={}", hub.url())];
    let build = Build {
        target: Some(target),
        args: &args,
        options: &["--secret", "id=hf_token,env=TOKEN"],
        env: &[("TOKEN", TOKEN)],
        ..Build::of(project)
    };
    build.load(engine).0
}

fn run(image: &Image, options: &[&str]) -> Output {
    let options: Vec<String> = options.iter().map(ToString::to_string).collect();
    image.run(&Run {
        options: &options,
        ..Run::default()
    })
}

fn start(image: &Image, options: &[&str]) -> Container {
    let options: Vec<String> = options.iter().map(ToString::to_string).collect();
    Run {
        options: &options,
        ..Run::default()
    }
    .start(image)
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_model_on_a_volume_is_looked_at_before_the_program_starts() {
    let engine = Engine::main();
    let hub = Hub::for_engine(&engine);
    let model = Model::new();
    hub.publish(model.repository());
    let project = Project::with(&[("modelcrate.yaml", SPEC)]);
    let image = built(&engine, &project, &hub, "volume");
    let asked = hub
        .requests()
        .iter()
        .filter(|request| request.side == Side::Cdn)
        .count();
    assert_eq!(asked, 0, "nobody needs the weights to build");

    let missing = run(&image, &["--env=PREFLIGHT=strict"]);
    assert_eq!(missing.code(), Some(89), "{}", missing.stderr);
    assert!(
        missing
            .stderr
            .starts_with("preflight[models]: model `m` is not there: `/models/m` has none of its 2 files: "),
        "{}",
        missing.stderr
    );
    assert!(
        missing.stderr.contains("; add `-v SOURCE:/models/m`\n"),
        "{}",
        missing.stderr
    );

    let mount = |folder: &Project| format!("--volume={}:/models/m:ro", folder.path().display());
    let whole = mount(&model.folder);
    let options = [
        &*whole,
        "--read-only",
        "--user=1000540000:0",
        "--env=USER=app",
        "--env=HOME=/tmp",
        "--tmpfs=/tmp",
    ];
    let output = run(&image, &options).ok();
    assert_eq!(
        (output.stdout, output.stderr),
        (model.sums.clone(), String::new())
    );

    let strict = [&*whole, "--env=PREFLIGHT=strict"];
    let says = |words: &str| {
        let output = run(&image, &strict);
        assert_eq!(
            (output.code(), &*output.stdout),
            (Some(89), ""),
            "{}",
            output.stderr
        );
        assert!(output.stderr.contains(words), "{}", output.stderr);
    };
    let config = model.folder.read("config.json");
    let other: String = config.chars().rev().collect();
    model.folder.write("config.json", &other);
    says(&format!(
        "`/models/m/config.json` is not that of model `m` at revision {}",
        hub.commit("org/m", "main")
    ));
    model.folder.write("config.json", &config);
    let weights = model.folder.file("deep/model.safetensors");
    let file = std::fs::File::options()
        .write(true)
        .open(&weights)
        .expect("the weights");
    file.set_len(1 << 20).expect("a shorter file");
    says("`/models/m/deep/model.safetensors` of model `m` has 1048576 bytes, not ");
    std::fs::remove_file(&weights).expect("the weights");
    says("1 of 2 files of model `m` are not there, the first is `/models/m/deep/model.safetensors`");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_model_is_fetched_into_a_volume_once_whatever_happens_meanwhile() {
    let engine = Engine::main();
    let hub = Hub::for_engine(&engine);
    let model = Model::new();
    hub.publish(model.repository());
    hub.know(TOKEN);
    let project = Project::with(&[("modelcrate.yaml", SPEC)]);
    let image = built(&engine, &project, &hub, "fetch");
    assert_eq!(
        image.layers().len(),
        built(&engine, &project, &hub, "volume").layers().len() + 1,
        "the fetcher"
    );

    is_fetched_once_by_replicas(&engine, &image, &hub, &model);
    goes_on_after_a_kill(&engine, &image, &hub, &model);
    says_where_it_cannot_be_written(&image);
    shows_a_token_to_who_asks_for_it(&image, &hub, &model);
    works_without_a_system(&engine, &project, &hub);
}

fn is_fetched_once_by_replicas(engine: &Engine, image: &Image, hub: &Hub, model: &Model) {
    let volume = Volume::new(engine);
    let mount = volume.mounted();
    hub.take_requests();
    hub.fail("org/m", "deep/model.safetensors", Fault::Slow { rate: 4 << 20 });
    let replicas: Vec<Container> = (0..3).map(|_| start(image, &[&mount])).collect();
    for replica in &replicas {
        assert_eq!(replica.exit_code(), 0, "{}", replica.logs());
        assert!(replica.logs().contains(&model.sums), "{}", replica.logs());
    }
    assert!(moved(hub) <= LARGE + 1024, "{} bytes for {LARGE}", moved(hub));
    hub.heal();

    hub.take_requests();
    let output = run(image, &[&mount, "--network=none", "--read-only"]).ok();
    assert_eq!(
        (output.stdout, output.stderr),
        (model.sums.clone(), String::new())
    );
    assert_eq!(hub.requests(), [], "what is there is not asked for");
}

/// Bytes of the large file that were asked of the CDN.
fn moved(hub: &Hub) -> usize {
    let requests = hub.requests();
    let ranges = requests
        .iter()
        .filter(|request| request.side == Side::Cdn && request.method == "GET")
        .map(|request| request.range.as_deref().unwrap_or("bytes=0-").to_owned());
    ranges.map(|range| length(&range)).sum()
}

/// Of `bytes=FIRST-LAST`.
fn length(range: &str) -> usize {
    let (first, last) = range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
        .expect("a range");
    let first: usize = first.parse().expect("a number");
    last.parse().unwrap_or(LARGE + 10 - 1) + 1 - first
}

fn goes_on_after_a_kill(engine: &Engine, image: &Image, hub: &Hub, model: &Model) {
    let volume = Volume::new(engine);
    let mount = volume.mounted();
    hub.fail("org/m", "deep/model.safetensors", Fault::Slow { rate: 1 << 19 });
    hub.take_requests();
    let stopped = start(image, &[&mount]);
    stopped.says("model m");
    assert_eq!(stopped.stop(), 128 + 15, "{}", stopped.logs());
    let killed = start(image, &[&mount]);
    while moved(hub) == 0 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    // Time for some megabytes, and for the note of what is there.
    std::thread::sleep(std::time::Duration::from_secs(3));
    killed.kill();
    hub.heal();
    hub.take_requests();
    assert_eq!(run(image, &[&mount]).ok().stdout, model.sums);
    let moved = moved(hub);
    assert!(
        moved > 0 && moved < LARGE,
        "{moved} of {LARGE} bytes after the kill"
    );
}

fn says_where_it_cannot_be_written(image: &Image) {
    let cases: [(&[&str], &str, &str); 3] = [
        (
            &["--read-only"],
            "error: `/models/m",
            "preflight[models]: `/models/m` is on a read-only file system: ",
        ),
        (
            &["--user=1000540000:0"],
            "Permission denied",
            "preflight[models]: user 1000540000:0 cannot write to `/models/m`, which belongs to 1000:1000: ",
        ),
        (
            &["--read-only", "--tmpfs=/models:size=8m,uid=1000"],
            "No space left on device",
            "MiB of model `m` are to come: ",
        ),
    ];
    for (options, error, finding) in cases {
        let output = run(image, options);
        let told = format!("{options:?}\n{}{}", output.stdout, output.stderr);
        assert_eq!((output.code(), &*output.stdout), (Some(7), ""), "{told}");
        assert!(
            output.stderr.contains(error) && output.stderr.contains(finding),
            "{told}"
        );
    }
}

fn shows_a_token_to_who_asks_for_it(image: &Image, hub: &Hub, model: &Model) {
    hub.publish(model.repository().with(Access::gated(&[TOKEN])));
    let refused = run(image, &[]);
    assert_eq!(refused.code(), Some(3), "{}", refused.stderr);
    assert_eq!(refused.stdout, "", "the program does not start without its model");
    assert!(
        refused
            .stderr
            .ends_with("launcher: not started, exit code 3: the models are not there\n"),
        "{}",
        refused.stderr
    );
    // Nobody waits for what nobody needs.
    let args = ["--version".to_owned()];
    let output = image.run(&Run {
        args: &args,
        options: &["--network=none".to_owned()],
        ..Run::default()
    });
    assert!(!output.stderr.contains("model m"), "{}", output.stderr);

    let secret = Project::with(&[("token", &format!("{TOKEN}\n"))]);
    let mounted = |at: &str| format!("--volume={}:{at}:ro", secret.file("token").display());
    for options in [
        vec![&*mounted("/run/secrets/hf_token")],
        vec![&*mounted("/token"), "--env=HF_TOKEN_PATH=/token"],
        vec![&*format!("--env=HF_TOKEN={TOKEN}")],
    ] {
        let output = run(image, &options).ok();
        assert_eq!(output.stdout, model.sums);
        assert!(!output.stderr.contains(TOKEN), "{}", output.stderr);
    }
    hub.publish(model.repository());
}

fn works_without_a_system(engine: &Engine, project: &Project, hub: &Hub) {
    let image = built(engine, project, hub, "empty");
    let volume = Volume::new(engine);
    let mount = volume.mounted();
    let output = run(&image, &[&mount]).ok();
    let told = format!("{}{}", output.stdout, output.stderr);
    assert!(output.stdout.ends_with("/uv\n"), "{told}");
    assert!(output.stderr.contains("model m: complete"), "{told}");
    hub.take_requests();
    let again = run(&image, &[&mount, "--network=none"]).ok();
    assert_eq!(again.stderr, "");
    let small = run(
        &image,
        &["--tmpfs=/models:size=8m,uid=1000", "--env=PREFLIGHT=strict"],
    );
    assert_eq!((small.code(), &*small.stdout), (Some(89), ""), "{}", small.stderr);
    assert!(
        small
            .stderr
            .starts_with("preflight[models]: `/models` has 8 MiB left, 25 MiB of model `m` are to come: "),
        "{}",
        small.stderr
    );
    assert_eq!(hub.requests(), [], "neither is asked for");
}
