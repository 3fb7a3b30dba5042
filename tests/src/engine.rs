//! Docker Engines, started by `tests/engine/engine` under the names that the tests give them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use crate::{Output, repository, unique};

/// A running engine, and the environment in which a client talks to it.
#[derive(Debug, Clone)]
pub struct Engine(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    variables: BTreeMap<String, String>,
    /// It was made for one test, and goes away with it.
    own: bool,
}

/// One test at a time starts engines.
static STARTING: Mutex<()> = Mutex::new(());

impl Engine {
    /// The engine that most tests share: what `./dev test` chose, else one of our own named `main`.
    pub fn main() -> Self {
        match std::env::var("MODELCRATE_OWN_ENGINE") {
            Ok(name) if name.is_empty() => Self::of_the_machine(),
            Ok(name) => Self::up(&name, &[]),
            Err(_) => Self::up("main", &[]),
        }
    }

    /// Engine 28 with the classic image store, which neither merges nor keeps attestations.
    pub fn classic() -> Self {
        Self::up("classic", &["--store", "classic"])
    }

    /// Engine 20.10, with the BuildKit of 2020.
    pub fn old() -> Self {
        Self::up("old", &["--version", "20"])
    }

    /// An engine with an empty store, for one test.
    pub fn fresh() -> Self {
        Self::fresh_with(&[])
    }

    /// An engine with an empty store and with these options of `engine up`.
    pub fn fresh_with(options: &[&str]) -> Self {
        let name = unique("fresh");
        let mut inner = Self::start(&name, options);
        inner.own = true;
        Self(Arc::new(inner))
    }

    fn up(name: &str, options: &[&str]) -> Self {
        Self(Arc::new(Self::start(name, options)))
    }

    fn start(name: &str, options: &[&str]) -> Inner {
        {
            let _one = STARTING.lock();
            Output::of(engine(&["up", name]).args(options)).ok();
        }
        Self::environment(name)
    }

    /// The engine that this process' environment speaks to.
    fn of_the_machine() -> Self {
        Self(Arc::new(Inner {
            name: "default".into(),
            variables: std::env::vars().collect(),
            own: false,
        }))
    }

    fn environment(name: &str) -> Inner {
        let printed = Output::of(&mut engine(&["exec", name, "env", "-0"])).ok().stdout;
        let variables = printed
            .split('\0')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Inner {
            name: name.to_owned(),
            variables,
            own: false,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// `HOST:PORT` of the registry that all engines of the run share; `REGISTRY/NAME` is pulled as plain `NAME` too.
    pub fn registry(&self) -> &str {
        self.0
            .variables
            .get("REGISTRY")
            .expect("the engine has a registry")
    }

    /// A program that speaks to this engine, not started yet.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.0.variables);
        command
    }

    /// `docker ARGS…` on this engine, not started yet.
    pub fn docker(&self, args: &[&str]) -> Command {
        let mut command = self.command("docker");
        command.args(args);
        command
    }

    /// What `docker ARGS…` prints; it must succeed.
    #[track_caller]
    pub fn ask(&self, args: &[&str]) -> String {
        Output::of(&mut self.docker(args)).ok().stdout.trim().to_owned()
    }

    /// An address of this machine that build steps and containers reach.
    pub fn gateway(&self) -> String {
        let format = "{{range .IPAM.Config}}{{println .Gateway}}{{end}}";
        let printed = self.ask(&["network", "inspect", "bridge", "--format", format]);
        let address = printed.lines().find(|line| !line.is_empty());
        match address {
            Some(address) => address.to_owned(),
            None => panic!("the engine's bridge has no gateway"),
        }
    }

    /// Whether the content store has the blob of this digest (engines with the containerd store, made by this run).
    ///
    /// # Panics
    /// If the store is not where it should be.
    pub fn has_blob(&self, digest: &str) -> bool {
        let store = "containerd/root/io.containerd.content.v1.content/blobs";
        let blobs = self.folder().join(store);
        assert!(
            blobs.join("sha256").is_dir(),
            "no content store in {}",
            blobs.display()
        );
        blobs.join(digest.replace(':', "/")).exists()
    }

    /// The folder of the run that this engine belongs to, with its log in `dockerd.log`.
    pub fn folder(&self) -> PathBuf {
        let host = &self.0.variables["DOCKER_HOST"];
        let socket = Path::new(host.strip_prefix("unix://").expect("a local engine"));
        socket.parent().expect("a socket lies in a folder").to_owned()
    }
}

impl Engine {
    /// The bridge that its build steps and containers are on.
    pub fn bridge(&self) -> String {
        let format = "{{index .Options \"com.docker.network.bridge.name\"}}";
        self.ask(&["network", "inspect", "bridge", "--format", format])
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.own {
            Output::of(&mut engine(&["remove", &self.name]));
        }
    }
}

fn engine(args: &[&str]) -> Command {
    let mut command = Command::new(repository().join("tests/engine/engine"));
    command.args(args);
    command
}
