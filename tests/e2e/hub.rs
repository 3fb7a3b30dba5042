//! The hub that tests play is taken for one by the hub's own client, and fails as it is told to.

use std::fs;
use std::path::Path;
use std::time::Duration;

use modelcrate_tests::Output;
use modelcrate_tests::hub::{Access, Fault, Hub, Repository, Side};
use modelcrate_tests::pypi::{Environment, HUGGINGFACE_HUB, SILERO_VAD};
use tempfile::TempDir;

const SMALL: &str = "org/small";
const WEIGHTS: &str = "model.safetensors";

/// A folder with two small files and one that is in LFS.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir_all(folder.path().join("deep/er")).expect("a folder");
    fs::write(folder.path().join("config.json"), "{}\n").expect("a file");
    fs::write(folder.path().join("deep/er/a b+c%.txt"), "words\n").expect("a file");
    fs::write(folder.path().join(WEIGHTS), weights()).expect("a file");
    folder
}

fn weights() -> Vec<u8> {
    (0..300_000_u32).flat_map(u32::to_le_bytes).collect()
}

/// `hf`, huggingface_hub's program, with an empty cache.
struct Client {
    environment: Environment,
    home: TempDir,
}

impl Client {
    fn new() -> Self {
        Self {
            environment: Environment::with(HUGGINGFACE_HUB),
            home: TempDir::new().expect("a folder"),
        }
    }

    fn hf(&self, hub: &Hub, token: Option<&str>, args: &[&str]) -> Output {
        let mut command = self.environment.program("hf");
        command
            .args(args)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.home.path())
            .env("HF_HOME", self.home.path())
            .env("HF_ENDPOINT", hub.url())
            .env("HF_HUB_DISABLE_UPDATE_CHECK", "1")
            .env("HF_HUB_DISABLE_TELEMETRY", "1")
            .env("HF_HUB_DISABLE_PROGRESS_BARS", "1")
            .env("NO_COLOR", "1");
        if let Some(token) = token {
            command.env("HF_TOKEN", token);
        }
        Output::of(&mut command)
    }

    fn folder(&self, name: &str) -> String {
        self.home.path().join(name).display().to_string()
    }
}

#[track_caller]
fn fails(output: &Output, words: &str) {
    assert_eq!(output.code(), Some(1), "{output:?}");
    let said = format!("{}{}", output.stdout, output.stderr);
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(words), "no `{words}` in {flat}");
}

#[test]
#[ignore = "needs the hub's client: ./dev test"]
fn the_client_of_the_hub_downloads_and_verifies_what_is_open() {
    let (client, hub, files) = (Client::new(), Hub::start(), folder());
    let mut repository = Repository::of(SMALL, files.path()).formerly("org/former");
    repository.tag("feature/x", "main");
    hub.publish(repository);
    // Five entries, of which two are folders: three pages.
    hub.pages_of(2);
    client.hf(&hub, None, &["download", SMALL]).ok();
    client.hf(&hub, None, &["cache", "verify", SMALL]).ok();
    let requests = hub.take_requests();
    let pages = requests
        .iter()
        .filter(|request| request.path.contains("/tree/") && !request.authorized);
    assert_eq!(pages.count(), 6, "{requests:#?}");
    let cdn = requests.iter().filter(|request| request.side == Side::Cdn);
    assert_eq!(cdn.count(), 1, "{requests:#?}");

    // A revision with a `/`, an earlier name, a file that is asked for too often.
    hub.fail_times(2, SMALL, WEIGHTS, Fault::Limited { seconds: 0 });
    let to = client.folder("renamed");
    let args = [
        "download",
        "org/former",
        "--revision",
        "feature/x",
        "--local-dir",
        &to,
    ];
    client.hf(&hub, None, &args).ok();
    for path in ["config.json", "deep/er/a b+c%.txt", WEIGHTS] {
        let read = |folder: &Path| fs::read(folder.join(path)).expect("a file");
        assert!(read(Path::new(&to)) == read(files.path()), "{path}");
    }
    let statuses: Vec<u16> = hub.take_requests().iter().map(|request| request.status).collect();
    assert!(
        statuses.iter().filter(|&&status| status == 429).count() == 2,
        "{statuses:?}"
    );

    // Nobody but `verify` sees that a byte is another.
    fs::write(files.path().join("config.json"), "{ }\n").expect("a file");
    hub.push(SMALL, files.path());
    hub.fail(SMALL, WEIGHTS, Fault::Flip);
    let to = client.folder("flipped");
    client
        .hf(&hub, None, &["download", SMALL, "--local-dir", &to])
        .ok();
    let verified = client.hf(&hub, None, &["cache", "verify", SMALL, "--local-dir", &to]);
    fails(&verified, WEIGHTS);
}

#[test]
#[ignore = "needs the hub's client: ./dev test"]
fn the_client_of_the_hub_is_refused_what_is_not_open() {
    let (client, hub, files) = (Client::new(), Hub::start(), folder());
    hub.publish(Repository::of(SMALL, files.path()));
    hub.publish(Repository::of("org/gated", files.path()).with(Access::gated(&["hf_in"])));
    hub.publish(Repository::of("org/own", files.path()).with(Access::private(&["hf_in"])));
    hub.publish(Repository::of("org/closed", files.path()).with(Access::Disabled));
    hub.know("hf_out");

    let gated = "Access denied. Model 'org/gated' requires approval.";
    for (token, args, words) in [
        (None, ["org/gated", WEIGHTS], gated),
        (Some("hf_out"), ["org/gated", WEIGHTS], gated),
        (Some("hf_out"), ["org/own", WEIGHTS], "'org/own' not found."),
        (None, ["org/nothing", WEIGHTS], "'org/nothing' not found."),
        (Some("hf_wrong"), [SMALL, WEIGHTS], "Invalid credentials"),
        (None, [SMALL, "nothing"], "File not found in model 'org/small'"),
        (
            None,
            [SMALL, "--revision=nothing"],
            "Revision not found in model 'org/small'",
        ),
        (None, ["org/closed", WEIGHTS], "resource is disabled"),
    ] {
        fails(
            &client.hf(&hub, token, &[&["download"], &args[..]].concat()),
            words,
        );
    }
    hub.take_requests();
    for repository in ["org/gated", "org/own"] {
        client.hf(&hub, Some("hf_in"), &["download", repository]).ok();
    }
    let requests = hub.requests();
    let (cdn, hub): (Vec<_>, Vec<_>) = requests.iter().partition(|request| request.side == Side::Cdn);
    assert!(hub.iter().any(|request| request.authorized), "{hub:#?}");
    assert_eq!(cdn.len(), 2, "{cdn:#?}");
    assert!(cdn.iter().all(|request| !request.authorized), "{cdn:#?}");
}

#[test]
#[ignore = "needs the hub's client: ./dev test"]
fn the_client_of_the_hub_downloads_a_real_model() {
    let (client, hub) = (Client::new(), Hub::start());
    let files = Environment::of_files(SILERO_VAD).package("silero_vad/data");
    hub.push("snakers4/silero-vad", &files);
    let to = client.folder("to");
    let include = ["--include", "*16k*", "--local-dir", &to];
    let download = [&["download", "snakers4/silero-vad"], &include[..]].concat();
    client.hf(&hub, None, &download).ok();
    let name = "silero_vad_16k.safetensors";
    let real = fs::read(Path::new(&to).join(name)).expect("the model");
    assert_eq!(real.len(), 1_239_748);
    assert!(real == fs::read(files.join(name)).expect("the model"));
}

/// Asks as a client that follows no redirect.
fn get(url: &str, headers: &[(&str, &str)]) -> ureq::http::Response<ureq::Body> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .build()
        .into();
    let request = headers.iter().fold(agent.get(url), |request, (name, value)| {
        request.header(*name, *value)
    });
    request.call().expect("an answer")
}

/// The address at the CDN that the hub gives for the weights.
fn signed(hub: &Hub) -> String {
    let answer = get(&format!("{}/{SMALL}/resolve/main/{WEIGHTS}", hub.url()), &[]);
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().expect("an address");
    assert!(location.starts_with(hub.cdn()), "{location}");
    location.to_owned()
}

fn started() -> (Hub, TempDir) {
    let (hub, files) = (Hub::start(), folder());
    hub.push(SMALL, files.path());
    (hub, files)
}

#[test]
fn a_signed_address_is_good_for_itself_alone() {
    let (hub, _files) = started();
    let url = signed(&hub);
    assert_eq!(get(&url, &[]).body_mut().read_to_vec().expect("bytes"), weights());
    assert_eq!(get(&url.replace("Signature=", "Signature=0"), &[]).status(), 403);
    assert_eq!(get(&url.replace("Expires=", "Expires=1"), &[]).status(), 403);

    hub.fail_times(1, SMALL, WEIGHTS, Fault::Expires { uses: 1 });
    let (once, again) = (signed(&hub), signed(&hub));
    let statuses = [&once, &once, &again, &again].map(|url| get(url, &[]).status().as_u16());
    assert_eq!(statuses, [200, 403, 200, 200]);
}

#[test]
fn a_part_is_sent_with_its_place_unless_parts_are_not_known() {
    let (hub, _files) = started();
    let url = signed(&hub);
    let whole = get(&url, &[]);
    let etag = whole.headers()["etag"].to_str().expect("a tag").to_owned();
    let part = get(&url, &[("range", "bytes=4-7"), ("if-range", &etag)]);
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], "bytes 4-7/1200000");
    let other = get(&url, &[("range", "bytes=4-7"), ("if-range", "\"other\"")]);
    assert_eq!(other.status(), 200);
    assert_eq!(get(&url, &[("range", "bytes=1200000-")]).status(), 416);
    assert_eq!(get(&url, &[("if-none-match", &etag)]).status(), 304);

    hub.fail(SMALL, WEIGHTS, Fault::NoRange);
    let deaf = get(&url, &[("range", "bytes=4-7")]);
    assert_eq!(
        (deaf.status().as_u16(), deaf.headers().get("accept-ranges")),
        (200, None)
    );
}

#[test]
fn faults_come_as_often_as_they_are_planned() {
    let (hub, _files) = started();
    let url = signed(&hub);
    let read = || get(&url, &[]).body_mut().read_to_vec();
    hub.fail_times(1, SMALL, WEIGHTS, Fault::Cut { percent: 40 });
    hub.fail_times(1, SMALL, WEIGHTS, Fault::Flip);
    hub.fail_times(1, SMALL, WEIGHTS, Fault::Status(500));
    hub.fail_times(1, SMALL, WEIGHTS, Fault::Page);
    assert!(read().is_err(), "it was cut");
    let flipped = read().expect("bytes");
    let differs = flipped
        .iter()
        .zip(weights())
        .filter(|(one, other)| **one != *other);
    assert_eq!((flipped.len(), differs.count()), (1_200_000, 1));
    assert_eq!(get(&url, &[]).status(), 500);
    assert!(read().expect("a page").starts_with(b"<!doctype html>"));
    assert_eq!(read().expect("bytes"), weights());
}

#[test]
fn one_is_served_at_a_time_where_that_is_planned() {
    let (hub, files) = started();
    // More than fits between a server and a client that does not read.
    let large = fs::File::create(files.path().join(WEIGHTS)).expect("a file");
    large.set_len(64 * 1024 * 1024).expect("a file");
    hub.push(SMALL, files.path());
    hub.fail(SMALL, WEIGHTS, Fault::OneLane);
    let url = signed(&hub);
    let served = get(&url, &[]);
    assert_eq!(get(&url, &[]).status(), 403);
    drop(served);
    while get(&url, &[]).status() == 403 {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn who_hangs_sends_what_comes_before() {
    let (hub, _files) = started();
    hub.fail(SMALL, WEIGHTS, Fault::Hang { percent: 10 });
    let url = signed(&hub);
    let mut body = get(&url, &[]).into_body().into_reader();
    let mut before = vec![0; 120_000];
    std::io::Read::read_exact(&mut body, &mut before).expect("the bytes before");
    assert!(weights().starts_with(&before));
    let (done, waits) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let more = std::io::Read::read(&mut body, &mut [0]);
        let _ = done.send(more.is_ok_and(|read| read > 0));
    });
    assert!(
        waits.recv_timeout(Duration::from_millis(300)).is_err(),
        "more came, or the end"
    );
}
