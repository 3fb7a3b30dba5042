//! Models of buckets, registries and the context: a real S3 server, a real registry.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use modelcrate_tests::artifacts::Artifacts;
use modelcrate_tests::buildx::Buildx;
use modelcrate_tests::pypi::{Environment, ORAS};
use modelcrate_tests::registry::Registry;
use modelcrate_tests::s3::S3;
use modelcrate_tests::weights::gguf;
use modelcrate_tests::{Build, Built, Engine, Layout, Output, Progress, Project, Run, unique};

/// Bytes from which a file is a layer of its own.
const LARGE: u64 = 64 << 20;
/// The bucket's keys, as the client gives them.
const KEYS: [&str; 4] = [
    "--secret",
    "id=key,env=S3_KEY",
    "--secret",
    "id=secret,env=S3_SECRET",
];

fn spec(model: &str, more: &str) -> String {
    format!(
        "# syntax=modelcrate/frontend:1\nbase: scratch\nuser: root\n{more}\nmodels:\n  m: {{ {model} }}\n"
    )
}

fn layout(engine: &Engine, project: &Project, options: &[&str]) -> (Layout, Built) {
    let provenance = ["--attest", "type=provenance,mode=max"];
    Build {
        progress: Progress::Events,
        options: &[&provenance, options].concat(),
        env: &[("S3_KEY", S3::KEY), ("S3_SECRET", S3::SECRET)],
        ..Build::of(project)
    }
    .layout(engine, &[])
}

/// The lock of a project, written beside its spec.
fn lock(project: &Project, secrets: &[(&str, &str)]) -> String {
    let text = project.read("modelcrate.yaml");
    let body = text.split_once('\n').expect("two lines").1;
    let call = Buildx::spec(body).flags(&["--call", "lock"]);
    let call = secrets
        .iter()
        .fold(call, |call, (id, value)| call.secret(id, value));
    let lock = call.passes().printed;
    project.write("modelcrate.lock", &lock);
    lock
}

fn files(layout: &Layout) -> Vec<String> {
    let image = layout.image_alone();
    let paths = image.layers.iter().flat_map(|layer| {
        let tree = layout.tree(layer);
        let files = tree.0.iter().filter(|(_, entry)| entry.mode == 0o644);
        files.map(|(path, _)| path.clone()).collect::<Vec<_>>()
    });
    paths.collect()
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_buckets_model_is_locked_and_its_keys_are_seen_nowhere() {
    let engine = Engine::main();
    let bucket = S3::for_engine(&engine);
    bucket.bucket("models");
    let name = unique("m");
    let put = |path: &str, text: &str| bucket.put("models", &format!("{name}/{path}"), text.as_bytes());
    put("q4/m.gguf", &gguf(&unique("weights")));
    put("config.json", "{}");
    put("README.md", "not taken");
    bucket.put("models", &format!("{name}-2/other.json"), b"a sibling");
    let model = format!(
        "s3: \"s3://models/{name}\", endpoint: \"{}\", exclude: [\"*.md\"], access_key: key, secret_key: secret",
        bucket.url()
    );
    let project = Project::with(&[("modelcrate.yaml", &spec(&model, ""))]);
    let written = lock(&project, &[("key", S3::KEY), ("secret", S3::SECRET)]);
    assert!(
        written.contains(&format!("source = \"s3:models/{name}\"")),
        "{written}"
    );
    let (built, _) = layout(&engine, &project, &KEYS);
    assert_eq!(files(&built), ["/models/m/config.json", "/models/m/q4/m.gguf"]);
    for (path, bytes) in built.everything() {
        let text = String::from_utf8_lossy(&bytes);
        for secret in [S3::KEY, S3::SECRET, "X-Amz-Signature"] {
            assert!(!text.contains(secret), "`{secret}` is in {}", path.display());
        }
    }

    // The bucket is not asked for what is locked and was downloaded, not even whether it is there.
    put("config.json", "{\"another\": true}");
    drop(bucket);
    project.write("modelcrate.yaml", &spec(&model, "env: { EDITED: x }"));
    let (edited, ran) = layout(&engine, &project, &KEYS);
    assert_eq!(ran.ran(), [] as [&str; 0]);
    assert_eq!(edited.image_alone().layers, built.image_alone().layers);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_artifacts_files_are_those_that_it_names() {
    let engine = Engine::main();
    let artifacts = Artifacts::for_engine(&engine);
    let name = unique("org/model");
    let weights = gguf(&unique("weights"));
    let digest = artifacts.push(
        &name,
        "v1",
        &[
            (
                "application/vnd.cncf.model.weight.v1.raw",
                "org.cncf.model.filepath",
                "q4/m.gguf",
                weights.as_bytes(),
            ),
            (
                "application/octet-stream",
                "org.opencontainers.image.title",
                "config.json",
                b"{}",
            ),
        ],
    );
    let model = format!("oci: \"http://{}/{name}:v1\"", artifacts.address());
    let env = "env: { REVISION: \"${models.m.revision}\" }";
    let project = Project::with(&[("modelcrate.yaml", &spec(&model, env))]);
    let (built, ran) = layout(&engine, &project, &[]);
    assert!(
        ran.warnings.iter().any(|warning| warning.short.contains(&digest)),
        "{:?}",
        ran.warnings
    );
    assert_eq!(files(&built), ["/models/m/config.json", "/models/m/q4/m.gguf"]);
    let image = built.image_alone();
    let env = &image.config["config"]["Env"];
    assert!(env.to_string().contains(&format!("REVISION={digest}")), "{env}");

    // The tag moves; what is locked stays.
    lock(&project, &[]);
    let html = b"<html>".as_slice();
    artifacts.push(
        &name,
        "v1",
        &[("a/b", "org.opencontainers.image.title", "m.gguf", html)],
    );
    let (locked, ran) = layout(&engine, &project, &[]);
    assert_eq!(ran.ran(), [] as [&str; 0]);
    assert_eq!(locked.image_alone().layers, image.layers);

    let fails = |model: &str| {
        Buildx::spec(&format!(
            "base: scratch\nuser: root\nmodels: {{ m: {{ {model} }} }}\n"
        ))
        .fails()
    };
    let seen = fails(&model);
    assert!(seen.contains("does not begin with `GGUF`"), "{seen}");
    let seen = fails(&model.replace(":v1", ":v2"));
    assert!(
        seen.contains("cannot be read") && seen.contains("error[download]"),
        "{seen}"
    );
}

/// Logs in, which writes docker's settings, and pushes the files of the folder.
const PUSH: &str = "\
import sys
from oras.client import OrasClient
registry, name, user, password = sys.argv[1:5]
client = OrasClient(hostname=registry, insecure=True, auth_backend='basic')
client.login(hostname=registry, username=user, password=password, config_path='docker/config.json')
client.push(target=f'{registry}/{name}', files=sys.argv[5:])
";

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_artifact_behind_a_login_is_built_and_fetched_with_dockers_own_settings() {
    let engine = Engine::main();
    let registry = Registry::for_engine(&engine);
    let weights = gguf(&unique("weights"));
    let folder = Project::with(&[
        ("m.gguf", &weights),
        ("settings.json", "{}"),
        ("text/deep/a.txt", "of a folder"),
    ]);
    let login = [Registry::USER, Registry::PASSWORD];
    let mut oras = Environment::with(ORAS).program("python");
    oras.current_dir(folder.path())
        .args(["-c", PUSH, registry.address(), "org/m:v1"]);
    Output::of(oras.args(login).args(["m.gguf", "settings.json", "text"])).ok();

    let oci = format!("oci: \"http://{}/org/m:v1\"", registry.address());
    let text = format!(
        "# syntax=modelcrate/frontend:1\nbase: debian:bookworm-slim\nuser: app\nentrypoint: [cat, /models/m/m.gguf, /models/m/text/deep/a.txt]\n\
         models: {{ m: {{ {oci}, token: registry }} }}\ntargets: {{ start: {{ models: {{ m: {{ deliver: fetch }} }} }} }}\n"
    );
    let project = Project::with(&[("modelcrate.yaml", &text)]);
    let settings = folder.file("docker/config.json").display().to_string();
    let secret = ["--secret", &format!("id=registry,src={settings}")];
    let (built, _) = layout(&engine, &project, &secret);
    let files = files(&built);
    // ORAS packs a folder into an archive.
    let expected = ["m.gguf", "settings.json", "text/deep/a.txt"].map(|path| format!("/models/m/{path}"));
    assert!(files.ends_with(&expected), "{files:?}");
    let secrets = [Registry::PASSWORD.to_owned(), BASE64.encode(Registry::login())];
    for (path, bytes) in built.everything() {
        let text = String::from_utf8_lossy(&bytes);
        for secret in &secrets {
            assert!(!text.contains(secret), "`{secret}` is in {}", path.display());
        }
    }

    let build = |model: &str| {
        Buildx::spec(&format!(
            "base: scratch\nuser: root\nmodels: {{ m: {{ {model} }} }}\n"
        ))
    };
    let with_token = || build(&format!("{oci}, token: registry"));
    let wrong = format!("{}:wrong-password", Registry::USER);
    for (build, words) in [
        (build(&oci), "only to who logs in"),
        (with_token(), "was not given the secret `registry`"),
        (
            with_token().secret("registry", &wrong),
            "does not take this login",
        ),
        (
            with_token().secret("registry", "{\"auths\":{}}"),
            "docker's settings have no login for",
        ),
    ] {
        let seen = build.fails();
        assert!(seen.contains(words), "{words}: {seen}");
        assert!(!seen.contains("wrong-password"), "{seen}");
    }

    // What is locked is not asked for before it is downloaded.
    lock(&project, &[("registry", &Registry::login())]);
    let cold = Build::of(&project).try_with(&engine, &["--no-cache"]);
    let seen = cold.output.stderr;
    assert!(seen.contains("was not given the secret `registry`"), "{seen}");

    let start = Build {
        target: Some("start"),
        options: &secret,
        ..Build::of(&project)
    };
    let (image, _) = start.load(&engine);
    let run = |options: &[String]| {
        image.run(&Run {
            options,
            ..Run::default()
        })
    };
    let refused = run(&[]);
    assert_eq!(
        (refused.code(), &*refused.stdout),
        (Some(3), ""),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("only to who logs in"),
        "{}",
        refused.stderr
    );
    let output = run(&[format!("--volume={settings}:/run/secrets/registry:ro")]).ok();
    assert_eq!(output.stdout, weights + "of a folder");
    assert!(
        secrets.iter().all(|secret| !output.stderr.contains(secret)),
        "{}",
        output.stderr
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_folder_of_the_context_is_a_model_whose_large_files_move_alone() {
    let engine = Engine::main();
    let project = Project::with(&[
        ("weights/config.json", "{}"),
        ("weights/onnx/vocab.txt", &unique("small")),
        ("weights/m.gguf", &gguf(&unique("large"))),
    ]);
    let large = std::fs::OpenOptions::new()
        .write(true)
        .open(project.file("weights/m.gguf"));
    large.expect("the file").set_len(LARGE).expect("a longer file");
    project.write(
        "modelcrate.yaml",
        &spec(
            "path: weights",
            "entrypoint: [serve, \"${models.m.path}/m.gguf\"]",
        ),
    );
    let platforms = ["--platform", "linux/amd64,linux/arm64"];
    let (built, _) = layout(&engine, &project, &platforms);
    let [amd64, arm64] = built.images().try_into().unwrap_or_else(|_| panic!("two images"));
    assert_eq!(amd64.layers, arm64.layers, "platforms share the files");
    assert_eq!(amd64.layers.len(), 2, "{:?}", amd64.layers);
    assert_eq!(built.tree(&amd64.layers[1]).at("/models/m/m.gguf").mode, 0o644);

    project.write("weights/config.json", "{\"edited\": true}");
    let (edited, ran) = layout(&engine, &project, &[]);
    assert_eq!(ran.ran(), ["add 2 files of m"]);
    assert_eq!(edited.image_alone().layers[1], amd64.layers[1]);

    project.write("weights/bad.safetensors", "<html>log in</html>");
    let failed = Build::of(&project).try_with(&engine, &[]);
    let seen = failed.output.stderr;
    assert!(
        seen.contains("`bad.safetensors` of the model `m` is not what its name says"),
        "{seen}"
    );
}
