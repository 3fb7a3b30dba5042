//! Models of a hub.

use super::*;

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
            e: { hf: "org/name-GGUF:Q4_K_M" }
        #            ^^^^^^^^^^^^^^^^^^^^^^ error[invalid-model]: `org/name-GGUF:Q4_K_M` is not a repository: `Q4_K_M` names files of it
        # = hint: write `hf: org/name-GGUF` with `files: ["*Q4_K_M*.gguf"]`
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
