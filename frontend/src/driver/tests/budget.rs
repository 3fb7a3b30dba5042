//! Budgets, as far as no layer must be made.

use super::{build, built, engine, refused};

const SPEC: &str = "\
# syntax=modelcrate/frontend:1
base: python:3.11-slim
user: root
copy: [{ a: /a }, { b: /b }, { c: /c }]
budget: { layers: 2, except: base }
";

#[tokio::test]
async fn layers_are_counted_without_making_them() {
    let status = refused(SPEC, &[]).await;
    insta::assert_snapshot!(status.message);
    built(&SPEC.replace("layers: 2", "layers: 3"), &[]).await;
}

#[tokio::test]
async fn a_scale_is_in_the_frontends_image() {
    let status = build(&engine(&SPEC.replace("layers: 2", "unpacked: 1GB")), &[])
        .await
        .expect_err("the engine of the test gives no image");
    assert!(
        status.message.contains("a budget of sizes needs BuildKit 0.10"),
        "{}",
        status.message
    );
}
