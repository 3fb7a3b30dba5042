//! The fetcher against the model hub and all that goes wrong with it: each time the file is right, or the exit code says why it is not.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use modelcrate_fetcher::client::{Client, Error, Mask, Settings, Token, Visit};
use modelcrate_fetcher::download::{Brought, Parts, Progress, Target, to_file};
use modelcrate_fetcher::exit::Exit;
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::hub::Repository as Name;
use modelcrate_fetcher::listing::Answer;
use modelcrate_fetcher::manifest::{Deliver, Manifest, Model, Source};
use modelcrate_fetcher::select::Selection;
use modelcrate_tests::hub::{Access, Fault, Hub, Repository, Side};
use modelcrate_tests::program::program;
use modelcrate_tests::s3::S3;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::sync::Semaphore;

const REPOSITORY: &str = "org/model";
const WEIGHTS: &str = "model.safetensors";
/// Three requests of 16 MiB, the last one shorter.
const SIZE: usize = 40_000_000;
const TOKEN: &str = "hf_canaryCanaryCanaryCanary";

/// A hub with a model of one large file and one small.
struct Scene {
    hub: Hub,
    folder: TempDir,
    weights: File,
    bytes: Vec<u8>,
    commit: String,
}

impl Scene {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let model = folder.path().join("model");
        fs::create_dir(&model).unwrap();
        let bytes = weights(SIZE);
        fs::write(model.join(WEIGHTS), &bytes).unwrap();
        fs::write(model.join("config.json"), "{}").unwrap();
        let hub = Hub::start();
        let commit = hub.push(REPOSITORY, &model);
        let weights = File {
            path: WEIGHTS.into(),
            size: bytes.len() as u64,
            sha256: sha256(&bytes),
        };
        Self {
            hub,
            folder,
            weights,
            bytes,
            commit,
        }
    }

    fn visit(&self, token: Option<&str>) -> Visit {
        let mask = Mask::default();
        let token = token.map(|token| Token::new(token, &mask).unwrap());
        let client = Client::new(hasty(), mask).unwrap();
        let hub = modelcrate_fetcher::hub::Hub::new(self.hub.url()).unwrap();
        Visit::new(&client, hub, Name::parse(REPOSITORY).unwrap(), token)
    }

    fn url(&self) -> String {
        format!(
            "{}/{REPOSITORY}/resolve/{}/{WEIGHTS}",
            self.hub.url(),
            self.commit
        )
    }

    fn out(&self) -> std::path::PathBuf {
        self.folder.path().join("out")
    }

    async fn to_file(&self) -> Result<Brought, Error> {
        let remote = self.visit(None).file(&self.commit, WEIGHTS).unwrap();
        let target = Target::new(&self.out(), WEIGHTS).unwrap();
        to_file(&remote, &self.weights, &target, None, &Progress::default()).await
    }

    /// The bytes, and the greatest number of parts that were there at once.
    async fn to_memory(&self) -> Result<Vec<u8>, Error> {
        let remote = self.visit(None).file(&self.commit, WEIGHTS).unwrap();
        let budget = Arc::new(Semaphore::new(4));
        let mut parts = Parts::new(&remote, &self.weights, 6 << 20, budget, &Progress::default());
        let mut bytes = Vec::new();
        while let Some(part) = parts.next().await? {
            assert_eq!(part.offset, bytes.len() as u64);
            bytes.extend_from_slice(&part.bytes);
        }
        Ok(bytes)
    }

    fn file_command(&self) -> Command {
        let mut command = fetcher();
        command.args(["file", "--url", &self.url(), "--sha256", &self.weights.sha256]);
        command.args(["--size", &SIZE.to_string(), "--to"]);
        command.arg(self.out().join(WEIGHTS));
        command
    }

    /// An image's manifest with this model, to be fetched into `out`.
    fn manifest(&self, files: Vec<File>) -> std::path::PathBuf {
        let out = self.out();
        let manifest = Manifest {
            models: vec![Model {
                name: "m".into(),
                folder: out.display().to_string(),
                deliver: Deliver::Fetch,
                revision: Some(self.commit.clone()),
                files,
                texts: BTreeMap::from([(out.join("refs/main").display().to_string(), self.commit.clone())]),
                source: Some(Source::Hub {
                    endpoint: self.hub.url().into(),
                    repository: REPOSITORY.into(),
                    commit: self.commit.clone(),
                }),
                token: None,
            }],
        };
        let path = self.folder.path().join("models.json");
        fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
        path
    }

    /// Bytes that were asked of the CDN.
    fn asked(&self) -> u64 {
        let requests = self.hub.take_requests();
        let ranges = requests.iter().filter(|request| request.side == Side::Cdn);
        let length = |range: &str| {
            let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
            Some(last.parse::<u64>().ok()? + 1 - first.parse::<u64>().ok()?)
        };
        ranges
            .filter_map(|request| length(request.range.as_deref()?))
            .sum()
    }
}

/// Waits of milliseconds where the program waits for seconds.
fn hasty() -> Settings {
    Settings {
        idle: Duration::from_secs(1),
        shortest_wait: Duration::from_millis(5),
        longest_wait: Duration::from_millis(20),
        ..Settings::default()
    }
}

/// Bytes that begin as a file of safetensors does.
fn weights(size: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size + 4);
    bytes.extend_from_slice(&300_u64.to_le_bytes());
    bytes.push(b'{');
    let mut state = 1_u32;
    while bytes.len() < size {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn fetcher() -> Command {
    static PROGRAM: OnceLock<std::path::PathBuf> = OnceLock::new();
    let mut command = Command::new(PROGRAM.get_or_init(|| program("modelcrate-fetcher", "fetcher")));
    command.env_clear().stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> (i32, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the fetcher");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    (status.code().unwrap_or(-1), said)
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

/// What lies in a folder and below.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_fault_ends_in_the_right_file_or_the_right_class() {
    let forever = u32::MAX;
    let scene = Scene::new();
    for (fault, times, expected) in [
        (Fault::Cut { percent: 40 }, 3, Ok(())),
        (Fault::Cut { percent: 0 }, forever, Err(Exit::Network)),
        (Fault::Hang { percent: 30 }, 1, Ok(())),
        (Fault::Flip, forever, Err(Exit::Integrity)),
        (Fault::Status(500), 2, Ok(())),
        (Fault::Status(500), forever, Err(Exit::Network)),
        (Fault::Status(403), 2, Ok(())),
        (Fault::Status(403), forever, Err(Exit::Denied)),
        (Fault::Page, forever, Err(Exit::Integrity)),
        (Fault::NoRange, forever, Ok(())),
        (Fault::OneLane, forever, Ok(())),
        (Fault::Limited { seconds: 0 }, 2, Ok(())),
        (Fault::Expires { uses: 2 }, forever, Ok(())),
        (Fault::Expires { uses: 0 }, forever, Err(Exit::Denied)),
    ] {
        let what = format!("{fault:?} {times} times");
        for way in ["file", "memory"] {
            scene.hub.heal();
            scene.hub.fail_times(times, REPOSITORY, WEIGHTS, fault);
            let _ = fs::remove_dir_all(scene.out());
            let got = match way {
                "file" => wait(scene.to_file()).map(|_| fs::read(scene.out().join(WEIGHTS)).unwrap()),
                _ => wait(scene.to_memory()),
            };
            match (got, expected) {
                (Ok(bytes), Ok(())) => assert!(bytes == scene.bytes, "{what}, to {way}: other bytes"),
                (Err(error), Err(exit)) => {
                    assert_eq!(error.exit(), exit, "{what}, to {way}: {error}");
                    assert!(!error.to_string().contains("Signature"), "{error}");
                    assert!(!scene.out().join(WEIGHTS).exists(), "{what}");
                }
                (got, _) => panic!("{what}, to {way}: {:?}", got.map(|bytes| bytes.len())),
            }
        }
        if expected.is_ok() {
            wait(scene.to_file()).unwrap();
            assert_eq!(names(&scene.out()), [WEIGHTS], "{what} leaves something");
        }
    }
}

#[test]
fn a_file_without_ranges_that_is_cut_keeps_what_came() {
    let scene = Scene::new();
    scene.hub.fail_times(1, REPOSITORY, WEIGHTS, Fault::NoRange);
    scene
        .hub
        .fail_times(1, REPOSITORY, WEIGHTS, Fault::Cut { percent: 50 });
    scene.hub.fail(REPOSITORY, WEIGHTS, Fault::NoRange);
    wait(scene.to_file()).unwrap();
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
}

#[test]
fn a_token_is_shown_to_the_hub_alone() {
    let scene = Scene::new();
    let model = scene.folder.path().join("model");
    scene
        .hub
        .publish(Repository::of(REPOSITORY, &model).with(Access::gated(&[TOKEN])));
    let remote = scene.visit(Some(TOKEN)).file(&scene.commit, WEIGHTS).unwrap();
    let target = Target::new(&scene.out(), WEIGHTS).unwrap();
    let brought = wait(to_file(
        &remote,
        &scene.weights,
        &target,
        None,
        &Progress::default(),
    ));
    assert_eq!(brought, Ok(Brought::Downloaded));
    let requests = scene.hub.requests();
    assert!(requests.iter().any(|request| request.side == Side::Cdn));
    for request in requests {
        assert_eq!(request.authorized, request.side == Side::Hub, "{request}");
    }
}

#[test]
fn a_repository_is_listed_with_digests_or_says_why_not() {
    let scene = Scene::new();
    let model = scene.folder.path().join("model");
    for n in 0..5 {
        fs::write(model.join(format!("tokenizer-{n}.json")), n.to_string()).unwrap();
    }
    let commit = scene.hub.push(REPOSITORY, &model);
    scene.hub.pages_of(2);
    let all = wait(scene.visit(None).listing("main", &Selection::default())).unwrap();
    assert_eq!(all.revision.as_deref(), Some(commit.as_str()));
    assert_eq!(all.files.len(), 7);
    assert!(all.files.contains(&scene.weights), "{all:?}");
    assert_eq!(all.files[0].sha256, sha256(b"{}"));

    let gated = || Repository::of(REPOSITORY, &model).with(Access::gated(&[TOKEN]));
    let private = || Repository::of(REPOSITORY, &model).with(Access::private(&[TOKEN]));
    scene.hub.know("hf_somebodyElse");
    for (repository, token, revision, exit) in [
        (gated(), None, "main", Err(3)),
        (gated(), Some("hf_somebodyElse"), "main", Err(3)),
        (gated(), Some("hf_unknownToken"), "main", Err(3)),
        (gated(), Some(TOKEN), "main", Ok(())),
        (private(), None, "main", Err(3)),
        (private(), Some("hf_somebodyElse"), "main", Err(4)),
        (private(), Some(TOKEN), "no-such-branch", Err(4)),
    ] {
        scene.hub.publish(repository);
        let selection = Selection {
            include: vec!["*.safetensors".into()],
            exclude: vec![],
        };
        let listed = wait(scene.visit(token).listing(revision, &selection));
        let expected = listed.as_ref().map(drop).map_err(|error| error.exit().code());
        assert_eq!(expected, exit, "{token:?} {revision}: {listed:?}");
    }
}

#[test]
fn a_killed_download_goes_on_where_it_was() {
    let scene = Scene::new();
    scene
        .hub
        .fail(REPOSITORY, WEIGHTS, Fault::Slow { rate: 5_000_000 });
    let mut first = scene.file_command().stderr(Stdio::null()).spawn().unwrap();
    let state = scene
        .out()
        .join(".modelcrate-partial")
        .join(&scene.weights.sha256)
        .join("state.json");
    wait_until(&mut first, || written(&state) > 8_000_000);
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(!scene.out().join(WEIGHTS).exists());
    let there = written(&state);

    scene.hub.heal();
    scene.hub.take_requests();
    let (code, said) = run(&mut scene.file_command());
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
    assert_eq!(scene.asked(), SIZE as u64 - there);
    assert_eq!(names(&scene.out()), [WEIGHTS]);
}

#[test]
fn what_a_killed_process_left_may_be_wrong() {
    let scene = Scene::new();
    scene.hub.fail(REPOSITORY, WEIGHTS, Fault::Status(500));
    scene
        .hub
        .fail_times(1, REPOSITORY, WEIGHTS, Fault::Cut { percent: 50 });
    let folder = scene
        .out()
        .join(".modelcrate-partial")
        .join(&scene.weights.sha256);
    assert!(wait(scene.to_file()).is_err());
    // The state says that the whole file is there.
    let state = format!(r#"{{"etag":null,"done":[{{"start":0,"end":{SIZE}}}]}}"#);
    fs::write(folder.join("state.json"), state).unwrap();
    scene.hub.heal();
    assert_eq!(wait(scene.to_file()), Ok(Brought::Downloaded));
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
}

#[test]
fn processes_that_want_the_same_file_bring_it_once() {
    let scene = Scene::new();
    let mut processes: Vec<Child> = (0..3).map(|_| scene.file_command().spawn().unwrap()).collect();
    for process in &mut processes {
        assert!(process.wait().unwrap().success());
    }
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
    assert_eq!(scene.asked(), SIZE as u64);
    assert_eq!(names(&scene.out()), [WEIGHTS]);
}

#[test]
fn a_file_that_is_there_is_not_brought_again() {
    let scene = Scene::new();
    fs::create_dir(scene.out()).unwrap();
    fs::write(scene.out().join(WEIGHTS), &scene.bytes).unwrap();
    assert_eq!(wait(scene.to_file()), Ok(Brought::WasThere));
    assert_eq!(scene.hub.requests(), []);
    // Of the right size, and another.
    fs::write(scene.out().join(WEIGHTS), vec![0; SIZE]).unwrap();
    assert_eq!(wait(scene.to_file()), Ok(Brought::Downloaded));
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
}

#[test]
fn a_file_may_be_put_together_on_another_disk() {
    let scene = Scene::new();
    let Ok(elsewhere) = TempDir::new_in("/dev/shm") else {
        return;
    };
    let (code, said) = run(scene.file_command().arg("--partial").arg(elsewhere.path()));
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
    assert_eq!(names(&scene.out()), [WEIGHTS]);
    assert_eq!(names(elsewhere.path()), [""; 0]);
}

#[test]
fn the_models_of_an_image_are_brought_once() {
    let scene = Scene::new();
    let config = File {
        path: "config.json".into(),
        size: 2,
        sha256: sha256(b"{}"),
    };
    // Nobody knew this size when the image was built.
    let weights = File {
        size: 0,
        ..scene.weights.clone()
    };
    let manifest = scene.manifest(vec![config, weights]);
    let command = || {
        let mut command = fetcher();
        command.args(["models", "--manifest"]).arg(&manifest);
        command
    };
    let (code, said) = run(&mut command());
    assert_eq!(code, 0, "{said}");
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
    assert_eq!(
        fs::read_to_string(scene.out().join("refs/main")).unwrap(),
        scene.commit
    );
    scene.hub.take_requests();

    let (code, said) = run(&mut command());
    assert_eq!((code, said.as_str()), (0, ""));
    assert_eq!(scene.hub.requests(), []);

    // A shard that was cut off by somebody is brought again, and nothing else.
    fs::write(scene.out().join(WEIGHTS), &scene.bytes[..1000]).unwrap();
    let (code, said) = run(&mut command());
    assert_eq!(code, 0, "{said}");
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
    assert!(
        scene
            .hub
            .requests()
            .iter()
            .all(|request| !request.path.contains("config.json"))
    );
}

#[test]
fn one_file_that_cannot_be_had_ends_all() {
    let scene = Scene::new();
    for file in ["config.json", WEIGHTS] {
        scene.hub.fail(REPOSITORY, file, Fault::Slow { rate: 2 });
    }
    let other = File {
        path: "config.json".into(),
        size: 2,
        sha256: sha256(b"other"),
    };
    let manifest = scene.manifest(vec![other, scene.weights.clone()]);
    let mut command = fetcher();
    command.args(["models", "--manifest"]).arg(&manifest);
    let mut process = command.stderr(Stdio::null()).spawn().unwrap();
    assert_eq!(ends(&mut process), Some(6), "it waits for what nobody brings");
}

#[test]
fn the_program_says_what_is_wrong_by_its_exit_code_and_keeps_secrets() {
    let scene = Scene::new();
    let model = scene.folder.path().join("model");
    scene
        .hub
        .publish(Repository::of(REPOSITORY, &model).with(Access::gated(&[TOKEN])));
    let token = scene.folder.path().join("token");
    fs::write(&token, format!("Bearer {TOKEN}\n")).unwrap();

    let (code, said) = run(&mut scene.file_command());
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("accepted its licence") && said.contains("hint: "),
        "{said}"
    );

    let (code, said) = run(scene.file_command().args(["--sha256", &"0".repeat(64)]));
    assert_eq!(code, 2, "{said}");

    let with_token = |command: &mut Command| run(command.arg("--token-file").arg(&token));
    scene.hub.fail(REPOSITORY, WEIGHTS, Fault::Flip);
    let (code, said) = with_token(&mut scene.file_command());
    assert_eq!(code, 6, "{said}");
    assert!(!said.contains("Signature") && !said.contains(TOKEN), "{said}");

    let (code, said) = with_token(
        fetcher()
            .args(["file", "--sha256", &"0".repeat(64), "--size", "5"])
            .args([
                "--url",
                &format!("{}/{REPOSITORY}/resolve/main/nothing.json", scene.hub.url()),
                "--to",
                &scene.out().join("x").display().to_string(),
            ]),
    );
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("has no file `nothing.json`"), "{said}");
}

#[test]
fn the_program_writes_what_a_source_holds_or_why_not() {
    let scene = Scene::new();
    let to = scene.folder.path().join("answer/listing.json");
    let resolve = |repository: &str| {
        let mut command = fetcher();
        command.args([
            "resolve",
            "--source",
            &format!("hf:{repository}"),
            "--endpoint",
            scene.hub.url(),
        ]);
        let (code, said) = run(command.args(["--include", "*.safetensors", "--to"]).arg(&to));
        assert_eq!((code, said.as_str()), (0, ""));
        serde_json::from_slice::<Answer>(&fs::read(&to).unwrap()).unwrap()
    };
    let Answer::Found(listing) = resolve(REPOSITORY) else {
        panic!("not found")
    };
    assert_eq!(listing.files, [scene.weights.clone()]);
    assert_eq!(
        resolve("org/nothing"),
        Answer::Refused(modelcrate_fetcher::hub::Refusal::Hidden)
    );
}

#[test]
fn a_bucket_is_listed_and_its_objects_are_brought_with_the_keys_alone() {
    let s3 = S3::start();
    s3.bucket("models");
    let bytes = weights(SIZE);
    s3.put("models", "team/m/a b+c.safetensors", &bytes);
    s3.put("models", "team/m/config.json", b"{}");
    s3.put("models", "team/m-2/config.json", b"another");
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("key"), format!("{}\n", S3::KEY)).unwrap();
    fs::write(path("secret"), S3::SECRET).unwrap();
    fs::write(path("wrong"), "not-the-secret-key").unwrap();
    let fetcher = |verb: &str, source: &str, secret: &str, to: &str| {
        let mut command = fetcher();
        command.args([verb, "--source", source, "--endpoint", s3.url(), "--key-file"]);
        command.arg(path("key")).arg("--secret-file").arg(path(secret));
        command.arg("--to").arg(path(to));
        command
    };
    let (code, said) = run(&mut fetcher("resolve", "s3:models/team/m", "secret", "listing"));
    assert_eq!((code, said.as_str()), (0, ""));
    let Answer::Found(listing) = serde_json::from_slice(&fs::read(path("listing")).unwrap()).unwrap() else {
        panic!("not found")
    };
    let names: Vec<&str> = listing.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(names, ["a b+c.safetensors", "config.json"]);
    assert_eq!(
        (listing.files[0].size, &listing.files[0].sha256),
        (SIZE as u64, &sha256(&bytes))
    );

    let object = "s3:models/team/m/a b+c.safetensors";
    let file = |secret: &str, sha256: &str| {
        let mut command = fetcher("file", object, secret, "out/weights");
        command.args(["--size", &SIZE.to_string(), "--sha256", sha256]);
        run(&mut command)
    };
    assert_eq!(file("wrong", &sha256(&bytes)).0, 3);
    let (code, said) = file("secret", &"0".repeat(64));
    assert_eq!(code, 6, "{said}");
    assert!(!said.contains(S3::SECRET) && !said.contains("X-Amz"), "{said}");
    let (code, said) = file("secret", &sha256(&bytes));
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(fs::read(path("out/weights")).unwrap() == bytes);
}

/// Bytes that a state says are there.
fn written(state: &Path) -> u64 {
    let mut text = String::new();
    let read = fs::File::open(state).and_then(|mut file| file.read_to_string(&mut text));
    let state: serde_json::Value = match read {
        Ok(_) => serde_json::from_str(&text).expect("a state is written as a whole"),
        Err(_) => return 0,
    };
    let length = |range: &serde_json::Value| Some(range["end"].as_u64()? - range["start"].as_u64()?);
    state["done"].as_array().unwrap().iter().filter_map(length).sum()
}

/// The exit code of a process that should end by itself. Nothing where it has to be killed.
fn ends(process: &mut Child) -> Option<i32> {
    for _ in 0..600 {
        if let Some(status) = process.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    None
}

fn wait_until(process: &mut Child, done: impl Fn() -> bool) {
    while !done() {
        assert!(process.try_wait().unwrap().is_none(), "it ended too early");
        std::thread::sleep(Duration::from_millis(20));
    }
}
