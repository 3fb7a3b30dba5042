use buildkit_llb::Meta;

use super::{SPEC, dump, linked, local_engine, main_context, open, seen};
use crate::context::Selection;
use crate::gateway::fake_engine::FakeEngine;
use crate::options::Options;

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
