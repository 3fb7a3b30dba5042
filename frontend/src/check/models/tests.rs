//! What is found in `models:`.

mod files;
mod hub;
mod sources;

use crate::check::drawn::{Build, check_diagnostics, check_of};
use crate::check::{Deliver, Model, ModelSource};
use crate::source::Source;
use crate::spec::ResolvedModel;
use modelcrate_fetcher::file::File;
use std::collections::BTreeMap;

const SHA: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

#[track_caller]
fn models(text: &str, target: Option<&str>) -> Vec<Model> {
    let build = Build {
        target,
        ..Build::default()
    };
    let text = text.replace("SHA", SHA) + "check: { skip: [unknown-licence] }\n";
    let (checked, findings) = check_of(&Source::new("modelcrate.yaml", text), &build);
    assert_eq!(findings, []);
    checked.unwrap().models
}

fn paths(model: &Model) -> Vec<String> {
    match &model.source {
        ModelSource::Files { files, .. } => files
            .iter()
            .map(|file| format!("{}/{}", model.folder, file.path))
            .collect(),
        ModelSource::Image(image) => vec![image.value.clone()],
        ModelSource::Listed(listed) => vec![listed.origin.id()],
    }
}

#[test]
fn files_lie_in_the_folder_of_their_model() {
    let models = models(
        "models:
  a: { url: \"https://x.test/w/a.gguf?download=true\", sha256: SHA }
  b: { to: /srv/b/, urls: [{ url: https://x.test/1, file: sub/one.json, sha256: \"sha256:SHA\" }] }
  c: { image: example/weights:1, path: /w }
",
        None,
    );
    let drawn: Vec<Vec<String>> = models.iter().map(paths).collect();
    assert_eq!(drawn[0], ["/models/a/a.gguf"]);
    assert_eq!(drawn[1], ["/srv/b/sub/one.json"]);
    assert_eq!(drawn[2], ["example/weights:1"]);
    assert_eq!(models[2].folder, "/w");
}

#[test]
fn what_is_said_of_every_model_lies_below_each_and_above_it_in_a_target() {
    let text = "models:
  \"*\": { token: one }
  a: { url: https://x.test/a, sha256: SHA }
  b: { url: https://x.test/b, sha256: SHA, token: two }
targets:
  other:
    models:
      \"*\": { token: three }
      b: { to: /b }
      c: { url: https://x.test/c, sha256: SHA }
  fewer: { models: { a: null, b: { url: null, sha256: null, image: example/b } , \"*\": { token: null } } }
";
    let token = |model: &Model| match &model.source {
        ModelSource::Files { token, .. } => token.as_ref().map(|token| token.value.clone()),
        ModelSource::Image(_) | ModelSource::Listed(_) => None,
    };
    let tokens = |target| {
        let models = models(text, target);
        let pairs = models
            .iter()
            .map(|model| (model.name.value.clone(), token(model)));
        pairs
            .map(|(name, token)| format!("{name} {}", token.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    assert_eq!(tokens(None), ["a one", "b two"]);
    assert_eq!(tokens(Some("other")), ["a three", "b three", "c three"]);
    assert_eq!(tokens(Some("fewer")), ["b "]);
}

#[test]
fn a_target_may_deliver_in_another_way() {
    let text = "models: { a: { url: https://x.test/a, sha256: SHA } }
targets: { slim: { models: { \"*\": { deliver: volume } } } }
";
    assert_eq!(models(text, None)[0].deliver, Deliver::Bake);
    assert_eq!(models(text, Some("slim"))[0].deliver, Deliver::Volume);
}

#[test]
fn words_for_models_are_known_everywhere_but_in_args_and_models() {
    let text = "args: { HUB: https://x.test }
models:
  small: { url: \"${HUB}/a.gguf\", sha256: SHA, license: mit }
env: { FOLDER: \"${models.small.path}\" }
entrypoint: [serve, \"${models.small.file}\"]
";
    let build = Build::default();
    let (checked, findings) = check_of(&Source::new("modelcrate.yaml", text.replace("SHA", SHA)), &build);
    assert_eq!(findings, []);
    let checked = checked.unwrap();
    assert_eq!(checked.env[0].1.value, "/models/small");
    assert_eq!(
        checked.entrypoint.unwrap().value,
        ["serve", "/models/small/a.gguf"]
    );
}

#[test]
fn a_misspelt_name_of_a_model_has_a_near_one() {
    check_diagnostics(
        r#"
          models: { flux: { url: https://x.test/a.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } }
          env: { MODEL: "${models.flx.path}", OTHER: "${models.flux.fil}" }
        #                ^^^^^^^^^^^^^^^^^^ error[undefined-name]: nothing defines `${models.flx.path}`
        # = hint: did you mean `models.flux.path`?
        #                                             ^^^^^^^^^^^^^^^^^^ error[undefined-name]: nothing defines `${models.flux.fil}`
        # = hint: did you mean `models.flux.file`?
    "#,
    );
}

#[test]
fn a_name_of_a_model_needs_models() {
    check_diagnostics(
        r#"
          env: { MODEL: "${models.flux.path}" }
        #                ^^^^^^^^^^^^^^^^^^^ error[undefined-name]: nothing defines `${models.flux.path}`
        # = hint: the spec has no models: add `models: { NAME: { url: …, sha256: … } }`
    "#,
    );
}

#[test]
fn an_arg_cannot_name_a_model() {
    check_diagnostics(
        r#"
          args: { A: "${models.flux.path}" }
        #             ^^^^^^^^^^^^^^^^^^^ error[undefined-name]: `${models.flux.path}` is not known here
        # = hint: args and models are read first; use it in `env`, `entrypoint`, `cmd`, `healthcheck`, `labels` or `run`
          env: { A: "${A}" }
          models: { flux: { url: https://x.test/a.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } }
    "#,
    );
}

#[test]
fn a_model_is_delivered_in_one_of_three_ways() {
    check_diagnostics(
        r#"
          args: { DELIVER: fetch }
          entrypoint: [serve, /models]
          models:
            a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", deliver: volume }
            b: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", deliver: "${DELIVER}" }
            c: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", deliver: later }
        #                                                                                                                    ^^^^^ error[unknown-choice]: `later` is no choice for `deliver`
        # = hint: the choices are `bake`, `volume` and `fetch`
    "#,
    );
}

#[test]
fn what_is_fetched_has_an_address_and_a_program_that_waits_for_it() {
    check_diagnostics(
        r#"
          base: scratch
          models:
            a: { image: "weights:1", deliver: fetch }
        #                                     ^^^^^ error[conflict]: a model from an image cannot be fetched when the container starts
        # = hint: leave `deliver` out: a push to the registry that has the image moves none of them
        #        ----- its files are layers of an image
        #                                     ^^^^^ error[missing-key]: `deliver: fetch` is for the start of a program, and this image has none
        # = hint: write `entrypoint: [PROGRAM]`, or `cmd`
            b: { image: "weights:2", deliver: volume }
    "#,
    );
    check_diagnostics(
        r#"
          base: scratch
          entrypoint: [serve, /models]
          models:
            a: { path: weights, deliver: fetch }
        #                                ^^^^^ error[conflict]: a model of the build context cannot be fetched when the container starts
        # = hint: leave `deliver` out, or say `deliver: volume` and mount the files
        #        ---- its files are known to the build alone
            b: { oci: "r.test/org/m:1", token: registry, deliver: fetch }
    "#,
    );
}
