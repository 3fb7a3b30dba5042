//! What is found in `models:`.

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
fn several_files_have_no_one_name() {
    check_diagnostics(
        r#"
          models:
            m:
              urls:
                - { url: https://x.test/a.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
                - { url: https://x.test/b.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
          cmd: ["${models.m.file}"]
        #        ^^^^^^^^^^^^^^^^ error[undefined-name]: `${models.m.file}` is not known: the model may have several files
        # = hint: name the file: `${models.m.path}/FILE`
    "#,
    );
}

#[test]
fn a_file_is_pinned_by_its_checksum() {
    check_diagnostics(
        r#"
          models:
            a: { url: https://x.test/a.gguf }
        #        ^^^ error[missing-checksum]: this file of a model has no `sha256`
        # = hint: write the 64 digits that `sha256sum FILE` prints; hubs show them on the page of the file
            b: { urls: [{ url: https://x.test/b.gguf }] }
        #                 ^^^ error[missing-checksum]: this file of a model has no `sha256`
        # = hint: write the 64 digits that `sha256sum FILE` prints; hubs show them on the page of the file
    "#,
    );
}

#[test]
fn a_checksum_has_64_digits() {
    check_diagnostics(
        r#"
          models:
            a: { url: https://x.test/a, sha256: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" }
        #                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-checksum]: this is a SHA-1, with 40 digits; `sha256` has 64
        # = hint: a git id names another thing than the file's bytes: take what `sha256sum FILE` prints
            b: { url: https://x.test/b, sha256: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" }
        #                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-checksum]: a SHA-256 has 64 hexadecimal digits, this has 63
        # = hint: take what `sha256sum FILE` prints
            c: { url: https://x.test/c, sha256: latest }
        #                                       ^^^^^^ error[invalid-checksum]: `latest` is not a SHA-256
        # = hint: write the 64 hexadecimal digits that `sha256sum FILE` prints
            d: { url: https://x.test/d, sha256: "cccccccccccccccccccccccccccccccc" }
        #                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-checksum]: this is an MD5, with 32 digits; `sha256` has 64
        # = hint: take what `sha256sum FILE` prints
    "#,
    );
}

#[test]
fn a_model_has_a_source() {
    check_diagnostics(
        r#"
          models:
            a: {}
        #   ^ error[missing-key]: it is not said where the model `a` comes from
        # = hint: write `hf: org/name`, `url: https://…` with `sha256: …`, or `image: …`
            b: { to: /b }
        #   ^ error[missing-key]: it is not said where the model `b` comes from
        # = hint: write `hf: org/name`, `url: https://…` with `sha256: …`, or `image: …`
    "#,
    );
}

#[test]
fn a_model_has_one_source() {
    check_diagnostics(
        r#"
          models: { a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", image: example/a } }
        #                                                                                                                   ^^^^^ error[conflict]: a model has one source, and this has `url` and `image`
        # = hint: keep one of them; several files go under `urls: [{ url: …, sha256: … }]`
        #                --- the other source
    "#,
    );
}

#[test]
fn buckets_artifacts_and_folders_are_sources_too() {
    let text = "models:
  b: { s3: \"s3://bucket/models/b/\", endpoint: \"https://s3.test/\", access_key: id, secret_key: secret, files: \"*.gguf\" }
  c: { oci: \"http://127.0.0.1:5000/org/model:1\", token: login }
  d: { path: ./weights/d, exclude: [a.txt] }
";
    let drawn: Vec<(String, Vec<String>)> = models(text, None)
        .iter()
        .map(|model| {
            let ModelSource::Listed(listed) = &model.source else {
                panic!("{model:?}")
            };
            let secrets = listed.origin.secrets().into_iter();
            let secrets = secrets.map(|secret| secret.value.clone());
            (listed.origin.title(), secrets.collect())
        })
        .collect();
    let of = |title: &str, secrets: &[&str]| {
        let secrets = secrets.iter().map(|secret| (*secret).to_owned());
        (title.to_owned(), secrets.collect::<Vec<_>>())
    };
    assert_eq!(
        drawn,
        [
            of("s3://bucket/models/b", &["id", "secret"]),
            of("127.0.0.1:5000/org/model:1", &["login"]),
            of("weights/d", &[]),
        ]
    );
}

#[test]
fn sources_that_cannot_be_had_say_why() {
    check_diagnostics(
        r#"
          models:
            a: { s3: bucket/prefix }
        #            ^^^^^^^^^^^^^ error[invalid-url]: `bucket/prefix` is not the address of a bucket
        # = hint: write `s3: s3://BUCKET/PREFIX`, and the server's address as `endpoint: https://HOST`
            b: { s3: "s3://Bucket/../x" }
        #            ^^^^^^^^^^^^^^^^^^ error[invalid-url]: `Bucket` is not the name of a bucket
        # = hint: it has 3 to 63 small letters, digits, dots and hyphens
            c: { s3: "s3://bucket/../x", token: key }
        #            ^^^^^^^^^^^^^^^^^^ error[invalid-url]: `../x` is not a folder of a bucket
        # = hint: write it without `..`, empty parts, `?` and `#`: `s3://BUCKET/models/NAME`
        #                                ^^^^^ error[conflict]: `token` does nothing for this source
        # = hint: `access_key` and `secret_key` are the secrets of a bucket
            d: { s3: "s3://bucket", access_key: key }
        #                                       ^^^ error[missing-key]: a key of a bucket has two halves, and `secret_key` is not there
        # = hint: write `secret_key: ID`, the id of a secret that `docker buildx build --secret id=ID,env=NAME` gives
            e: { oci: "example/model:", endpoint: x }
        #             ^^^^^^^^^^^^^^^^ error[invalid-image]: `example/model:` is not an artifact: it has an invalid tag
        # = hint: write `oci: REGISTRY/NAME:TAG`, or with a digest: `REGISTRY/NAME@sha256:…`
        #                               ^^^^^^^^ error[conflict]: `endpoint` belongs to `s3`, which this model does not have
        # = hint: leave it out, or name such a source
            f: { path: ../weights, resume: true }
        #              ^^^^^^^^^^ error[invalid-path]: `../weights` is outside the build context
        # = hint: build with a context that holds it: a folder further up, or `--build-context NAME=PATH` and `from: NAME`
        #                          ^^^^^^ error[conflict]: `resume` belongs to `hf`, `s3` and `oci`, which this model does not have
        # = hint: leave it out, or name such a source
    "#,
    );
}

#[test]
fn a_repository_has_a_revision_and_patterns() {
    let text = "models:
  a: { hf: org/repo@v1, files: [\"*.gguf\"], exclude: q2.gguf, token: key, allow_pickle: true, resume: true }
  b: { hf: gpt2, layout: hf-cache }
";
    let models = models(text, None);
    let ModelSource::Listed(a) = &models[0].source else {
        panic!("{:?}", models[0])
    };
    assert_eq!(a.origin.title(), "org/repo@v1");
    assert!(a.selection().takes("q4.gguf") && !a.selection().takes("q2.gguf"));
    assert!(a.allow_pickle && a.resume);
    assert_eq!(a.origin.secrets()[0].value, "key");
    assert_eq!(models[1].hub().map(|hub| hub.revision.as_str()), Some("main"));
    assert_eq!(models[1].folder, "/models/hub");
}

#[test]
fn a_repository_is_named_as_on_its_hub() {
    check_diagnostics(
        r#"
          models:
            a: { hf: https://huggingface.co/org/name }
        #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-model]: `https://huggingface.co/org/name` is the address of a page, not of a repository
        # = hint: write `hf: org/name`; another hub is named by the build arg `HF_ENDPOINT`
            b: { hf: org/na me }
        #            ^^^^^^^^^ error[invalid-model]: `org/na me` is not a repository: the name has a ` `
        # = hint: write it as the hub's page has it at the top: `hf: org/name`, with `@REVISION` after it for a state of it
            c: { hf: org/name@ }
        #            ^^^^^^^^^ error[invalid-model]: there is no revision after the `@` of `org/name@`
        # = hint: write a branch, a tag or a commit: `org/name@main`
            d: { hf: org/name, files: [/a.gguf] }
        #                              ^^^^^^^ error[invalid-path]: `/a.gguf` matches no file: paths begin at the root of the source
        # = hint: write `a.gguf`
    "#,
    );
}

#[test]
fn what_belongs_to_a_hub_needs_one() {
    check_diagnostics(
        r#"
          models:
            a: { url: https://x.test/a.pth, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", files: [a], layout: hf-cache }
        #             ^^^^^^^^^^^^^^^^^^^^ error[pickle]: `a.pth` is of a format that runs whatever code it holds when it is read
        # = hint: take the model's `.safetensors` or `.gguf` instead: leave the file out with `files` or `exclude`
        # = hint: or, where you trust its author, write `allow_pickle: true`
        #                                                                                                               ^^^^^ error[conflict]: `files` belongs to `hf`, `s3`, `oci` and `path`, which this model does not have
        # = hint: each file under `urls` is written by itself: `urls: [{ url: …, sha256: … }]`
        #                                                                                                                           ^^^^^^ error[conflict]: `layout: hf-cache` belongs to `hf`, which this model does not have
        # = hint: leave it out, or name such a source
    "#,
    );
}

#[test]
fn words_of_a_hubs_model_are_known_once_it_was_asked() {
    let text = "models:
  small: { hf: org/repo, files: [\"*.gguf\"] }
  cached: { hf: org/repo, layout: hf-cache }
env: { REVISION: \"${models.small.revision}\", FOLDER: \"${models.cached.path}\" }
entrypoint: [serve, \"${models.small.file}\"]
";
    let file = File {
        path: "q/a.gguf".into(),
        size: 1,
        sha256: SHA.into(),
    };
    let known = ResolvedModel {
        revision: Some("1".repeat(40)),
        files: vec![file],
        ..ResolvedModel::default()
    };
    let name = |name: &str| ((None, name.to_owned()), known.clone());
    let known = BTreeMap::from([name("small"), name("cached")]);
    let build = Build {
        models: known.clone(),
        ..Build::default()
    };
    let (checked, findings) = check_of(&Source::new("modelcrate.yaml", text), &build);
    assert_eq!(findings, []);
    let checked = checked.unwrap().with_models(&known);
    let commit = "1".repeat(40);
    assert_eq!(checked.env[0].1.value, commit);
    let folder = format!("/models/hub/models--org--repo/snapshots/{commit}");
    assert_eq!(
        (&checked.env[1].1.value, &checked.models[1].folder),
        (&folder, &folder)
    );
    assert_eq!(
        checked.entrypoint.unwrap().value,
        ["serve", "/models/small/q/a.gguf"]
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

#[test]
fn files_of_one_model_have_different_names() {
    check_diagnostics(
        r#"
          models:
            a:
              urls:
                - { url: https://x.test/1/model.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #                --------------------------- the other file
                - { url: https://x.test/2/model.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #                ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[duplicate-value]: two files of the model are called `model.gguf`
        # = hint: give one of them another name: `file: NAME`
    "#,
    );
}

#[test]
fn a_file_stays_in_the_folder_of_its_model() {
    check_diagnostics(
        r#"
          models:
            a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", file: ../a }
        #                                                                                                                 ^^^^ error[invalid-path]: `../a` is not the path of a file in the model's folder
        # = hint: write `file: model.safetensors`
            b: { url: https://x.test/, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #             ^^^^^^^^^^^^^^^ error[invalid-path]: the address does not end in the name of a file
        # = hint: write `file: model.safetensors`
            c: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", to: models/c }
        #                                                                                                               ^^^^^^^^ error[invalid-path]: `to` must be an absolute path, not `models/c`
        # = hint: write `/models/c`
    "#,
    );
}

#[test]
fn models_do_not_lie_over_each_other() {
    check_diagnostics(
        r#"
          models:
            a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #   - the other model
            b: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", to: /models/a }
        #   ^ error[conflict]: two models lie in `/models/a`
        # = hint: give one of them a folder of its own: `to: /models/NAME`
    "#,
    );
}

#[test]
fn an_image_of_weights_is_taken_as_it_is() {
    check_diagnostics(
        r#"
          models:
            a: { image: "example/Weights", to: /a, token: t, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #               ^^^^^^^^^^^^^^^^^ error[invalid-image]: `example/Weights` is not an image: repository names are lower case
        # = hint: write `example/weights`
        #                                  ^^ error[conflict]: `to` does nothing for a model from an image
        # = hint: the files stay where the image has them: say where with `path`, or copy them with `copy: [{ from: … }]`
        #                                          ^^^^^ error[conflict]: `token` does nothing for a model from an image
        # = hint: the engine uses what `docker login` knows of the registry
        #                                                    ^^^^^^ error[conflict]: `sha256` belongs to `url`, which this model does not have
        # = hint: each file under `urls` has its own: `urls: [{ url: …, sha256: …, file: … }]`
    "#,
    );
}

#[test]
fn an_address_is_one() {
    check_diagnostics(
        r#"
          models:
            a: { url: x.test/a.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #             ^^^^^^^^^^^^^ error[invalid-url]: `x.test/a.gguf` is not a web address
        # = hint: write `https://x.test/a.gguf`
            "b c": { url: "s3://bucket/key", sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #   ^^^^^ error[invalid-name]: `b c` is not a name for a model
        # = hint: use letters, digits, `.`, `_` and `-`; it becomes the folder `/models/NAME`
        #                 ^^^^^^^^^^^^^^^^^ error[invalid-url]: `s3://bucket/key` is not a web address
        # = hint: write `https://HOST/PATH`
    "#,
    );
}

#[test]
fn the_token_of_a_model_is_a_declared_secret() {
    check_diagnostics(
        r#"
          secrets: [other]
        #           ^^^^^ warning[unused-secret]: no command uses the secret `other`
        # = hint: name it where it is needed: `run: [{ command: …, secrets: [other] }]`
        # ------- the secrets of this spec
          models: { a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", token: hf_token } }
        #                                                                                                                          ^^^^^^^^ error[undeclared-secret]: `secrets` does not list `hf_token`
        # = hint: the choices are `other`
        # = hint: or add `hf_token` to it
    "#,
    );
}
