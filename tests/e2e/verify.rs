//! `modelcrate verify` on images that a real engine made: from its store, from a registry, from an OCI layout.

use modelcrate_tests::command::modelcrate;
use modelcrate_tests::{Build, Engine, Output, Project, unique};

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_planted_token_is_found_and_a_good_image_passes() {
    let engine = Engine::main();
    let spec = "# syntax=modelcrate/frontend:1\nname: app\nbase: debian:bookworm-slim\nuser: 1000\nentrypoint: [cat]\ncopy: [{ app: /srv/app }]\n\
        secrets: [pass]\nrun: [{ command: test -s /run/secrets/pass, secrets: [pass], network: none }]\n";
    let project = Project::with(&[("modelcrate.yaml", spec), ("app/code.py", "print()\n")]);
    let value = unique("correct-horse");
    project.write("pass", &value);
    let pass = format!("id=pass,src={}", project.file("pass").display());
    let verify = |image: &str| {
        let mut verify = modelcrate(&engine, project.path());
        Output::of(verify.args(["verify", "--secret", "id=pass,src=pass", image]))
    };
    let name = format!("{}/{}", engine.registry(), unique("verify"));
    let build = Build {
        options: &["--secret", &pass],
        ..Build::of(&project)
    };
    build.with(&engine, &["--provenance", "mode=max", "--tag", &name, "--push"]);
    let pulled = verify(&name).ok();
    assert!(pulled.stdout.ends_with("nothing is wrong\n"), "{}", pulled.stdout);
    assert!(pulled.stdout.contains(": user 1000:1000, "), "{}", pulled.stdout);

    // Provenance and both bills of materials: an engine that has pulled the image has none of them.
    for had in [pulled, verify(&name).ok()] {
        assert!(had.stdout.contains("\n3 attestations\n"), "{}", had.stdout);
    }

    let (layout, _) = build.layout(&engine, &[]);
    verify(&layout.path().display().to_string()).ok();

    // In a file, and as the value of a secret in the config.
    project.write("app/.env", &format!("HF_TOKEN=hf_{}\n", "aB3dE5gH7jK9".repeat(3)));
    let label = format!("note={value}");
    build.with(
        &engine,
        &[
            "--label",
            &label,
            "--provenance",
            "mode=max",
            "--tag",
            &name,
            "--load",
        ],
    );
    let bad = verify(&name);
    assert_eq!(bad.code(), Some(4), "{}{}", bad.stdout, bad.stderr);
    assert!(
        bad.stdout.contains("/srv/app/.env: a Hugging Face token"),
        "{}",
        bad.stdout
    );
    assert!(
        bad.stdout.contains("secret: the config and its history"),
        "{}",
        bad.stdout
    );
    assert!(!bad.stdout.contains(&value), "{}", bad.stdout);

    // In a layer of zstd, and in the provenance alone.
    let arg = format!("NOTE={value}");
    let zstd = format!("type=image,name={name}-zstd,push=true,compression=zstd,force-compression=true");
    build.with(
        &engine,
        &["--build-arg", &arg, "--provenance", "mode=max", "--output", &zstd],
    );
    engine.ask(&["image", "rm", &name, &format!("{name}-zstd")]);
    for bad in [verify(&format!("{name}-zstd")), verify(&format!("{name}-zstd"))] {
        assert_eq!(bad.code(), Some(4), "{}{}", bad.stdout, bad.stderr);
        for words in ["/srv/app/.env: a Hugging Face token", "secret: the attestation "] {
            assert!(bad.stdout.contains(words), "{}", bad.stdout);
        }
        assert!(!bad.stdout.contains("the config"), "{}", bad.stdout);
        assert!(!bad.stdout.contains("unreadable"), "{}", bad.stdout);
        assert!(!bad.stdout.contains(&value), "{}", bad.stdout);
    }
    engine.ask(&["image", "rm", &format!("{name}-zstd")]);
}
