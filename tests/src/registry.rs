//! A registry of a test's own, which may show itself only to who logs in: the program that the engines' registry is too.

use std::net::{IpAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tempfile::TempDir;

use crate::{Engine, Output, repository};

/// Runs until it is dropped, and keeps nothing.
pub struct Registry {
    server: Child,
    address: String,
    folder: TempDir,
}

/// How a registry knows who asks.
pub enum Guard<'a> {
    /// It does not ask.
    Nobody,
    /// It knows [`Registry::USER`] and [`Registry::PASSWORD`].
    Password,
    /// A server gives tokens that this certificate vouches for.
    Tokens {
        /// Where tokens are had.
        realm: &'a str,
        /// In PEM.
        certificate: &'a str,
    },
}

impl Registry {
    /// Who may read and write.
    pub const USER: &str = "user";
    /// The password.
    pub const PASSWORD: &str = "of-the-tests-of-modelcrate";
    /// What the registry is called where tokens are asked for.
    pub const SERVICE: &str = "registry.test";
    /// Who signs its tokens.
    pub const ISSUER: &str = "issuer.test";
    /// bcrypt of the password, the only digest that the program takes.
    const DIGEST: &str = "$2b$05$8bfB4TjaGiWyD1wJ5BVG1OB5EY7ysRIDfujg4lEjXJFpZy16U2XKO";

    /// At an address that build steps and containers of the engine reach.
    ///
    /// # Panics
    /// If it does not start.
    pub fn for_engine(engine: &Engine) -> Self {
        Self::at(engine.gateway().parse().expect("an IP address"), &Guard::Password)
    }

    /// At an address of this machine.
    ///
    /// # Panics
    /// If it does not start.
    pub fn at(address: IpAddr, guard: &Guard) -> Self {
        // A port that was free may be another's by now.
        let mut tries = (0..3).filter_map(|_| Self::once(address, guard));
        tries.next().expect("a registry that starts")
    }

    fn once(address: IpAddr, guard: &Guard) -> Option<Self> {
        let folder = TempDir::new().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("a file");
            path.display().to_string()
        };
        let (user, service, issuer) = (Self::USER, Self::SERVICE, Self::ISSUER);
        let auth = match guard {
            Guard::Nobody => String::new(),
            Guard::Password => {
                let users = file("users", &format!("{user}:{}\n", Self::DIGEST));
                format!("auth: {{ htpasswd: {{ realm: {service}, path: {users} }} }}\n")
            }
            Guard::Tokens { realm, certificate } => {
                let bundle = file("certificate.pem", certificate);
                format!(
                    "auth: {{ token: {{ realm: {realm}, service: {service}, issuer: {issuer}, rootcertbundle: {bundle} }} }}\n"
                )
            }
        };
        let free = TcpListener::bind((address, 0)).expect("a free port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);
        let data = folder.path().join("data").display().to_string();
        let settings = format!(
            "version: 0.1\nlog: {{ level: info }}\nstorage: {{ filesystem: {{ rootdirectory: {data} }} }}\n\
             http: {{ addr: \"{address}\" }}\n{auth}"
        );
        let settings = file("config.yaml", &settings);
        let log = std::fs::File::create(folder.path().join("log")).expect("a file");
        let mut serve = Command::new(program());
        serve
            .args(["serve", &settings])
            .env("OTEL_TRACES_EXPORTER", "none");
        serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut started = Self {
            server: serve.spawn().expect("the program docker-registry"),
            address,
            folder,
        };
        started.becomes_ready().then_some(started)
    }

    /// Waits until it listens; false when it has ended instead.
    fn becomes_ready(&mut self) -> bool {
        while TcpStream::connect(&self.address).is_err() {
            if self.server.try_wait().expect("a child").is_some() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        true
    }

    /// `HOST:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The value of the header with which its user asks for anything.
    pub fn authorization() -> String {
        format!("Basic {}", BASE64.encode(Self::login()))
    }

    /// `USER:PASSWORD`.
    pub fn login() -> String {
        format!("{}:{}", Self::USER, Self::PASSWORD)
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The registry's program.
fn program() -> &'static PathBuf {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let mut engine = Command::new(repository().join("tests/engine/engine"));
        Output::of(engine.arg("registry")).ok().stdout.trim().into()
    })
}
