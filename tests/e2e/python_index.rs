//! A private index whose credentials are secrets: pypiserver with a password file.

use crate::python_support::*;
use modelcrate_tests::{Build, Container, Engine, Image, Project, Run};

const PASSWORD: &str = "s3cr:t@/x-9f2c";
/// `me` and that password, in Apache's notation of SHA-1.
const HTPASSWD: &str = "me:{SHA}e4QWUxiOP+LgIX+R+w/T4K5pObA=\n";

struct Index {
    container: Container,
    url: String,
    _packages: Project,
}

/// Serves one package, `corplib`.
fn index(engine: &Engine) -> Index {
    let packages = package("corplib", &[], "'private'", "");
    uv(
        engine,
        &packages,
        ".",
        &["build", "--wheel", "--out-dir", "packages"],
    );
    packages.write("htpasswd", HTPASSWD);
    let command = "pip install --quiet --root-user-action ignore pypiserver passlib setuptools && \
        exec pypi-server run --port 8080 --authenticate download,list,update --passwords /srv/htpasswd --disable-fallback /srv/packages";
    let args = ["-c", command].map(str::to_owned);
    let volume = format!("{}:/srv:ro", packages.path().display());
    let options = ["--publish", "8080", "--volume", &volume].map(str::to_owned);
    // Not removed with the value: it is a base image.
    let base = std::mem::ManuallyDrop::new(Image::named(engine, "python:3.11-slim"));
    let container = Run {
        entrypoint: Some("sh"),
        args: &args,
        options: &options,
    }
    .start(&base);
    let url = loop {
        let address = container.address(8080);
        let port = address.rsplit(':').next().unwrap_or_default();
        let url = format!("http://{}:{port}/simple/", engine.gateway());
        // A container that has ended publishes no port, and that ends the wait.
        match ureq::get(&url).call() {
            Err(ureq::Error::StatusCode(401)) => break url,
            _ => std::thread::sleep(std::time::Duration::from_millis(200)),
        }
    };
    Index {
        container,
        url,
        _packages: packages,
    }
}

fn secrets() -> [&'static str; 4] {
    [
        "--secret",
        "id=corp-user,env=CORP_USER",
        "--secret",
        "id=corp-password,env=CORP_PASSWORD",
    ]
}

const VALUES: [(&str, &str); 2] = [("CORP_USER", "me"), ("CORP_PASSWORD", PASSWORD)];

/// Builds with the secrets, runs what was installed, and finds the password nowhere.
fn installs_and_tells_nobody(engine: &Engine, project: &Project) {
    let options = secrets();
    let build = Build {
        options: &options,
        env: &VALUES,
        ..Build::of(project)
    };
    assert_eq!(
        prints(&build.load(engine).0, &[], &["corplib"]),
        "corplib: private"
    );
    let options = [&secrets()[..], &["--provenance", "mode=max", "--no-cache"]].concat();
    let (layout, built) = Build {
        options: &options,
        ..build
    }
    .layout(engine, &[]);
    let said = built.log + &built.output.stderr;
    assert!(!said.contains(PASSWORD), "{said}");
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("me:{PASSWORD}"));
    let everything = layout.everything();
    assert!(everything.iter().any(|(_, bytes)| contains(bytes, "slsa")));
    for (path, bytes) in everything {
        for secret in [PASSWORD, "s3cr%3At%40", &encoded] {
            assert!(!contains(&bytes, secret), "{}", path.display());
        }
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_locked_project_installs_from_a_private_index() {
    let engine = Engine::main();
    let index = index(&engine);
    let more = format!(
        "[[tool.uv.index]]\nname = 'corp-index'\nurl = '{}'\nexplicit = true\n[tool.uv.sources]\ncorplib = {{ index = 'corp-index' }}\n",
        index.url
    );
    let project = package("app", &["corplib", "idna"], "sys.prefix", &more);
    let open = index
        .url
        .replace("://", &format!("://me:{}@", "s3cr%3At%40%2Fx-9f2c"));
    // uv is given the password in the address for the lock alone, and keeps it out of it.
    project.edit("pyproject.toml", &index.url, &open);
    lock(&engine, &project);
    project.edit("pyproject.toml", &open, &index.url);
    assert!(!project.read("uv.lock").contains("s3cr"));

    project.write("modelcrate.yaml", &spec("python:\n  version: '3.11'\n  indexes: { corp-index: { username: corp-user, password: corp-password } }"));
    installs_and_tells_nobody(&engine, &project);

    // A step whose layer is known needs no secrets.
    let said = failure(&engine, &project, &["--no-cache"]);
    has(&said, &["corp-", "not found"]);
    let options = secrets();
    let wrong = Build {
        options: &options,
        env: &[("CORP_USER", "me"), ("CORP_PASSWORD", "wr0ng-one")],
        ..Build::of(&project)
    };
    let built = wrong.try_with(&engine, &["--no-cache"]);
    let said = built.log + &built.output.stderr;
    assert!(!built.output.status.success());
    has(&said, &["401"]);
    assert!(!said.contains("wr0ng-one"));

    project.edit("modelcrate.yaml", "corp-index:", "corp-indx:");
    has(
        &failure(&engine, &project, &[]),
        &[
            "no address is known of the index `corp-indx`",
            "did you mean `corp-index`",
        ],
    );
    drop(index.container);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_list_of_packages_installs_from_a_private_index() {
    let engine = Engine::main();
    let index = index(&engine);
    let project = Project::with(&[
        ("requirements.txt", "corplib==0.1.0\nidna==3.10\n"),
        (
            "modelcrate.yaml",
            &spec(&format!(
                "python:\n  version: '3.11'\n  requirements: requirements.txt\n  indexes: {{ corp: {{ url: '{}', username: corp-user, password: corp-password }} }}",
                index.url
            )),
        ),
    ]);
    installs_and_tells_nobody(&engine, &project);
}
