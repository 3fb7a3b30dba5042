//! A hub with a model, and ways to ask for it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use modelcrate_fetcher::client::{Client, Error, Mask, Settings, Token, Visit};
use modelcrate_fetcher::download::{Brought, Memory, Parts, Progress, Target, to_file};
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::hub::Repository as Name;
use modelcrate_fetcher::manifest::{Deliver, Manifest, Model, Source};
use modelcrate_tests::hub::{Hub, Side};
use modelcrate_tests::program::program;
use modelcrate_tests::weights::safetensors;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

pub const REPOSITORY: &str = "org/model";

pub const WEIGHTS: &str = "model.safetensors";

/// Three requests of 16 MiB, the last one shorter.
pub const SIZE: usize = 40_000_000;

pub const TOKEN: &str = "hf_canaryCanaryCanaryCanary";

/// A hub with a model of one large file and one small.
pub struct Scene {
    pub hub: Hub,
    pub folder: TempDir,
    pub weights: File,
    pub bytes: Vec<u8>,
    pub commit: String,
}

impl Scene {
    pub fn new() -> Self {
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

    pub fn visit(&self, token: Option<&str>) -> Visit {
        let mask = Mask::default();
        let token = token.map(|token| Token::new(token, &mask).unwrap());
        let client = Client::new(hasty(), mask).unwrap();
        let hub = modelcrate_fetcher::hub::Hub::new(self.hub.url()).unwrap();
        Visit::new(&client, hub, Name::parse(REPOSITORY).unwrap(), token)
    }

    pub fn url(&self) -> String {
        format!(
            "{}/{REPOSITORY}/resolve/{}/{WEIGHTS}",
            self.hub.url(),
            self.commit
        )
    }

    pub fn out(&self) -> std::path::PathBuf {
        self.folder.path().join("out")
    }

    pub async fn to_file(&self) -> Result<Brought, Error> {
        let remote = self.visit(None).file(&self.commit, WEIGHTS).unwrap();
        let target = Target::new(&self.out(), WEIGHTS).unwrap();
        to_file(&remote, &self.weights, &target, None, &Progress::default()).await
    }

    /// The bytes, and the greatest number of parts that were there at once.
    pub async fn to_memory(&self) -> Result<Vec<u8>, Error> {
        let remote = self.visit(None).file(&self.commit, WEIGHTS).unwrap();
        let memory = Memory::new(4, 6 << 20);
        let mut parts = Parts::new(&remote, &self.weights, 6 << 20, &memory, &Progress::default());
        let mut bytes = Vec::new();
        while let Some(part) = parts.next().await? {
            assert_eq!(part.offset, bytes.len() as u64);
            bytes.extend_from_slice(&part.bytes);
        }
        Ok(bytes)
    }

    pub fn file_command(&self) -> Command {
        let mut command = fetcher();
        command.args(["file", "--url", &self.url(), "--sha256", &self.weights.sha256]);
        command.args(["--size", &SIZE.to_string(), "--to"]);
        command.arg(self.out().join(WEIGHTS));
        command
    }

    /// An image's manifest with this model, to be fetched into `out`.
    pub fn manifest(&self, files: Vec<File>) -> std::path::PathBuf {
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
    pub fn asked(&self) -> u64 {
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
pub fn hasty() -> Settings {
    Settings {
        idle: Duration::from_secs(1),
        shortest_wait: Duration::from_millis(5),
        longest_wait: Duration::from_millis(20),
        ..Settings::default()
    }
}

/// A file of safetensors with so many bytes.
pub fn weights(size: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size + 4);
    let mut state = 1_u32;
    while bytes.len() < size {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    let header = safetensors(&bytes[..size]).len() - size;
    safetensors(&bytes[..size - header])
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub fn fetcher() -> Command {
    static PROGRAM: OnceLock<std::path::PathBuf> = OnceLock::new();
    let mut command = Command::new(PROGRAM.get_or_init(|| program("fetcher")));
    command.env_clear().stdin(Stdio::null());
    command
}

pub fn run(command: &mut Command) -> (i32, String) {
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

pub fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

/// What lies in a folder and below.
pub fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

pub fn wait_until(process: &mut Child, done: impl Fn() -> bool) {
    while !done() {
        assert!(process.try_wait().unwrap().is_none(), "it ended too early");
        std::thread::sleep(Duration::from_millis(20));
    }
}
