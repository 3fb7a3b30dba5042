//! An S3 server on this machine: SeaweedFS, from the Python index.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::process::{Child, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tempfile::TempDir;

use crate::Engine;
use crate::pypi::{Environment, SEAWEEDFS};

/// Runs until it is dropped, and keeps nothing.
///
/// What a client of S3 does needs the keys; [`put`](Self::put) and its kin come in by the server's own back door, so that a
/// test can look at buckets and spoil them without a client.
pub struct S3 {
    server: Child,
    url: String,
    filer: String,
    folder: TempDir,
}

/// How much the server takes, about: 30 000 MB, more than tests have.
const ROOM: u32 = 30_000;

/// The size of one of its volumes, which it makes seven at a time, in MB.
const VOLUME: u32 = 64;

impl S3 {
    /// The id of the key that opens everything.
    pub const KEY: &str = "AKIAOFTHETESTSOFMODEL";
    /// Its secret.
    pub const SECRET: &str = "the/secret+of-the-tests-of-modelcrate-0";
    /// The region that signatures are for; the server takes any.
    pub const REGION: &str = "us-east-1";

    /// On this machine's loopback.
    pub fn start() -> Self {
        Self::at(Ipv4Addr::LOCALHOST.into(), ROOM)
    }

    /// On this machine's loopback; it says 500 once it has so many MB, to the next 64 and up to a half more.
    pub fn with_room(megabytes: u32) -> Self {
        Self::at(Ipv4Addr::LOCALHOST.into(), megabytes)
    }

    /// At an address that build steps and containers of the engine reach too.
    pub fn for_engine(engine: &Engine) -> Self {
        Self::at(engine.gateway().parse().expect("an IP address"), ROOM)
    }

    fn at(address: IpAddr, room: u32) -> Self {
        let environment = Environment::of_files(SEAWEEDFS);
        // A port that was free may be another's by now.
        (0..3)
            .find_map(|_| Self::once(&environment, address, room))
            .expect("an S3 server that starts")
    }

    fn once(environment: &Environment, address: IpAddr, room: u32) -> Option<Self> {
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("s3.json"), identities()).expect("a file");
        let log = std::fs::File::create(folder.path().join("log")).expect("a file");
        let [master, volume, filer, s3, ports @ ..] = free_ports::<8>(address);
        let mut weed = environment.program("weed");
        weed.args(["server", "-dir=.", "-s3.config=s3.json", "-filer", "-s3"])
            .args([
                "-master.telemetry=false",
                "-s3.iam=false",
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
            ])
            .arg(format!("-ip={address}"))
            .arg(format!("-ip.bind={address}"))
            .arg(format!("-master.volumeSizeLimitMB={VOLUME}"))
            .arg(format!("-volume.max={}", room.div_ceil(VOLUME)));
        for (name, port) in [
            ("master", master),
            ("volume", volume),
            ("filer", filer),
            ("s3", s3),
        ] {
            weed.arg(format!("-{name}.port={port}"));
        }
        for (name, port) in ["master", "volume", "filer", "s3"].iter().zip(ports) {
            weed.arg(format!("-{name}.port.grpc={port}"));
        }
        weed.current_dir(folder.path()).stdin(Stdio::null());
        weed.stdout(Stdio::null()).stderr(log);
        let server = weed.spawn().expect("the program weed");
        let mut started = Self {
            server,
            url: format!("http://{address}:{s3}"),
            filer: format!("http://{address}:{filer}"),
            folder,
        };
        started.becomes_ready().then_some(started)
    }

    /// Waits until it answers; false when it has ended instead.
    fn becomes_ready(&mut self) -> bool {
        loop {
            if self.server.try_wait().expect("a child").is_some() {
                return false;
            }
            let answers = |url: &str| agent().get(url).call().is_ok();
            // Who is nobody is refused as soon as somebody would be let in.
            if answers(&self.url) && answers(&format!("{}/buckets/", self.filer)) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Its endpoint: `http://HOST:PORT`, with buckets as the first part of paths.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Makes a bucket.
    pub fn bucket(&self, name: &str) {
        let made = agent().post(self.back(name, "")).send_empty();
        assert!(made.expect("an answer").status().is_success(), "{}", self.log());
    }

    /// Puts an object, or another in its place.
    pub fn put(&self, bucket: &str, key: &str, bytes: &[u8]) {
        let put = agent().put(self.back(bucket, key)).send(bytes);
        assert!(put.expect("an answer").status().is_success(), "{}", self.log());
    }

    /// The bytes of an object, if there is one.
    pub fn get(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        let mut answer = agent().get(self.back(bucket, key)).call().expect("an answer");
        if !answer.status().is_success() {
            return None;
        }
        let body = answer.body_mut().with_config().limit(u64::MAX);
        Some(body.read_to_vec().expect("an object"))
    }

    /// Deletes an object.
    pub fn delete(&self, bucket: &str, key: &str) {
        let deleted = agent().delete(self.back(bucket, key)).call();
        assert!(
            deleted.expect("an answer").status().is_success(),
            "{}",
            self.log()
        );
    }

    /// All keys of a bucket and the sizes of their objects in bytes. Uploads that were not completed are none.
    pub fn objects(&self, bucket: &str) -> Vec<(String, u64)> {
        let mut objects = Vec::new();
        self.collect(bucket, "", &mut objects);
        objects.sort();
        objects
    }

    fn collect(&self, bucket: &str, folder: &str, objects: &mut Vec<(String, u64)>) {
        let url = format!("{}?limit=100000", self.back(bucket, folder));
        let listed = agent().get(url).header("Accept", "application/json").call();
        let text = listed
            .expect("an answer")
            .body_mut()
            .read_to_string()
            .expect("a list");
        let listed: Listed = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        for entry in listed.entries.unwrap_or_default() {
            let name = entry.path.rsplit('/').next().unwrap_or_default();
            let key = format!("{folder}{name}");
            if entry.mode & FOLDER == 0 {
                objects.push((key, entry.size));
            } else if name != ".uploads" {
                self.collect(bucket, &format!("{key}/"), objects);
            }
        }
    }

    /// The back door to an object or, with a `/` at its end, a folder of objects.
    fn back(&self, bucket: &str, key: &str) -> String {
        let mut url = format!("{}/buckets/{bucket}/", self.filer);
        for byte in key.bytes() {
            match byte {
                b'/' | b'.' | b'-' | b'_' => url.push(char::from(byte)),
                _ if byte.is_ascii_alphanumeric() => url.push(char::from(byte)),
                _ => write!(url, "%{byte:02X}").expect("room"),
            }
        }
        url
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        // It takes seconds to end in peace, and nothing of it stays.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The bit of a mode that says "folder" (Go's `fs.ModeDir`).
const FOLDER: u32 = 1 << 31;

/// A folder as the back door lists it.
#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "Entries")]
    entries: Option<Vec<Listing>>,
}

#[derive(Deserialize)]
struct Listing {
    #[serde(rename = "FullPath")]
    path: String,
    #[serde(rename = "Mode")]
    mode: u32,
    #[serde(rename = "FileSize")]
    size: u64,
}

fn identities() -> String {
    serde_json::json!({ "identities": [{
        "name": "tests",
        "credentials": [{ "accessKey": S3::KEY, "secretKey": S3::SECRET }],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    }] })
    .to_string()
}

fn free_ports<const COUNT: usize>(address: IpAddr) -> [u16; COUNT] {
    // All at once, or one would be given twice.
    let listeners: [TcpListener; COUNT] =
        std::array::from_fn(|_| TcpListener::bind((address, 0)).expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into()
}
