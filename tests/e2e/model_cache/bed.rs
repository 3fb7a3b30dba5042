//! What a test of `model-cache` lies on: a hub, a bucket, and the program between them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Duration;

use modelcrate_tests::hub::Hub;
use modelcrate_tests::program::program;
use modelcrate_tests::s3::S3;
use modelcrate_tests::unique;
use tempfile::TempDir;

/// The repository that most tests store.
pub const MODEL: &str = "org/model";
/// A token that no message may hold.
pub const TOKEN: &str = "hf_canaryOfTheTestsOfModelCache";

/// Bytes of a shard in two parts, of which the second is short.
pub const SMALL: usize = 9_000_000;
/// What is in the bucket when the model is.
pub const WHOLE: [&str; 4] = [
    ".complete.json",
    "a.safetensors",
    "config.json",
    "onnx/b.safetensors",
];

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| program("model-cache"));

/// A hub of its own, a bucket of its own at a server that all tests share, and an environment that names them.
pub struct Bed {
    pub hub: Hub,
    pub s3: Arc<S3>,
    pub bucket: String,
    pub folder: TempDir,
    environment: BTreeMap<String, String>,
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub words: String,
}

/// A program that runs. It ends with the test.
pub struct Running(Child);

impl Bed {
    pub fn new() -> Self {
        Self::at(shared())
    }

    pub fn at(s3: Arc<S3>) -> Self {
        let bucket = unique("models").to_lowercase();
        s3.bucket(&bucket);
        let hub = Hub::start();
        hub.know(TOKEN);
        let environment = [
            ("MODEL_NAME", MODEL),
            ("HF_ENDPOINT", hub.url()),
            ("S3_BUCKET", &bucket),
            ("S3_ENDPOINT_URL", s3.url()),
            ("AWS_ACCESS_KEY_ID", S3::KEY),
            ("AWS_SECRET_ACCESS_KEY", S3::SECRET),
            ("HF_TOKEN", TOKEN),
            ("DOWNLOAD_DIR", ""),
            ("NO_PROXY", "*"),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            environment: environment.into(),
            folder: TempDir::new().expect("a folder"),
            hub,
            s3,
            bucket,
        }
    }

    /// Puts a model at `main` that has two shards and a small file, and gives its commit.
    pub fn publish(&self, seed: u8, shard: usize) -> String {
        let repository = self.folder.path().join(format!("repository-{seed}"));
        std::fs::create_dir_all(repository.join("onnx")).expect("a folder");
        std::fs::write(repository.join("config.json"), format!("{{\"seed\":{seed}}}")).expect("a file");
        for (name, seed) in [("a.safetensors", seed), ("onnx/b.safetensors", seed + 1)] {
            std::fs::write(repository.join(name), weights(seed, shard)).expect("a file");
        }
        self.hub.push(MODEL, &repository)
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.environment.insert(name.to_owned(), value.into());
    }

    /// Brings the model into the bucket.
    pub fn load(&self) -> Ran {
        self.run(&[])
    }

    /// Brings the model from the bucket into a folder.
    pub fn pull(&self, folder: &Path) -> Ran {
        self.run(&["pull", &folder.display().to_string()])
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.start(args).end()
    }

    pub fn start(&self, args: &[&str]) -> Running {
        self.start_by(Command::new(&*PROGRAM).args(args))
    }

    /// Starts the program by way of a shell that runs `script`, where `$0` is the program.
    pub fn start_in_shell(&self, script: &str) -> Running {
        self.start_by(Command::new("bash").args(["-c", script]).arg(&*PROGRAM))
    }

    fn start_by(&self, command: &mut Command) -> Running {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).envs(&self.environment);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        Running(child.expect("the program starts"))
    }

    /// The key of a file of the model.
    pub fn key(&self, path: &str) -> String {
        format!("models/{MODEL}/{path}")
    }

    /// What is below the model's folder, by path.
    pub fn objects(&self) -> Vec<String> {
        let folder = self.key("");
        let objects = self.s3.objects(&self.bucket).into_iter();
        objects
            .filter_map(|(key, _)| key.strip_prefix(&folder).map(str::to_owned))
            .collect()
    }

    pub fn marker(&self) -> Option<serde_json::Value> {
        self.said_in(".complete.json")
    }

    /// Who uploads now.
    pub fn lease(&self) -> Option<serde_json::Value> {
        self.said_in(".uploading.json")
    }

    fn said_in(&self, path: &str) -> Option<serde_json::Value> {
        let text = self.s3.get(&self.bucket, &self.key(path))?;
        without_secrets(&String::from_utf8_lossy(&text));
        Some(serde_json::from_slice(&text).expect("JSON"))
    }

    /// Paths of files that the hub or its CDN was asked for bytes of, and forgets them.
    pub fn fetched(&self) -> Vec<String> {
        let requests = self.hub.take_requests().into_iter();
        let mut files: Vec<String> = requests
            .filter_map(|request| Some(request.file?.strip_prefix(&format!("{MODEL}/"))?.to_owned()))
            .collect();
        files.sort();
        files.dedup();
        files
    }
}

impl Running {
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.0.try_wait().expect("a child").is_none()
    }

    /// Waits until something is so; it must not end before that.
    pub fn until(&mut self, what: impl Fn() -> bool) {
        while !what() {
            assert!(self.runs(), "it ended first");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// SIGKILL: it cannot clean up.
    pub fn kill(mut self) {
        self.0.kill().expect("a process");
        self.0.wait().expect("a child");
    }

    /// Sends a signal by its name: `TERM`.
    pub fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.expect("kill(1)").success());
    }

    /// Waits for its end. Whatever it says holds no secret, in no test.
    pub fn end(mut self) -> Ran {
        let mut words = String::new();
        let pipes = (self.0.stderr.take(), self.0.stdout.take());
        let (mut errors, mut lines) = (pipes.0.expect("a pipe"), pipes.1.expect("a pipe"));
        errors.read_to_string(&mut words).expect("text");
        lines.read_to_string(&mut words).expect("text");
        let code = self.0.wait().expect("a child").code().unwrap_or(-1);
        without_secrets(&words);
        Ran { code, words }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Ran {
    /// It ended like this, and said so in its last line.
    pub fn ended(self, code: i32, result: &str) -> String {
        let last = format!("model-cache: result={result} exit={code}");
        assert_eq!(
            (self.code, self.words.lines().last()),
            (code, Some(last.as_str())),
            "{}",
            self.words
        );
        self.words
    }

    pub fn done(self) -> String {
        self.ended(0, "done")
    }
}

fn without_secrets(text: &str) {
    for secret in [S3::SECRET, S3::KEY, TOKEN, "Signature=", "X-Amz-"] {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
}

/// A safetensors file with this many bytes of numbers that no other seed gives.
pub fn weights(seed: u8, bytes: usize) -> Vec<u8> {
    let header = format!(r#"{{"x":{{"dtype":"U8","shape":[{bytes}],"data_offsets":[0,{bytes}]}}}}"#);
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(header.as_bytes());
    let mut state = u64::from(seed) + 1;
    let mut number = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    let block: Vec<u8> = (0..BLOCK).map(|_| number()).collect();
    // Blocks differ by what is in front of them: a part in another's place is another file.
    for index in 0..bytes.div_ceil(BLOCK) as u64 {
        file.extend_from_slice(&index.to_le_bytes());
        file.extend_from_slice(&block[8..]);
    }
    file.truncate(8 + header.len() + bytes);
    file
}

/// Bytes of a file that are drawn; the rest repeats them.
const BLOCK: usize = 1 << 16;

/// The server that tests share which run at the same time. It ends with the last of them.
fn shared() -> Arc<S3> {
    static SHARED: Mutex<Weak<S3>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let s3 = Arc::new(S3::start());
        *shared = Arc::downgrade(&s3);
        s3
    })
}
