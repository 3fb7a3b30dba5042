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
        bad.stdout
            .contains("secret: linux/amd64 the config and its history"),
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
        assert!(!bad.stdout.contains(" the config"), "{}", bad.stdout);
        assert!(!bad.stdout.contains("unreadable"), "{}", bad.stdout);
        assert!(!bad.stdout.contains(&value), "{}", bad.stdout);
    }
    engine.ask(&["image", "rm", &format!("{name}-zstd")]);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn each_platform_of_an_image_in_a_registry_is_looked_at() {
    let engine = Engine::main();
    let dockerfile = "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /srv\nLABEL org.opencontainers.image.title=app\nUSER 1000\n";
    let token = format!("HF_TOKEN=hf_{}\n", "aB3dE5gH7jK9".repeat(3));
    let project = Project::with(&[
        ("Dockerfile", dockerfile),
        ("amd64/.env", "HF_TOKEN=\n"),
        ("arm64/.env", &token),
    ]);
    let name = format!("{}/{}", engine.registry(), unique("platforms"));
    let mut build = engine.docker(&[
        "buildx",
        "build",
        "--platform",
        "linux/amd64,linux/arm64",
        "--output",
        &format!("type=registry,name={name}"),
    ]);
    Output::of(build.arg(project.path())).ok();
    let verify = |more: &[&str]| {
        let mut verify = modelcrate(&engine, project.path());
        Output::of(verify.args(["verify", &name]).args(more))
    };

    let other = verify(&["--platform", "linux/arm64"]);
    assert_eq!(other.code(), Some(4), "{}{}", other.stdout, other.stderr);
    assert!(!other.stdout.contains("linux/amd64"), "{}", other.stdout);

    let missing = verify(&["--platform", "linux/s390x"]);
    assert_eq!(missing.code(), Some(1), "{}", missing.stdout);
    assert!(
        missing.stderr.contains("no image for `linux/s390x`"),
        "{}",
        missing.stderr
    );

    let both = verify(&[]);
    assert_eq!(both.code(), Some(4), "{}{}", both.stdout, both.stderr);
    let found: Vec<&str> = both
        .stdout
        .lines()
        .filter(|line| line.starts_with("token: "))
        .collect();
    assert!(
        matches!(found.as_slice(), [one] if one.starts_with("token: linux/arm64 layer ") && one.contains("/srv/.env: ")),
        "{}",
        both.stdout
    );
    for platform in ["linux/amd64: user 1000", "linux/arm64: user 1000"] {
        assert!(both.stdout.contains(platform), "{}", both.stdout);
    }
    assert!(!both.stdout.contains("not here"), "{}", both.stdout);

    let own = verify(&["--platform", "linux/amd64"]);
    assert_eq!(own.code(), Some(0), "{}{}", own.stdout, own.stderr);
    engine.ask(&["image", "rm", &name]);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_classic_store_is_said_to_keep_no_attestations() {
    let engine = Engine::classic();
    let project = Project::with(&[
        (
            "Dockerfile",
            "FROM scratch\nCOPY file /\nLABEL org.opencontainers.image.title=app\nUSER 1000\n",
        ),
        ("file", "text"),
    ]);
    let name = unique("classic");
    Output::of(
        engine
            .docker(&["buildx", "build", "--tag", &name])
            .arg(project.path()),
    )
    .ok();
    let told = Output::of(modelcrate(&engine, project.path()).args(["verify", &name])).ok();
    assert!(
        told.stdout.contains("the classic image store, which keeps none"),
        "{}",
        told.stdout
    );
    assert!(told.stdout.contains("--output type=oci"), "{}", told.stdout);
    engine.ask(&["image", "rm", &name]);
}
