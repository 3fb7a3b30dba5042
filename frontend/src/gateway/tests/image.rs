use buildkit_llb::ResolveMode;

use super::{DIGEST, gateway};
use crate::gateway::fake_engine::{Call, FakeEngine};
use crate::gateway::{ErrorKind, ImageRequest, ImageStore};

const DEBIAN: &str = "docker.io/library/debian:12";

#[tokio::test]
async fn an_image_is_resolved_once_for_each_platform() {
    let engine = FakeEngine::current().image(DEBIAN, DIGEST, r#"{"os":"linux"}"#);
    let gateway = gateway(&engine).await;
    let request = ImageRequest {
        reference: DEBIAN.to_owned(),
        log_name: "[internal] load metadata for debian:12".to_owned(),
        ..ImageRequest::default()
    };
    let arm = ImageRequest {
        platform: Some("linux/arm64".parse().unwrap()),
        ..request.clone()
    };
    let (one, two, three) = tokio::join!(
        gateway.resolve_image(&request),
        gateway.resolve_image(&request),
        gateway.resolve_image(&arm)
    );
    let resolved = one.unwrap();
    assert_eq!(resolved.pinned(), format!("{DEBIAN}@{DIGEST}"));
    assert_eq!(resolved.config, br#"{"os":"linux"}"#);
    assert_eq!((two.unwrap(), three.unwrap()), (resolved.clone(), resolved));
    assert_eq!(engine.calls().len(), 1 + 2);
}

#[tokio::test]
async fn an_older_engine_is_asked_for_the_image_config() {
    let engine = FakeEngine::current().without(&["source.metaresolver"]).image(
        "docker.io/library/base:latest",
        DIGEST,
        "{}",
    );
    let gateway = gateway(&engine).await;
    let request = ImageRequest {
        reference: "docker.io/library/base:latest".to_owned(),
        mode: ResolveMode::Pull,
        store: Some(ImageStore {
            session: "s".to_owned(),
            id: "store".to_owned(),
        }),
        ..ImageRequest::default()
    };
    let resolved = gateway.resolve_image(&request).await.unwrap();
    assert_eq!(resolved.reference, request.reference);
    let Some(Call::ResolveImageConfig(sent)) = engine.calls().pop() else {
        panic!("the older call is used");
    };
    assert_eq!((sent.resolver_type, sent.resolve_mode.as_str()), (1, "pull"));
    assert_eq!((sent.session_id.as_str(), sent.store_id.as_str()), ("s", "store"));
}

#[tokio::test]
async fn a_source_policy_may_change_the_reference_or_the_kind() {
    let mirrored = "mirror.example.com/debian:12";
    let engine = FakeEngine::current()
        .image(mirrored, DIGEST, "{}")
        .redirect(
            &format!("docker-image://{DEBIAN}"),
            &format!("docker-image://{mirrored}"),
        )
        .redirect(
            "docker-image://docker.io/library/app:latest",
            "https://example.com/app.tar",
        );
    let gateway = gateway(&engine).await;
    let request = |reference: &str| ImageRequest {
        reference: reference.to_owned(),
        ..ImageRequest::default()
    };
    let moved = gateway.resolve_image(&request(DEBIAN)).await.unwrap();
    assert_eq!(moved.pinned(), format!("{mirrored}@{DIGEST}"));
    let error = gateway
        .resolve_image(&request("docker.io/library/app:latest"))
        .await
        .unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Redirected("https://example.com/app.tar".to_owned())
    );
}
