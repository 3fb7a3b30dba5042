//! What is in front of the program, and what is baked in for it.

use modelcrate_fetcher::manifest::{Deliver, Manifest, Source};

use super::super::{ImageFacts, Plan, plan};
use super::*;
use crate::check::drawn::{self, Build};
use crate::image::{ContainerConfig, ImageConfig};

fn checked(spec: &str) -> Checked {
    drawn::checked(spec, &Build::default())
}

/// Facts of a base that runs `words` as uid 7.
fn base(words: &[&str]) -> Facts {
    let config = ContainerConfig {
        entrypoint: Some(words.iter().map(ToString::to_string).collect()),
        cmd: Some(vec!["serve".into()]),
        user: "7:8".into(),
        ..ContainerConfig::default()
    };
    let config = ImageConfig {
        config,
        ..ImageConfig::default()
    };
    Facts {
        target: ("linux".into(), "amd64".into(), String::new()),
        images: [(
            "base".to_owned(),
            ImageFacts {
                config,
                ..ImageFacts::default()
            },
        )]
        .into(),
        ..Facts::default()
    }
}

/// Entrypoint and cmd of the image, and what is baked in.
fn start(spec: &str, facts: &Facts) -> (String, Option<Baked>) {
    let plan = plan(&checked(spec), facts);
    let baked = baked_file(&plan, BAKED);
    let config = plan.config.config;
    let line = [config.entrypoint, config.cmd].map(|words| words.unwrap_or_default().join(" "));
    (line.join(" | "), baked)
}

fn baked_file<T: serde::de::DeserializeOwned>(plan: &Plan, wanted: &str) -> Option<T> {
    let files = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Files(files) => Some(files),
        _ => None,
    });
    files.flatten().find_map(|file| match file {
        FileAction::File { path, text, .. } if path == wanted => serde_json::from_str(text).ok(),
        _ => None,
    })
}

#[test]
fn the_launcher_is_in_front_of_the_program_and_arguments_stay_behind_it() {
    let nothing = base(&[]);
    let of = |spec: &str| start(spec, &nothing).0;
    assert_eq!(
        of("preflight: true\nentrypoint: [a, b]\ncmd: [c]"),
        format!("{PROGRAM} run a b | c")
    );
    assert_eq!(of("init: true\ncmd: [c]"), format!("{PROGRAM} run | c"));
    assert_eq!(of("healthcheck: tcp:80\nentrypoint: [a]"), "a | ");
    assert_eq!(of("preflight: none\nentrypoint: [a]"), "a | ");
}

#[test]
fn the_program_of_the_base_keeps_its_arguments() {
    let spec = "base: base\npreflight: true";
    let (line, baked) = start(spec, &base(&["python", "-m", "app"]));
    assert_eq!(line, format!("{PROGRAM} run python -m app | serve"));
    assert_eq!(baked.unwrap().entrypoint, ["python", "-m", "app"]);
    let (line, baked) = start(spec, &base(&[PROGRAM, "run", "app"]));
    assert_eq!(
        line,
        format!("{PROGRAM} run app | serve"),
        "one launcher is enough"
    );
    assert_eq!(baked.unwrap().entrypoint, ["app"]);
    assert_eq!(
        start("base: base\nuser: root", &base(&["x"])),
        ("x | serve".to_owned(), None)
    );
}

#[test]
fn what_the_spec_says_elsewhere_is_looked_at_too() {
    let spec =
        "cuda: { version: 12.8.1, archs: [80, 90a] }\nports: [80, 53/udp]\npreflight: true\nentrypoint: [a]";
    let preflight = start(spec, &base(&[])).1.unwrap().preflight.unwrap();
    let gpu = preflight.gpu.unwrap();
    assert_eq!(
        (gpu.cuda.unwrap().as_str(), gpu.archs),
        ("12.8.1", vec!["80".into(), "90a".into()])
    );
    let ports: Vec<(u16, bool)> = preflight
        .ports
        .iter()
        .map(|port| (port.number, port.udp))
        .collect();
    assert_eq!(ports, [(80, false), (53, true)]);
    assert_eq!(preflight.uid, Some(1000));
    let inherits = start("base: base\npreflight: true", &base(&["a"])).1.unwrap();
    assert_eq!(inherits.preflight.unwrap().uid, Some(7));
}

#[test]
fn the_models_whose_files_are_known_are_looked_at() {
    let sha256 = "a".repeat(64);
    let models = format!(
        "models: {{ m: {{ url: \"https://host/w.gguf\", sha256: {sha256} }}, i: {{ image: \"weights:1\" }} }}"
    );
    let manifest = |preflight: &str| -> Option<Manifest> {
        let spec = format!("{models}\npreflight: {preflight}\nentrypoint: [a]");
        baked_file(&plan(&checked(&spec), &base(&[])), PATH)
    };
    let known = manifest("true").unwrap().models;
    assert_eq!(known.len(), 1);
    assert_eq!(
        (known[0].folder.as_str(), known[0].deliver),
        ("/models/m", Deliver::Bake)
    );
    assert_eq!(
        (known[0].files[0].path.as_str(), &known[0].files[0].sha256),
        ("w.gguf", &sha256)
    );
    assert_eq!(manifest("none"), None);
    let models_of = |spec: String| start(&spec, &base(&[])).1.unwrap().preflight.unwrap().models;
    assert!(models_of(format!("{models}\npreflight: true\nentrypoint: [a]")));
    assert!(!models_of(format!(
        "{models}\npreflight: {{ models: false }}\nentrypoint: [a]"
    )));
}

/// A model at an address, delivered like this, in an image of user 1000.
fn delivered(deliver: &str) -> Plan {
    let sha256 = "a".repeat(64);
    let model =
        format!("{{ url: \"https://host/w.gguf\", sha256: {sha256}, token: key, deliver: {deliver} }}");
    plan(
        &checked(&format!("entrypoint: [a]\nmodels: {{ m: {model} }}")),
        &base(&[]),
    )
}

fn destinations(plan: &Plan) -> Vec<&str> {
    let files = plan
        .image
        .iter()
        .filter_map(|step| match &plan.step(*step).action {
            Action::Files(files) => Some(files),
            _ => None,
        });
    let files = files.flatten().filter_map(|file| match file {
        FileAction::Copy(copy) => Some(copy.dest.as_str()),
        _ => None,
    });
    files.collect()
}

#[test]
fn what_is_fetched_has_the_programs_that_do_it_and_no_weights() {
    let plan = delivered("fetch");
    assert_eq!(destinations(&plan), [PROGRAM, "/usr/share/modelcrate/fetcher"]);
    let entrypoint = plan.config.config.entrypoint.clone().unwrap();
    assert_eq!(entrypoint, [PROGRAM, "run", "a"]);
    assert_eq!(baked_file::<Baked>(&plan, BAKED).unwrap().entrypoint, ["a"]);
    let manifest: Manifest = baked_file(&plan, PATH).unwrap();
    let model = &manifest.models[0];
    let urls = [("w.gguf".to_owned(), "https://host/w.gguf".to_owned())].into();
    assert_eq!(model.source, Some(Source::Urls { urls }));
    assert_eq!(
        (model.token.as_deref(), model.deliver),
        (Some("key"), Deliver::Fetch)
    );
}

#[test]
fn what_opens_a_source_at_the_start_is_named_and_no_more() {
    let source = |model: &str| {
        let spec = format!("entrypoint: [a]\nmodels: {{ m: {{ {model}, deliver: fetch }} }}");
        let plan = plan(&checked(&spec), &base(&[]));
        let manifest: Manifest = baked_file(&plan, PATH).unwrap();
        let model = manifest.models.into_iter().next().unwrap();
        (model.source.unwrap(), model.token)
    };
    let artifact = |endpoint: Option<&str>| Source::Oci {
        endpoint: endpoint.map(ToOwned::to_owned),
        repository: "r.test:5000/org/m".into(),
    };
    assert_eq!(
        source("oci: \"r.test:5000/org/m:v1\", token: login"),
        (artifact(None), Some("login".into()))
    );
    assert_eq!(
        source("oci: \"http://r.test:5000/org/m:v1\""),
        (artifact(Some("http://r.test:5000")), None)
    );
    let bucket =
        "s3: s3://bucket/m, endpoint: \"https://s3.test\", region: eu-1, access_key: key, secret_key: secret";
    let known = Source::S3 {
        endpoint: Some("https://s3.test".into()),
        bucket: "bucket".into(),
        prefix: "m/".into(),
        region: Some("eu-1".into()),
        access_key: Some("key".into()),
        secret_key: Some("secret".into()),
    };
    assert_eq!(source(bucket), (known, None));
}

#[test]
fn what_a_volume_brings_is_said_and_nothing_more() {
    let plan = delivered("volume");
    assert!(destinations(&plan).is_empty());
    assert_eq!(plan.config.config.entrypoint.clone().unwrap(), ["a"]);
    let manifest: Manifest = baked_file(&plan, PATH).unwrap();
    let model = &manifest.models[0];
    assert_eq!(
        (&model.source, &model.token, model.deliver),
        (&None, &None, Deliver::Volume)
    );
    assert_eq!(baked_file::<Baked>(&plan, BAKED), None);
    // Its folder is the user's, so that a new volume is.
    let folder = plan.step(*plan.image.last().unwrap());
    let owner = Some((1000, 1000));
    assert_eq!(
        folder.action,
        Action::Files(
            ["/models", "/models/m"]
                .map(|path| FileAction::Folder {
                    path: path.into(),
                    mode: 0o755,
                    owner
                })
                .into()
        )
    );
    assert!(baked_file::<Manifest>(&delivered("bake"), PATH).is_none());
}

#[test]
fn what_is_not_wanted_is_not_baked_in() {
    let spec =
        "cuda: 12.8.1\nports: [80]\npreflight: { gpu: false, ports: false, user: false }\nentrypoint: [a]";
    let baked = start(spec, &base(&[])).1.unwrap();
    assert_eq!(baked.preflight, Some(Preflight::default()));
    let none = start("base: base\ncuda: none\npreflight: { gpu: true }", &base(&["a"]))
        .1
        .unwrap();
    assert_eq!(
        none.preflight.unwrap().gpu,
        None,
        "without CUDA there is nothing for a GPU"
    );
    let init = start("init: true\ncmd: [a]", &base(&[])).1.unwrap();
    assert_eq!((init.init, init.preflight), (true, None));
}
