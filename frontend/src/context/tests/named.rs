use buildkit_llb::Meta;

use super::{DIGEST, linked, open, seen};
use crate::context::Selection;
use crate::gateway::fake_engine::FakeEngine;

#[tokio::test]
async fn named_image_context_is_pinned_and_brings_its_config() {
    let engine = FakeEngine::current().image("docker.io/library/debian:12", DIGEST, r#"{"os":"linux"}"#);
    let given = ["context:base=docker-image://debian:12", "image-resolve-mode=pull"];
    let build = open(&engine, &given).await.unwrap();
    let context = build.named("base", None).await.unwrap().unwrap();
    let image = context.image.clone().unwrap();
    assert_eq!(image.config, br#"{"os":"linux"}"#);
    assert_eq!(image.name.as_deref(), Some("docker.io/library/debian:12"));
    assert_eq!(image.digest.as_deref(), Some(DIGEST));
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
        context.image.unwrap().name.unwrap()
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
        problems.push(build.named(name, None).await.unwrap_err().to_string());
    }
    insta::assert_snapshot!(problems.join("\n\n"));
}
