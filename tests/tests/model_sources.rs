//! Models of buckets, registries and the context: a real S3 server, a real registry.

use modelcrate_tests::artifacts::Artifacts;
use modelcrate_tests::buildx::Buildx;
use modelcrate_tests::s3::S3;
use modelcrate_tests::{Build, Built, Engine, Layout, Progress, Project, unique};

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
    put("q4/m.gguf", &format!("GGUF{}", unique("weights")));
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
    let weights = format!("GGUF{}", unique("weights"));
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

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_folder_of_the_context_is_a_model_whose_large_files_move_alone() {
    let engine = Engine::main();
    let project = Project::with(&[
        ("weights/config.json", "{}"),
        ("weights/onnx/vocab.txt", &unique("small")),
        ("weights/m.gguf", &format!("GGUF{}", unique("large"))),
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
