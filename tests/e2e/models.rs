//! Models in images: where their files lie, what makes them move, and what is said when they cannot be had.

use std::path::Path;

use modelcrate_tests::buildx::Buildx;
use modelcrate_tests::website::Website;
use modelcrate_tests::weights::{gguf, safetensors};
use modelcrate_tests::{Build, Engine, Layout, Output, Progress, Project, unique};
use tempfile::TempDir;

/// 1980-01-01, the time of everything that the build makes.
const FIXED: u64 = 315_532_800;

/// A folder of a server, with the files of a model whose weights no earlier run had.
struct Weights {
    folder: TempDir,
}

impl Weights {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let weights = Self { folder };
        weights.write("config.json", &unique("config"));
        weights.write("model.safetensors", &tensors());
        weights
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).expect("a file");
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn sha256(&self, name: &str) -> String {
        sha256(&std::fs::read(self.path().join(name)).expect("a file"))
    }

    /// `{ url: …, sha256: … }` of a file.
    fn pinned(&self, site: &Website, name: &str) -> String {
        format!("{{ url: {}, sha256: {} }}", site.url(name), self.sha256(name))
    }
}

/// A file of safetensors without a tensor, as no other is.
fn tensors() -> String {
    let header = format!(r#"{{"__metadata__":{{"of":"{}"}}}}"#, unique("weights"));
    let length = (header.len() as u64).to_le_bytes();
    String::from_utf8_lossy(&length).into_owned() + &header
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn spec(models: &str, more: &str) -> String {
    format!("# syntax=modelcrate/frontend:1\nbase: scratch\nuser: root\n{more}\nmodels:\n{models}")
}

fn build(project: &Project) -> Build<'_> {
    Build {
        progress: Progress::Events,
        env: &[("KEY", "Bearer of-the-models-test-7f3a")],
        options: &[
            "--secret",
            "id=key,env=KEY",
            "--attest",
            "type=provenance,mode=max",
        ],
        ..Build::of(project)
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_model_is_made_of_its_files_alone() {
    let engine = Engine::main();
    let (open, locked) = (Weights::new(), Weights::new());
    locked.write("v.gguf", &gguf(&unique("weights")));
    let site = Website::start(open.path());
    let vault = Website::locked(locked.path(), "Bearer of-the-models-test-7f3a");
    let models = |config: &str| {
        format!(
            "  small:\n    urls:\n      - {config}\n      - {}\n  vault: {{ url: {}, sha256: {}, token: key, file: deep/v.gguf }}\n",
            open.pinned(&site, "model.safetensors"),
            vault.url("v.gguf"),
            locked.sha256("v.gguf"),
        )
    };
    let first = models(&open.pinned(&site, "config.json"));
    let env = "env: { SMALL: \"${models.small.path}\", VAULT: \"${models.vault.file}\" }";
    let project = Project::with(&[("modelcrate.yaml", &spec(&first, env))]);
    let platforms = ["--platform", "linux/amd64,linux/arm64"];
    let (layout, built) = layout_with(&engine, &build(&project), &platforms);

    // The program that looks at weights may be there from an earlier build.
    let ran = built.ran().into_iter().filter(|step| *step != "take the checker");
    assert_eq!(
        ran.collect::<Vec<_>>(),
        [
            "add small/config.json",
            "add small/model.safetensors",
            "add vault/deep/v.gguf",
            "check small/model.safetensors",
            "check vault/deep/v.gguf",
        ]
    );
    let [amd64, arm64] = layout
        .images()
        .try_into()
        .unwrap_or_else(|_| panic!("two images"));
    assert_eq!(amd64.layers, arm64.layers, "platforms share the files");
    assert_eq!(amd64.layers.len(), 3, "{:?}", amd64.layers);
    assert_eq!(amd64.config["config"]["Env"][1], "SMALL=/models/small");
    assert_eq!(
        amd64.config["config"]["Env"][2],
        "VAULT=/models/vault/deep/v.gguf"
    );
    for (layer, file) in amd64.layers.iter().zip([
        "/models/small/config.json",
        "/models/small/model.safetensors",
        "/models/vault/deep/v.gguf",
    ]) {
        let tree = layout.tree(layer);
        assert_eq!(tree.at(file).mode, 0o644);
        for (path, entry) in &tree.0 {
            assert_eq!((entry.uid, entry.gid, entry.mtime), (0, 0, FIXED), "{path}");
        }
    }
    for (path, bytes) in layout.everything() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(
            !text.contains("of-the-models-test"),
            "the token is in {}",
            path.display()
        );
    }

    open.write("config.json", &unique("config"));
    let second = models(&open.pinned(&site, "config.json"));
    project.write("modelcrate.yaml", &spec(&second, "env: { OTHER: x }"));
    let (changed, built) = layout_with(&engine, &build(&project), &platforms[..0]);
    assert_eq!(built.ran(), ["add small/config.json"]);
    let changed = changed.image_alone().layers;
    assert_ne!(changed[0], amd64.layers[0]);
    assert_eq!(changed[1..], amd64.layers[1..], "weights stay what they are");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_layers_of_an_image_of_weights_become_layers_of_the_image() {
    let engine = Engine::main();
    let weights = Weights::new();
    let site = Website::start(weights.path());
    let model = format!("  small: {}\n", weights.pinned(&site, "model.safetensors"));
    let name = format!("{}/{}", engine.registry(), unique("weights"));
    Buildx::spec(&spec(&model, "")["# syntax=modelcrate/frontend:1\n".len()..])
        .flags(&["--tag", &name, "--push", "--provenance=false"])
        .passes();

    let entrypoint = "entrypoint: [cat, \"${models.small.path}/model.safetensors\"]";
    let project = Project::with(&[(
        "modelcrate.yaml",
        &spec(&format!("  small: {{ image: \"{name}\" }}\n"), entrypoint),
    )]);
    let (layout, built) = layout_with(
        &engine,
        &Build {
            progress: Progress::Events,
            ..Build::of(&project)
        },
        &[],
    );
    assert_eq!(built.ran(), Vec::<&str>::new());
    let image = layout.image_alone();
    let manifest = manifest(&engine, &name);
    assert_eq!(image.layers.len(), 1);
    assert!(manifest.contains(&image.layers[0].digest), "{manifest}");
    assert_eq!(
        image.config["config"]["Entrypoint"][1],
        "/models/small/model.safetensors"
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_empty_engine_takes_a_model_from_the_registry_without_moving_it() {
    let engine = Engine::main();
    let weights = Weights::new();
    let site = Website::start(weights.path());
    let model = format!("  small: {}\n", weights.pinned(&site, "model.safetensors"));
    let project = Project::with(&[("modelcrate.yaml", &spec(&model, ""))]);
    let cache = format!("{}/{}", engine.registry(), unique("cache"));
    let to = format!("type=registry,ref={cache},mode=max");
    let (layout, _) = layout_with(&engine, &Build::of(&project), &["--cache-to", &to]);
    let layer = layout.layer_with("model.safetensors");

    std::fs::remove_file(weights.path().join("model.safetensors")).expect("the file is there");
    let edited = spec(&model, "env: { EDITED: \"yes\" }");
    let other = another_release(&engine);
    project.write(
        "modelcrate.yaml",
        &edited.replace("modelcrate/frontend:1", &other),
    );
    let empty = Engine::fresh();
    let name = format!("{}/{}", empty.registry(), unique("image"));
    let from = format!("type=registry,ref={cache}");
    let push = format!("type=image,name={name},push=true,store=false");
    let built = Build::of(&project).with(&empty, &["--cache-from", &from, "--output", &push]);
    // Weights that did not change are not looked at again either, for which they would have to be there: not by another release.
    assert_eq!(built.ran(), [] as [&str; 0]);
    assert!(!empty.has_blob(&layer.digest), "the weights were downloaded");

    // Another image takes them from that one, and is pushed to the same registry.
    let other = Project::with(&[(
        "modelcrate.yaml",
        &spec(
            &format!("  small: {{ image: \"{name}\" }}\n"),
            "env: { OTHER: \"yes\" }",
        ),
    )]);
    let pushed = format!("{}/{}", empty.registry(), unique("image"));
    let push = format!("type=image,name={pushed},push=true,store=false");
    Build::of(&other).with(&empty, &["--output", &push]);
    assert!(manifest(&engine, &pushed).contains(&layer.digest));
    assert!(!empty.has_blob(&layer.digest), "the weights were moved");
}

/// The image of a frontend that has another fetcher: nearly every release does.
fn another_release(engine: &Engine) -> String {
    let recipe = "FROM modelcrate/frontend:1\nCOPY fetcher /fetcher/amd64\nCOPY fetcher /fetcher/arm64\n";
    let project = Project::with(&[("Dockerfile", recipe), ("fetcher", &unique("fetcher"))]);
    let name = format!("{}/{}", engine.registry(), unique("frontend"));
    let mut command = engine.docker(&["buildx", "build", "--push", "--provenance=false", "--tag", &name]);
    Output::of(command.arg(project.path())).ok();
    name
}

/// What the registry has of an image.
fn manifest(engine: &Engine, name: &str) -> String {
    let raw = ["buildx", "imagetools", "inspect", "--raw", name];
    let index = engine.ask(&raw);
    let index: serde_json::Value = serde_json::from_str(&index).expect("JSON");
    match index["manifests"][0]["digest"].as_str() {
        Some(digest) => manifest(engine, &format!("{name}@{digest}")),
        None => index.to_string(),
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_model_that_cannot_be_had_says_why() {
    let weights = Weights::new();
    let vault = Website::locked(weights.path(), "Bearer of-the-models-test-7f3a");
    let site = Website::start(weights.path());
    let sha256 = weights.sha256("model.safetensors");
    let other = "0".repeat(64);
    let fails = |model: &str| {
        Buildx::spec(&format!("base: scratch\nuser: root\nmodels:\n  m: {model}\n"))
            .secret("key", "Bearer of-nobody")
            .fails()
    };
    for (model, words) in [
        (
            format!(
                "{{ url: {}, sha256: {sha256} }}",
                vault.url("model.safetensors?1")
            ),
            [
                "the server wants to know who asks for `model.safetensors` (status 401)",
                "name the secret that opens it: `token: ID`",
            ],
        ),
        (
            format!(
                "{{ url: {}, sha256: {sha256}, token: key }}",
                vault.url("model.safetensors?2")
            ),
            [
                "(status 401)",
                "`key` must hold the value of the `Authorization` header",
            ],
        ),
        (
            format!("{{ url: {}, sha256: {sha256} }}", site.url("nothing.safetensors")),
            [
                "there is no `nothing.safetensors` at this address (status 404)",
                "compare the address",
            ],
        ),
        (
            format!("{{ url: {}, sha256: {other} }}", site.url("model.safetensors?3")),
            [
                "`model.safetensors` holds something else than this checksum says",
                &format!("its SHA-256 is {sha256}"),
            ],
        ),
    ] {
        let seen = fails(&model);
        for words in words {
            assert!(seen.contains(words), "no `{words}` in:\n{seen}");
        }
        assert!(seen.contains(&format!("| >>>   m: {model}")), "{seen}");
        assert!(!seen.contains("of-nobody"), "{seen}");
    }
}

/// Somebody took the digest of a file that was cut off.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn half_a_model_with_the_right_digest_is_none() {
    let weights = Weights::new();
    let mut half = safetensors(unique("weights").as_bytes());
    half.pop();
    std::fs::write(weights.path().join("model.safetensors"), half).expect("a file");
    let site = Website::start(weights.path());
    let model = weights.pinned(&site, "model.safetensors");
    let seen = Buildx::spec(&format!("base: scratch\nuser: root\nmodels:\n  first: {model}\n")).fails();
    let words = "error[download]: `model.safetensors` of the model `first` is not what its name says: its tensors are ";
    assert!(seen.contains(words), "{seen}");
}

/// Somebody took the digest of what the address gave, and it was a page.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_page_with_the_right_digest_is_no_model() {
    let weights = Weights::new();
    let page = format!("<html>log in {}</html>", unique("page"));
    weights.write("model.safetensors", &page);
    weights.write("q4.gguf", &page);
    let site = Website::start(weights.path());
    let models = format!(
        "models:\n  first: {}\n  second: {{ urls: [{}, {}] }}\n",
        weights.pinned(&site, "model.safetensors"),
        weights.pinned(&site, "config.json"),
        weights.pinned(&site, "q4.gguf"),
    );
    let spec = format!("base: scratch\nuser: root\n{models}");
    let fails = || Buildx::spec(&spec).fails();
    // Nothing of what failed is kept.
    for seen in [fails(), fails()] {
        let of_first = seen.contains("error[download]: `model.safetensors` of the model `first` is not what its name says: it has no header of a safetensors file");
        let of_second =
            seen.contains("error[download]: `q4.gguf` of the model `second` is not what its name says: it does not begin with `GGUF`");
        assert!(of_first || of_second, "{seen}");
        assert!(seen.contains("hint: open the address in a browser"), "{seen}");
        assert!(seen.contains("| >>> "), "{seen}");
    }
}

fn layout_with(engine: &Engine, build: &Build<'_>, more: &[&str]) -> (Layout, modelcrate_tests::Built) {
    let options = [build.options, more].concat();
    Build {
        options: &options,
        ..*build
    }
    .layout(engine, &[])
}
