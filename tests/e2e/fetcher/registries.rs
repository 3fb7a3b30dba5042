//! Registries that show themselves only to who logs in: a real one, with passwords and with a server of tokens.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use modelcrate_fetcher::client::{Client, Error, Mask, Registry};
use modelcrate_fetcher::closed::Closed;
use modelcrate_fetcher::download::{Progress, Target, to_file};
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::listing::{Answer, Listing};
use modelcrate_fetcher::manifest::{Deliver, Manifest, Model, Source};
use modelcrate_tests::artifacts::Artifacts;
use modelcrate_tests::registry::{Guard, Registry as Server};
use serde_json::json;
use tempfile::TempDir;

use super::scene::*;
use super::tokens::Tokens;

const NAME: &str = "org/model";
const TITLE: &str = "org.opencontainers.image.title";

/// The weights, and the digest of the manifest.
fn push(server: &Server, authorization: String, name: &str) -> (Vec<u8>, String) {
    let bytes = weights(SIZE);
    let raw = "application/vnd.cncf.model.weight.v1.raw";
    let artifacts = Artifacts::of(server, authorization);
    let digest = artifacts.push(
        name,
        "v1",
        &[
            (raw, "org.cncf.model.filepath", WEIGHTS, &bytes),
            ("application/json", TITLE, "config.json", b"{}"),
        ],
    );
    (bytes, digest)
}

/// A folder for secrets and answers.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What `fetcher resolve` says with this secret, and that the secret is nowhere in it.
    fn resolve(&self, server: &Server, name: &str, secret: Option<&str>) -> Answer {
        let mut command = fetcher();
        command.args(["resolve", "--revision", "v1", "--source"]);
        command.arg(format!("oci:{}/{name}", server.address()));
        command
            .arg("--endpoint")
            .arg(format!("http://{}", server.address()));
        command.arg("--to").arg(self.path("listing"));
        if let Some(secret) = secret {
            fs::write(self.path("secret"), secret).unwrap();
            command.arg("--token-file").arg(self.path("secret"));
        }
        let (code, said) = run(&mut command);
        assert_eq!((code, said.as_str()), (0, ""));
        let answer = fs::read_to_string(self.path("listing")).unwrap();
        for secret in [Server::PASSWORD.to_owned(), BASE64.encode(Server::login())] {
            assert!(!answer.contains(&secret), "{answer}");
        }
        serde_json::from_str(&answer).unwrap()
    }
}

/// The file that `docker login` writes.
fn settings(registry: &str, login: &str) -> String {
    json!({ "auths": { registry: { "auth": BASE64.encode(login) } } }).to_string()
}

#[test]
#[ignore = "needs a registry: ./dev test"]
fn a_registry_is_read_with_its_password_alone() {
    let server = Server::at(Ipv4Addr::LOCALHOST.into(), &Guard::Password);
    let (bytes, digest) = push(&server, Server::authorization(), NAME);
    let desk = Desk::new();
    let answer = |secret: Option<&str>| desk.resolve(&server, NAME, secret);
    assert_eq!(answer(None), Answer::Closed(Closed::Login));
    let wrong = format!("{}:not-{}", Server::USER, Server::PASSWORD);
    assert_eq!(answer(Some(&wrong)), Answer::Closed(Closed::Wrong));
    let Answer::Unusable { problem, .. } = answer(Some(&settings("other.test", &Server::login()))) else {
        panic!("another registry's login");
    };
    assert_eq!(
        problem,
        format!("docker's settings have no login for {}", server.address())
    );
    for secret in [Server::login(), settings(server.address(), &Server::login())] {
        let Answer::Found(Listing { files, .. }) = answer(Some(&secret)) else {
            panic!("not found: {}", server.log());
        };
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["config.json", WEIGHTS]);
    }

    let file = |secret: &str| {
        fs::write(desk.path("secret"), secret).unwrap();
        let mut command = fetcher();
        command.args(["file", "--source"]);
        command.arg(format!("oci:{}/{NAME}@{digest}", server.address()));
        command
            .arg("--endpoint")
            .arg(format!("http://{}", server.address()));
        command.arg("--token-file").arg(desk.path("secret"));
        command
            .args(["--size", &SIZE.to_string(), "--sha256", &sha256(&bytes), "--to"])
            .arg(desk.path("out"));
        run(&mut command)
    };
    let (code, said) = file(&wrong);
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("does not take this login") && !said.contains(Server::PASSWORD),
        "{said}"
    );
    assert_eq!(file(&Server::login()), (0, String::new()));
    assert!(fs::read(desk.path("out")).unwrap() == bytes);
}

#[test]
#[ignore = "needs a registry: ./dev test"]
fn a_token_that_ends_meanwhile_is_had_again() {
    let tokens = Tokens::start();
    let guard = Guard::Tokens {
        realm: &tokens.url,
        certificate: &tokens.certificate,
    };
    let server = Server::at(Ipv4Addr::LOCALHOST.into(), &guard);
    let (bytes, _) = push(&server, tokens.writer(NAME), NAME);
    let desk = Desk::new();
    assert_eq!(desk.resolve(&server, NAME, None), Answer::Closed(Closed::Login));
    let wrong = format!("{}:wrong", Server::USER);
    assert_eq!(
        desk.resolve(&server, NAME, Some(&wrong)),
        Answer::Closed(Closed::Wrong)
    );
    let login = Server::login();
    assert_eq!(
        desk.resolve(&server, "others/model", Some(&login)),
        Answer::Closed(Closed::Forbidden)
    );

    let client = Client::new(hasty(), Mask::default()).unwrap();
    let path = format!("{}/{NAME}", server.address());
    let endpoint = format!("http://{}", server.address());
    let registry = Registry::new(&client, &path, Some(&endpoint), Some(&login)).unwrap();
    let before = tokens.granted();
    let bring = async {
        let (_, layers) = registry.layers("v1").await?;
        assert_eq!(tokens.granted() - before, 1);
        tokio::time::sleep(Duration::from_secs(3)).await;
        let weights = layers
            .iter()
            .map(|layer| &layer.file)
            .find(|file| file.path == WEIGHTS);
        let weights = weights.unwrap();
        let target = Target::new(&desk.path("out"), WEIGHTS)?;
        let remote = registry.blob(&weights.sha256)?;
        to_file(&remote, weights, &target, None, &Progress::default()).await?;
        Ok::<(), Error>(())
    };
    wait(bring).unwrap_or_else(|error| panic!("{error}\n{}", server.log()));
    assert!(fs::read(desk.path("out").join(WEIGHTS)).unwrap() == bytes);
    assert!(tokens.granted() - before >= 2);
}

/// An archive with these files, compressed where it is asked for.
fn archive(files: &[(&str, &[u8])], compressed: bool) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        // Modes, owners and times of an archive come to nothing.
        header.set_mode(0o4777);
        header.set_uid(1234);
        tar.append_data(&mut header, path, *bytes).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    if !compressed {
        return tar;
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&tar).unwrap();
    gzip.finish().unwrap()
}

#[test]
#[ignore = "needs a registry: ./dev test"]
fn files_come_out_of_an_artifacts_archives_each_checked() {
    let server = Server::at(Ipv4Addr::LOCALHOST.into(), &Guard::Nobody);
    let bytes = weights(SIZE);
    // As `modctl build` packs a file, and ORAS a folder.
    let pack = archive(&[("q4/model.safetensors", &bytes)], false);
    let folder = archive(&[("text/a.json", b"{}"), ("text/b/c.txt", b"c")], true);
    let digest = Artifacts::of(&server, Server::authorization()).push(
        NAME,
        "v1",
        &[
            (
                "application/vnd.cncf.model.weight.v1.tar",
                "org.cncf.model.filepath",
                "q4/model.safetensors",
                &pack,
            ),
            (
                "application/vnd.oci.image.layer.v1.tar+gzip",
                TITLE,
                "text",
                &folder,
            ),
            ("application/json", TITLE, "config.json", b"[]"),
        ],
    );
    let desk = Desk::new();
    let Answer::Found(listing) = desk.resolve(&server, NAME, None) else {
        panic!("not found: {}", server.log());
    };
    let paths: Vec<&str> = listing.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "config.json",
            "q4/model.safetensors",
            "text/a.json",
            "text/b/c.txt"
        ]
    );
    assert_eq!(listing.files[1].sha256, sha256(&bytes));
    assert_eq!(listing.revision.as_ref(), Some(&digest));

    let address = server.address().to_owned();
    let start = |files: &[File]| {
        let manifest = Manifest {
            models: vec![Model {
                name: "m".into(),
                folder: desk.path("models/m").display().to_string(),
                deliver: Deliver::Fetch,
                revision: listing.revision.clone(),
                files: files.to_vec(),
                texts: BTreeMap::new(),
                source: Some(Source::Oci {
                    endpoint: Some(format!("http://{address}")),
                    repository: format!("{address}/{NAME}"),
                }),
                token: None,
            }],
        };
        fs::write(desk.path("models.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
        let mut command = fetcher();
        run(command
            .args(["models", "--manifest"])
            .arg(desk.path("models.json")))
    };
    let (code, said) = start(&listing.files);
    assert_eq!(code, 0, "{said}");
    let model = desk.path("models/m");
    assert!(fs::read(model.join("q4/model.safetensors")).unwrap() == bytes);
    assert_eq!(fs::read(model.join("text/b/c.txt")).unwrap(), b"c");
    let mode = fs::metadata(model.join("text/a.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o644);
    assert_eq!(
        names(&model),
        [".modelcrate-complete.json", "config.json", "q4", "text"],
        "no archive stays"
    );

    fs::write(model.join("text/a.json"), "[]").unwrap();
    let (code, said) = start(&listing.files);
    assert_eq!(
        (code, fs::read(model.join("text/a.json")).unwrap()),
        (0, b"{}".to_vec()),
        "{said}"
    );
    drop(server);
    assert_eq!(
        start(&listing.files),
        (0, String::new()),
        "what is there is not asked for"
    );
}
