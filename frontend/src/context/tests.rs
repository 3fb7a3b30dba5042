//! Spec and contexts against an engine in memory.

use std::collections::BTreeMap;

use buildkit_llb::{Definition, Local, Meta, Output};

use super::{BuildContext, Context, Selection, SpecFile};
use crate::gateway::fake_engine::{FakeEngine, Solved};
use crate::gateway::{ErrorKind, GatewayError};
use crate::options::Options;
use crate::source::Span;

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SPEC: &str = "# syntax=modelcrate/frontend:1\nname: director\n";

fn options(given: &[&str]) -> Options {
    let numbered = given.iter().enumerate();
    let variables =
        numbered.map(|(at, option)| (format!("BUILDKIT_FRONTEND_OPT_{at}"), (*option).to_owned()));
    let session = ("BUILDKIT_SESSION_ID".to_owned(), "session".to_owned());
    Options::from_env(variables.chain([session])).unwrap()
}

/// A build that has only come to know where things are.
async fn open(engine: &FakeEngine, given: &[&str]) -> Result<BuildContext, GatewayError> {
    let mut all = vec!["filename=modelcrate.yaml"];
    all.extend(given);
    let options = options(&all);
    BuildContext::open(&engine.gateway(&options).await, &options).await
}

async fn main_context(engine: &FakeEngine, given: &[&str]) -> (SpecFile, Context) {
    let build = open(engine, given).await.unwrap();
    let spec = build.spec().await.unwrap();
    let main = build.main(&spec).await.unwrap();
    (spec, main)
}

fn local_engine() -> FakeEngine {
    FakeEngine::current().file("dockerfile", "modelcrate.yaml", SPEC)
}

/// The head of what a context gives, as the engine would see it.
async fn seen(engine: &FakeEngine, output: Option<Output>) -> Solved {
    let gateway = engine.gateway(&Options::default()).await;
    let definition = Definition::new(output.as_ref()).unwrap();
    gateway.solve(&definition, false).await.unwrap();
    engine.solved().pop().unwrap()
}

fn problem(result: Result<Option<Context>, GatewayError>) -> String {
    result.unwrap_err().to_string()
}

// The spec.

#[tokio::test]
async fn the_spec_is_loaded_by_name_in_one_small_transfer() {
    let engine = local_engine();
    let (spec, _) = main_context(&engine, &[]).await;
    assert_eq!(
        (spec.source.name.as_str(), spec.source.text.as_str()),
        ("modelcrate.yaml", SPEC)
    );
    let load = &engine.solved()[0];
    assert_eq!(load.name, "[internal] load build definition from modelcrate.yaml");
    assert_eq!(load.key, "dockerfile");
    assert_eq!(
        load.list("local.followpaths"),
        ["modelcrate.yaml", "modelcrate.yaml.dockerignore"]
    );
    assert_eq!(load.attributes["local.session"], "session");
    assert_eq!(load.attributes["local.sharedkeyhint"], "dockerfile");
    assert_eq!(load.attributes["local.differ"], "none");
}

#[tokio::test]
async fn errors_source_map_names_file_language_data_and_graph() {
    let engine = local_engine();
    let (spec, _) = main_context(&engine, &[]).await;
    assert_eq!(spec.info.filename, "modelcrate.yaml");
    assert_eq!(spec.info.language, "YAML");
    assert_eq!(spec.info.data, SPEC.as_bytes());
    let definition = spec.info.definition.as_ref().unwrap();
    assert_eq!(definition.digest().unwrap().as_str(), spec.vertex);
    assert_eq!(definition.as_pb(), &engine.solved()[0].definition);
}

#[tokio::test]
async fn a_span_becomes_lines_from_one_and_columns_from_zero() {
    let (spec, _) = main_context(&local_engine(), &[]).await;
    let at = |start, end| {
        let range = spec.location(Span::new(start, end)).ranges[0];
        let place = |position: buildkit_llb::Position| (position.line, position.character);
        (place(range.start), place(range.end))
    };
    let line_two = SPEC.find("name").unwrap();
    assert_eq!(at(line_two, line_two + 4), ((2, 0), (2, 4)));
    assert_eq!(
        at(line_two + 6, SPEC.len()),
        ((2, 6), (2, 15)),
        "the end of line stays on its line"
    );
    assert_eq!(at(0, 0), ((1, 0), (1, 0)));
}

#[tokio::test]
async fn a_missing_spec_is_named_with_the_place() {
    let build = open(&FakeEngine::current(), &[]).await.unwrap();
    let error = build.spec().await.unwrap_err();
    assert!(error.is_not_found());
    insta::assert_snapshot!(error, @r"
    there is no `modelcrate.yaml` in the folder of the spec
    hint: name the spec with `-f`
    ");
}

#[tokio::test]
async fn a_spec_that_cannot_be_loaded_is_not_called_missing() {
    let engine = FakeEngine::current().failing("dockerfile", tonic::Status::unknown("no active session"));
    let error = open(&engine, &[]).await.unwrap().spec().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Engine);
    insta::assert_snapshot!(error, @"failed to read `modelcrate.yaml`: no active session");
}

#[tokio::test]
async fn a_spec_that_is_not_text_is_refused() {
    let engine = FakeEngine::current().file("dockerfile", "modelcrate.yaml", b"a\xff".to_vec());
    let error = open(&engine, &[]).await.unwrap().spec().await.unwrap_err();
    assert!(
        error.to_string().starts_with("`modelcrate.yaml` is not UTF-8"),
        "{error}"
    );
}

#[tokio::test]
async fn dockerfile_lowercase_is_found_too() {
    let engine = FakeEngine::current().file("dockerfile", "sub/dockerfile", SPEC);
    let build = open(&engine, &["filename=sub/Dockerfile"]).await.unwrap();
    assert_eq!(build.spec().await.unwrap().source.name, "sub/Dockerfile");
}

#[tokio::test]
async fn without_a_name_the_syntax_line_decides_what_the_spec_is_called() {
    let engine = FakeEngine::current().file("dockerfile", "Dockerfile", SPEC).file(
        "dockerfile",
        "modelcrate.yaml",
        SPEC,
    );
    let name = async |given: &[&str]| {
        let options = options(given);
        let gateway = engine.gateway(&options).await;
        let build = BuildContext::open(&gateway, &options).await.unwrap();
        build.spec().await.unwrap().source.name
    };
    assert_eq!(name(&["cmdline=modelcrate/frontend:1"]).await, "Dockerfile");
    assert_eq!(name(&[]).await, "modelcrate.yaml");
}

#[tokio::test]
async fn an_engine_without_differ_loads_the_spec_all_the_same() {
    let engine = local_engine().without(&["source.local.differ"]);
    let (spec, _) = main_context(&engine, &[]).await;
    assert_eq!(spec.source.text, SPEC);
    assert!(!engine.solved()[0].attributes.contains_key("local.differ"));
}

// The main context.

#[tokio::test]
async fn dockerignore_leaves_files_out_of_every_transfer() {
    let engine = local_engine().file("context", ".dockerignore", "/dist\n*.pyc\n");
    let (_, main) = main_context(&engine, &[]).await;
    assert_eq!(main.ignore_file(), Some(".dockerignore"));
    let load = &engine.solved()[1];
    assert_eq!(load.name, "[internal] load .dockerignore");
    assert_eq!(load.attributes["local.sharedkeyhint"], "context-.dockerignore");
    let whole = seen(&engine, main.whole()).await;
    assert_eq!(whole.name, "[internal] load build context");
    assert_eq!(whole.attributes["local.sharedkeyhint"], "context");
    assert_eq!(whole.list("local.excludepatterns"), ["dist", "*.pyc"]);
    assert!(whole.list("local.followpaths").is_empty());
}

#[tokio::test]
async fn dockerignore_override_takes_the_place_of_the_other() {
    let engine = local_engine()
        .file("dockerfile", "modelcrate.yaml.dockerignore", "weights\n")
        .file("context", ".dockerignore", "dist\n");
    let (_, main) = main_context(&engine, &[]).await;
    assert_eq!(main.ignore_file(), Some("modelcrate.yaml.dockerignore"));
    assert_eq!(engine.solved().len(), 1, "the other is not even loaded");
    assert_eq!(
        seen(&engine, main.whole()).await.list("local.excludepatterns"),
        ["weights"]
    );
}

#[tokio::test]
async fn dockerignore_invalid_stops_the_build() {
    let engine = local_engine().file("context", ".dockerignore", "!\n");
    let build = open(&engine, &[]).await.unwrap();
    let error = build.main(&build.spec().await.unwrap()).await.unwrap_err();
    assert!(error.to_string().starts_with("`.dockerignore` line 1"), "{error}");
}

#[tokio::test]
async fn a_selection_transfers_its_files_and_nothing_else() {
    let engine = local_engine();
    let (_, main) = main_context(&engine, &[]).await;
    let selection = Selection::paths(["./uv.lock", "app/", "pyproject.toml"]).without(["**/tests"]);
    let meta = Meta {
        name: Some("[internal] load project".to_owned()),
        ..Meta::default()
    };
    let source = seen(&engine, main.files(&selection, meta)).await;
    assert_eq!(source.name, "[internal] load project");
    assert_eq!(
        source.list("local.followpaths"),
        ["app", "pyproject.toml", "uv.lock"]
    );
    assert_eq!(source.list("local.excludepatterns"), ["**/tests"]);
}

#[test]
fn everything_is_selected_by_the_root() {
    for path in [".", "/", "./", "a/.."] {
        assert_eq!(Selection::paths(["app", path]), Selection::default(), "{path}");
    }
}

#[tokio::test]
async fn each_selection_keeps_its_own_copy_on_the_engine() {
    let engine = local_engine();
    let (_, main) = main_context(&engine, &[]).await;
    let mut hints = Vec::new();
    for selection in [
        Selection::paths(["a"]),
        Selection::paths(["b"]),
        Selection::paths(["a"]),
    ] {
        let source = seen(&engine, main.files(&selection, Meta::default())).await;
        hints.push(source.attributes["local.sharedkeyhint"].clone());
    }
    assert_eq!(hints[0], hints[2], "the same in every build");
    assert_ne!(hints[0], hints[1]);
}

#[tokio::test]
async fn single_files_are_read_in_one_transfer() {
    let engine = local_engine().file("context", "uv.lock", "version = 1");
    let (_, main) = main_context(&engine, &[]).await;
    let gateway = engine.gateway(&Options::default()).await;
    let title = "[internal] load pyproject.toml, uv.lock";
    let files = main
        .read(&gateway, &["pyproject.toml", "uv.lock"], title)
        .await
        .unwrap();
    assert_eq!(files, BTreeMap::from([("uv.lock", b"version = 1".to_vec())]));
    let transfer = engine.solved().pop().unwrap();
    assert_eq!(transfer.name, title);
    assert_eq!(transfer.list("local.followpaths"), ["pyproject.toml", "uv.lock"]);
}

#[tokio::test]
async fn local_custom_session_id_serves_its_source() {
    let engine = local_engine();
    let (_, main) = main_context(&engine, &["local-sessionid:context=other"]).await;
    assert_eq!(engine.solved()[0].attributes["local.session"], "session");
    assert_eq!(engine.solved()[1].attributes["local.session"], "other");
    assert_eq!(
        seen(&engine, main.whole()).await.attributes["local.session"],
        "other"
    );
}

// Remote contexts.

#[tokio::test]
async fn dockerfile_from_git_has_spec_and_context_in_the_repository() {
    let key = "git://example.com/app.git#main";
    let engine = FakeEngine::current()
        .file(key, "modelcrate.yaml", SPEC)
        .file(key, ".dockerignore", "everything\n")
        .file(key, "uv.lock", "x");
    let given = [
        "context=https://example.com/app.git#main",
        "build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR=1",
    ];
    let (spec, main) = main_context(&engine, &given).await;
    assert_eq!(spec.source.text, SPEC);
    let checkout = seen(&engine, main.whole()).await;
    assert_eq!(
        checkout.name,
        "[internal] load git source https://example.com/app.git#main"
    );
    assert_eq!(checkout.attributes["git.keepgitdir"], "true");
    assert_eq!(main.ignore_file(), None, "a repository is taken as it is");
    let gateway = engine.gateway(&Options::default()).await;
    assert_eq!(main.read(&gateway, &["uv.lock"], "x").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_selection_of_a_repository_is_a_copy_of_those_files() {
    let engine = FakeEngine::current().file("git://example.com/app.git", "modelcrate.yaml", SPEC);
    let (_, main) = main_context(&engine, &["context=https://example.com/app.git"]).await;
    let selection = Selection::paths(["app"]).without(["**/*.md"]);
    let narrowed = seen(&engine, main.files(&selection, Meta::default())).await;
    assert_eq!(narrowed.name, "[internal] load build context");
    insta::assert_snapshot!(dump(main.files(&selection, Meta::default())));
}

#[tokio::test]
async fn dockerfile_from_http_is_the_spec_itself() {
    let url = "https://example.com/director.yaml";
    let engine = FakeEngine::current().file(url, "context", SPEC);
    let (spec, _) = main_context(&engine, &[&format!("context={url}")]).await;
    assert_eq!(
        (spec.source.name.as_str(), spec.source.text.as_str()),
        ("context", SPEC)
    );
}

#[tokio::test]
async fn tar_context_is_unpacked() {
    let url = "http://buildkit-session/upload";
    let engine = FakeEngine::current()
        .file(url, "context", [0x1F, 0x8B, 0x08, 0])
        .file("[internal] unpack remote build context", "modelcrate.yaml", SPEC);
    let (spec, main) = main_context(&engine, &[&format!("context={url}")]).await;
    assert_eq!(spec.source.name, "modelcrate.yaml");
    insta::assert_snapshot!(dump(main.whole()));
}

#[tokio::test]
async fn tar_context_external_dockerfile_is_the_local_one() {
    let url = "http://buildkit-session/upload";
    let engine = local_engine().file(url, "context", b"BZh9".to_vec());
    let (spec, _) = main_context(&engine, &[&format!("context={url}"), "dockerfilekey=dockerfile"]).await;
    assert_eq!(spec.source.text, SPEC);
    assert_eq!(engine.solved().pop().unwrap().key, "dockerfile");
}

#[tokio::test]
async fn context_subdir_narrows_the_context_and_not_the_spec() {
    let engine = FakeEngine::current().file("git://example.com/app.git", "modelcrate.yaml", SPEC);
    let (_, main) = main_context(
        &engine,
        &["context=https://example.com/app.git", "contextsubdir=/app/"],
    )
    .await;
    insta::assert_snapshot!(dump(main.whole()));
}

#[tokio::test]
async fn a_missing_spec_of_a_repository_is_named_with_its_url() {
    let build = open(&FakeEngine::current(), &["context=https://example.com/app.git"])
        .await
        .unwrap();
    let error = build.spec().await.unwrap_err();
    assert_eq!(
        error.status.message,
        "there is no `modelcrate.yaml` in `https://example.com/app.git`"
    );
}

#[tokio::test]
async fn frontend_inputs_take_the_place_of_local_folders() {
    let engine = local_engine()
        .input("context", linked("base"))
        .file("base", "uv.lock", "x");
    let (spec, main) = main_context(&engine, &[]).await;
    assert_eq!(spec.source.text, SPEC, "the spec still comes from the client");
    assert_eq!(seen(&engine, main.whole()).await.key, "base");
}

#[tokio::test]
async fn frontend_inputs_may_hold_the_spec() {
    let engine =
        FakeEngine::current()
            .input("dockerfile", linked("made"))
            .file("made", "modelcrate.yaml", SPEC);
    let build = open(&engine, &[]).await.unwrap();
    assert_eq!(build.spec().await.unwrap().source.text, SPEC);
}

// Named contexts.

#[tokio::test]
async fn named_image_context_is_pinned_and_brings_its_config() {
    let engine = FakeEngine::current().image("docker.io/library/debian:12", DIGEST, r#"{"os":"linux"}"#);
    let given = ["context:base=docker-image://debian:12", "image-resolve-mode=pull"];
    let build = open(&engine, &given).await.unwrap();
    let context = build.named("base", None).await.unwrap().unwrap();
    let image = context.image.clone().unwrap();
    assert_eq!(image.config, br#"{"os":"linux"}"#);
    assert_eq!(
        image.reference.unwrap(),
        format!("docker.io/library/debian:12@{DIGEST}")
    );
    let source = seen(&engine, context.whole()).await;
    assert_eq!(source.name, "[context base] debian:12");
    assert_eq!(
        source.key,
        format!("docker-image://docker.io/library/debian:12@{DIGEST}")
    );
    assert_eq!(source.attributes["image.resolvemode"], "pull");
}

#[tokio::test]
async fn named_image_context_platform_comes_before_the_plain_name() {
    let engine = FakeEngine::current()
        .image("docker.io/library/arm:latest", DIGEST, "{}")
        .image("docker.io/library/any:latest", DIGEST, "{}");
    let given = [
        "context:base=docker-image://any",
        "context:base::linux/arm64=docker-image://arm",
    ];
    let build = open(&engine, &given).await.unwrap();
    let name = async |platform: &str| {
        let platform = platform.parse().unwrap();
        let context = build.named("base", Some(&platform)).await.unwrap().unwrap();
        context.image.unwrap().reference.unwrap()
    };
    assert!(name("linux/arm64/v8").await.contains("/arm:"));
    assert!(name("linux/amd64").await.contains("/any:"));
}

#[tokio::test]
async fn named_image_context_scratch_is_empty() {
    let engine = FakeEngine::current();
    let build = open(&engine, &["context:base=docker-image://scratch"])
        .await
        .unwrap();
    let context = build.named("base", None).await.unwrap().unwrap();
    assert!(context.whole().is_none() && context.image.is_none());
}

#[tokio::test]
async fn eager_named_context_lookup_loads_nothing_that_nobody_asks_for() {
    let engine = FakeEngine::current();
    let build = open(&engine, &["context:unused=docker-image://missing"])
        .await
        .unwrap();
    assert!(build.named("other", None).await.unwrap().is_none());
    assert_eq!(build.named_contexts().collect::<Vec<_>>(), ["unused"]);
    let calls = engine.calls().len();
    assert!(build.named("scratch", None).await.unwrap().is_none());
    assert!(build.named("context", None).await.unwrap().is_none());
    assert_eq!(engine.calls().len(), calls);
}

#[tokio::test]
async fn names_are_compared_as_familiar_image_names() {
    let engine = FakeEngine::current().image("docker.io/library/x:latest", DIGEST, "{}");
    let given = [
        "context:debian=docker-image://x",
        "context:team/app:v1=docker-image://x",
    ];
    let build = open(&engine, &given).await.unwrap();
    for name in [
        "debian",
        "debian:latest",
        "docker.io/library/debian",
        "docker.io/team/app:v1",
    ] {
        assert!(build.named(name, None).await.unwrap().is_some(), "{name}");
    }
    assert!(build.named("Not A Name", None).await.unwrap().is_none());
}

#[tokio::test]
async fn named_local_context_has_its_own_ignore_file() {
    let engine = FakeEngine::current().file("data", ".dockerignore", "raw\n");
    let given = [
        "context:weights=local:data",
        "sharedkey:localdir:weights=/home/me",
    ];
    let build = open(&engine, &given).await.unwrap();
    let context = build.named("weights", None).await.unwrap().unwrap();
    let ignore = engine.solved().pop().unwrap();
    assert_eq!(ignore.name, "[context weights] load .dockerignore");
    assert_eq!(
        ignore.attributes["local.sharedkeyhint"],
        "context:weights-.dockerignore"
    );
    let source = seen(&engine, context.whole()).await;
    assert_eq!(source.name, "[context weights] load from client");
    assert_eq!(source.list("local.excludepatterns"), ["raw"]);
    assert_eq!(
        source.attributes["local.sharedkeyhint"],
        "context:weights-/home/me"
    );
}

#[tokio::test]
async fn named_filtered_context_follows_only_the_selected_paths() {
    let engine = FakeEngine::current();
    let build = open(&engine, &["context:weights=local:data"]).await.unwrap();
    let context = build.named("weights", None).await.unwrap().unwrap();
    let source = seen(
        &engine,
        context.files(&Selection::paths(["model"]), Meta::default()),
    )
    .await;
    assert_eq!(source.list("local.followpaths"), ["model"]);
}

#[tokio::test]
async fn named_oci_layout_context_is_loaded_from_the_client() {
    let reference = format!("docker.io/library/base@{DIGEST}");
    let engine = FakeEngine::current().image(&reference, DIGEST, r#"{"os":"linux"}"#);
    let build = open(
        &engine,
        &[&format!("context:base=oci-layout://store/one:tag@{DIGEST}")],
    )
    .await
    .unwrap();
    let context = build.named("base", None).await.unwrap().unwrap();
    assert_eq!(context.image.clone().unwrap().config, br#"{"os":"linux"}"#);
    let source = seen(&engine, context.whole()).await;
    assert_eq!(source.key, format!("oci-layout://{reference}"));
    assert_eq!(source.name, "[context base] OCI load from client");
    assert_eq!(source.attributes["oci.store"], "store/one");
    assert_eq!(source.attributes["oci.session"], "session");
}

#[tokio::test]
async fn named_input_context_brings_the_config_of_its_target() {
    let engine = FakeEngine::current().input("0", linked("base"));
    let given = [
        "context:base=input:0",
        r#"input-metadata:0={"containerimage.config":"eyJvcyI6ImxpbnV4In0="}"#,
    ];
    let build = open(&engine, &given).await.unwrap();
    let context = build.named("base", None).await.unwrap().unwrap();
    assert_eq!(context.image.clone().unwrap().config, br#"{"os":"linux"}"#);
    assert_eq!(seen(&engine, context.whole()).await.key, "base");
}

#[tokio::test]
async fn named_git_and_http_contexts_are_sources() {
    let engine = FakeEngine::current();
    let given = [
        "context:code=https://example.com/code.git#v1",
        "context:ssh=git@example.com:code.git",
        "context:file=https://example.com/weights.bin",
    ];
    let build = open(&engine, &given).await.unwrap();
    for (name, key) in [
        ("code", "git://example.com/code.git#v1"),
        ("ssh", "git://example.com/code.git"),
        ("file", "https://example.com/weights.bin"),
    ] {
        let context = build.named(name, None).await.unwrap().unwrap();
        assert_eq!(seen(&engine, context.whole()).await.key, key);
    }
    assert_eq!(
        engine.solved().pop().unwrap().attributes["http.filename"],
        "context"
    );
}

#[tokio::test]
async fn source_policy_with_named_context_is_followed() {
    let engine = FakeEngine::current()
        .redirect(
            "docker-image://docker.io/library/code:latest",
            "https://example.com/code.git#v2",
        )
        .redirect(
            "docker-image://docker.io/library/ring:latest",
            "docker-image://docker.io/library/ring:latest",
        );
    let build = open(&engine, &["context:code=docker-image://code"])
        .await
        .unwrap();
    let context = build.named("code", None).await.unwrap().unwrap();
    assert_eq!(
        seen(&engine, context.whole()).await.key,
        "git://example.com/code.git#v2"
    );
}

#[tokio::test]
async fn named_contexts_that_cannot_be_used_say_why() {
    let engine = FakeEngine::current();
    let given = [
        "context:typo=docker-imge://debian",
        "context:bare=debian",
        "context:upper=docker-image://Debian",
        "context:layout=oci-layout://store",
        "context:gone=input:7",
        "context:svn=svn://example.com/x",
    ];
    let build = open(&engine, &given).await.unwrap();
    let mut problems = Vec::new();
    for name in ["typo", "bare", "upper", "layout", "gone", "svn"] {
        problems.push(problem(build.named(name, None).await));
    }
    insta::assert_snapshot!(problems.join("\n\n"));
}

// The frontend's own image.

#[test]
fn the_image_of_the_frontend_is_a_root_for_helper_steps() {
    let folder = std::env::temp_dir().join(format!("modelcrate-frontend-image-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("frontend.bin");
    assert!(
        super::frontend_image(&path).unwrap().is_none(),
        "older engines give none"
    );
    std::fs::write(&path, linked("own").encode()).unwrap();
    assert!(super::frontend_image(&path).unwrap().is_some());
    std::fs::write(&path, b"\xff\xff").unwrap();
    assert!(super::frontend_image(&path).is_err());
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A graph that the client hands in.
fn linked(name: &str) -> Definition {
    let local = Local {
        name: name.to_owned(),
        session: Some("session".to_owned()),
        ..Local::default()
    };
    Definition::new(&local.output(Meta::default())).unwrap()
}

fn dump(output: Option<Output>) -> String {
    Definition::new(output.as_ref()).unwrap().dump()
}
