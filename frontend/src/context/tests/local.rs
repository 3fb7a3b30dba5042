use std::collections::BTreeMap;

use buildkit_llb::Meta;

use super::{local_engine, main_context, open, seen};
use crate::context::Selection;
use crate::options::Options;

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
