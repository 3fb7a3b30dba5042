//! Where models come from.

use super::*;

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
