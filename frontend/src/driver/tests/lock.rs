//! `modelcrate.lock`: how it is written, what a build asks with it, and what is said where it does not fit.

use super::calls::{answered_by, text};
use super::hub::{COMMIT, SPEC, hub};
use super::{build, config, engine};
use crate::gateway::fake_engine::{Call, FakeEngine};

const NAME: &str = "docker.io/library/python:3.11-slim";

async fn written(spec: &str) -> String {
    text(&answered_by(&hub(spec), "lock", &[]).await)
}

/// An engine that reaches no hub, and has the lock beside the spec. Its registry knows the base by its digest alone.
fn locked(spec: &str, lock: &str) -> FakeEngine {
    let digest = lock.split('"').find(|word| word.starts_with("sha256:"));
    engine(spec)
        .file("dockerfile", "modelcrate.lock", lock)
        .image(NAME, "sha256:another", config(""))
        .image(
            &format!("{NAME}@{}", digest.unwrap_or_default()),
            digest.unwrap_or_default(),
            config(",\"PYTHON_VERSION=3.11.9\""),
        )
}

fn warnings(engine: &FakeEngine) -> Vec<String> {
    let warnings = engine.warnings().into_iter();
    warnings
        .map(|warning| {
            let detail = warning
                .detail
                .iter()
                .map(|line| format!("\n{}", String::from_utf8_lossy(line)));
            String::from_utf8_lossy(&warning.short).into_owned() + &detail.collect::<String>()
        })
        // The engine of the tests does not tell a frontend its own image.
        .filter(|warning| !warning.contains("headers of weights are not checked"))
        .collect()
}

#[tokio::test]
async fn a_lock_says_what_the_names_of_a_spec_stand_for() {
    insta::assert_snapshot!(written(SPEC).await);
}

#[tokio::test]
async fn with_a_lock_no_hub_is_asked_and_the_image_is_the_same() {
    let engine = hub(SPEC);
    let (before, config) = build(&engine, &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    insta::assert_snapshot!(warnings(&engine).join("\n"), @"
    unlocked: `org/name@main` is 1111111111111111111111111111111111111111 now, and may be another in the next build (line 5)
    pin it with all its files: `docker buildx build --call=lock -f modelcrate.yaml . > new.lock && mv new.lock modelcrate.lock`
    ");

    let engine = locked(SPEC, &written(SPEC).await);
    let (graph, of_lock) = build(&engine, &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    assert_eq!((graph.dump(), of_lock), (before.dump(), config));
    let asked =
        |call: &Call| matches!(call, Call::Solve(solved, _) if solved.key.contains("huggingface.co/api"));
    assert!(!engine.calls().iter().any(asked));
    assert_eq!(warnings(&engine), [] as [String; 0]);
}

#[tokio::test]
async fn a_lock_that_does_not_fit_is_written_again() {
    let lock = written(SPEC).await;
    let mut said = Vec::new();
    for (spec, lock) in [
        (SPEC.replace("hf: org/name", "hf: org/name@v2"), lock.clone()),
        (SPEC.replace("*.md", "*.txt"), lock.clone()),
        (
            SPEC.replace("  m: {", "  other: {")
                .replace("models.m.", "models.other."),
            lock.clone(),
        ),
        (SPEC.to_owned(), lock.replace("version = 1", "version = 7")),
        (SPEC.to_owned(), lock.replace(COMMIT, "main")),
    ] {
        let status = build(&locked(&spec, &lock), &[]).await;
        said.push(status.expect_err("the lock does not fit").message);
    }
    // An image is only a warning: a new base is no new question about models.
    let spec = SPEC.replace("python:3.11-slim", "debian:12");
    let engine = locked(&spec, &lock).image(
        "docker.io/library/debian:12",
        &format!("sha256:{}", "0".repeat(64)),
        config(""),
    );
    build(&engine, &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    said.extend(warnings(&engine));
    insta::assert_snapshot!(said.join("\n"));
}

#[tokio::test]
async fn a_hub_that_has_moved_on_is_noticed_and_not_followed() {
    let old = "2222222222222222222222222222222222222222";
    let revision = |commit: &str| format!("revision = \"{commit}\"");
    let lock = written(SPEC).await.replace(&revision(COMMIT), &revision(old));
    let engine = locked(SPEC, &lock);
    let (_, of_lock) = build(&engine, &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    assert!(of_lock.contains(&format!("REVISION={old}")), "{of_lock}");

    let digest = format!("sha256:{}", "1".repeat(64));
    let engine = hub(SPEC)
        .file("dockerfile", "modelcrate.lock", lock.as_str())
        .image(&format!("{NAME}@{digest}"), &digest, config(""))
        .image(NAME, &digest, config(""));
    let check = answered_by(&engine, "lint", &[]).await;
    let again = answered_by(&engine, "lock", &[]).await;
    assert!(text(&again).contains(COMMIT));
    insta::assert_snapshot!(format!("{}\n{}", text(&check), warnings(&engine).join("\n")));
}

#[tokio::test]
async fn a_model_without_a_licence_is_named() {
    let nameless = |spec: &str| {
        let revision = format!(r#"{{"sha":"{COMMIT}","cardData":{{"base_model":"org/large"}}}}"#);
        hub(spec).file(
            "https://huggingface.co/api/models/org/name/revision/main",
            "answer",
            revision,
        )
    };
    let said = async |spec: &str| {
        let engine = nameless(spec);
        assert!(build(&engine, &[]).await.is_ok());
        warnings(&engine).join("\n")
    };
    let message = "unknown-licence: nobody says under which licence `org/name` is given: its card names none";
    assert!(said(SPEC).await.contains(message));
    let known = SPEC.replace("hf: org/name", "hf: org/name, license: mit");
    assert!(!said(&known).await.contains("unknown-licence"));
}
