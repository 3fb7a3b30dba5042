//! What hubs and buckets hold, and files of buckets.

use std::collections::BTreeMap;
use std::fs;

use modelcrate_fetcher::listing::Answer;
use modelcrate_fetcher::manifest::{Deliver, Manifest, Model, Source};
use modelcrate_fetcher::select::Selection;
use modelcrate_tests::hub::{Access, Repository};
use modelcrate_tests::s3::S3;
use tempfile::TempDir;

use super::scene::*;

#[test]
fn a_repository_is_listed_with_digests_or_says_why_not() {
    let scene = Scene::new();
    let model = scene.folder.path().join("model");
    for n in 0..5 {
        fs::write(model.join(format!("tokenizer-{n}.json")), n.to_string()).unwrap();
    }
    let commit = scene.hub.push(REPOSITORY, &model);
    scene.hub.pages_of(2);
    let all = wait(scene.visit(None).listing("main", &Selection::default())).unwrap();
    assert_eq!(all.revision.as_deref(), Some(commit.as_str()));
    assert_eq!(all.files.len(), 7);
    assert!(all.files.contains(&scene.weights), "{all:?}");
    assert_eq!(all.files[0].sha256, sha256(b"{}"));

    let gated = || Repository::of(REPOSITORY, &model).with(Access::gated(&[TOKEN]));
    let private = || Repository::of(REPOSITORY, &model).with(Access::private(&[TOKEN]));
    scene.hub.know("hf_somebodyElse");
    for (repository, token, revision, exit) in [
        (gated(), None, "main", Err(3)),
        (gated(), Some("hf_somebodyElse"), "main", Err(3)),
        (gated(), Some("hf_unknownToken"), "main", Err(3)),
        (gated(), Some(TOKEN), "main", Ok(())),
        (private(), None, "main", Err(3)),
        (private(), Some("hf_somebodyElse"), "main", Err(4)),
        (private(), Some(TOKEN), "no-such-branch", Err(4)),
    ] {
        scene.hub.publish(repository);
        let selection = Selection {
            include: vec!["*.safetensors".into()],
            exclude: vec![],
        };
        let listed = wait(scene.visit(token).listing(revision, &selection));
        let expected = listed.as_ref().map(drop).map_err(|error| error.exit().code());
        assert_eq!(expected, exit, "{token:?} {revision}: {listed:?}");
    }
}

#[test]
fn the_program_writes_what_a_source_holds_or_why_not() {
    let scene = Scene::new();
    let to = scene.folder.path().join("answer/listing.json");
    let resolve = |repository: &str| {
        let mut command = fetcher();
        command.args([
            "resolve",
            "--source",
            &format!("hf:{repository}"),
            "--endpoint",
            scene.hub.url(),
        ]);
        let (code, said) = run(command.args(["--include", "*.safetensors", "--to"]).arg(&to));
        assert_eq!((code, said.as_str()), (0, ""));
        serde_json::from_slice::<Answer>(&fs::read(&to).unwrap()).unwrap()
    };
    let Answer::Found(listing) = resolve(REPOSITORY) else {
        panic!("not found")
    };
    assert_eq!(listing.files, std::slice::from_ref(&scene.weights));
    assert_eq!(
        resolve("org/nothing"),
        Answer::Refused(modelcrate_fetcher::hub::Refusal::Hidden)
    );
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn a_bucket_is_listed_and_its_objects_are_brought_with_the_keys_alone() {
    let s3 = S3::start();
    s3.bucket("models");
    let bytes = weights(SIZE);
    s3.put("models", "team/m/a b+c.safetensors", &bytes);
    s3.put("models", "team/m/config.json", b"{}");
    s3.put("models", "team/m-2/config.json", b"another");
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("key"), format!("{}\n", S3::KEY)).unwrap();
    fs::write(path("secret"), S3::SECRET).unwrap();
    fs::write(path("wrong"), "not-the-secret-key").unwrap();
    let fetcher = |verb: &str, source: &str, secret: &str, to: &str| {
        let mut command = fetcher();
        command.args([verb, "--source", source, "--endpoint", s3.url(), "--key-file"]);
        command.arg(path("key")).arg("--secret-file").arg(path(secret));
        command.arg("--to").arg(path(to));
        command
    };
    let (code, said) = run(&mut fetcher("resolve", "s3:models/team/m", "secret", "listing"));
    assert_eq!((code, said.as_str()), (0, ""));
    let Answer::Found(listing) = serde_json::from_slice(&fs::read(path("listing")).unwrap()).unwrap() else {
        panic!("not found")
    };
    let paths: Vec<&str> = listing.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["a b+c.safetensors", "config.json"]);
    assert_eq!(
        (listing.files[0].size, &listing.files[0].sha256),
        (SIZE as u64, &sha256(&bytes))
    );

    let object = "s3:models/team/m/a b+c.safetensors";
    let file = |secret: &str, sha256: &str| {
        let mut command = fetcher("file", object, secret, "out/weights");
        command.args(["--size", &SIZE.to_string(), "--sha256", sha256]);
        run(&mut command)
    };
    assert_eq!(file("wrong", &sha256(&bytes)).0, 3);
    let (code, said) = file("secret", &"0".repeat(64));
    assert_eq!(code, 6, "{said}");
    assert!(!said.contains(S3::SECRET) && !said.contains("X-Amz"), "{said}");
    let (code, said) = file("secret", &sha256(&bytes));
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(fs::read(path("out/weights")).unwrap() == bytes);

    let manifest = Manifest {
        models: vec![Model {
            name: "m".into(),
            folder: path("model").display().to_string(),
            deliver: Deliver::Fetch,
            revision: None,
            files: listing.files,
            texts: BTreeMap::new(),
            source: Some(Source::S3 {
                endpoint: Some(s3.url().to_owned()),
                bucket: "models".into(),
                prefix: "team/m/".into(),
                region: None,
                access_key: None,
                secret_key: None,
            }),
            token: None,
        }],
    };
    fs::write(path("models.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
    let start = |secret: &str| {
        let mut command = super::scene::fetcher();
        command.args(["models", "--manifest"]).arg(path("models.json"));
        run(command.envs([("AWS_ACCESS_KEY_ID", S3::KEY), ("AWS_SECRET_ACCESS_KEY", secret)]))
    };
    assert_eq!(start("not-the-secret-key").0, 3);
    let (code, said) = start(S3::SECRET);
    assert_eq!(code, 0, "{said}");
    assert!(fs::read(path("model/a b+c.safetensors")).unwrap() == bytes);
    assert_eq!(fs::read_to_string(path("model/config.json")).unwrap(), "{}");
}
