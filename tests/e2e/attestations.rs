//! Bills of materials beside the image: complete, valid by the tools of those who wrote the standards, and in nobody's way.

use crate::python_support::{lock, package, spec};
use modelcrate_tests::pypi::{BILLS_OF_MATERIALS, Environment};
use modelcrate_tests::website::Website;
use modelcrate_tests::weights::gguf;
use modelcrate_tests::{Build, Engine, Image, Output, Project, PythonServer, unique};
use serde_json::Value;

const SPDX: &str = "https://spdx.dev/Document";
const SPDX_BESIDE: &str = "https://spdx.dev/Document/v2.3";
const CYCLONEDX: &str = "https://cyclonedx.org/bom";

#[test]
#[ignore = "needs an engine: ./dev test"]
fn every_part_that_was_planted_is_in_both_bills() {
    let engine = Engine::main();
    let site = tempfile::tempdir().expect("a folder");
    std::fs::write(site.path().join("weights.gguf"), gguf("weights")).expect("a file");
    let served = Website::start(site.path());
    let sha256 = sha256(gguf("weights").as_bytes());
    let project = planted(&engine, &served.url("weights.gguf"), &sha256);

    let python = PythonServer::new(&engine);
    let build = Build {
        args: python.addresses(),
        ..Build::of(&project)
    };
    let (layout, _) = Build {
        options: &["--provenance=true"],
        ..build
    }
    .layout(&engine, &["name=modelcrate-test/planted"]);
    let statements = layout.attestations();
    let (spdx, cyclonedx) = (&statements[SPDX], &statements[CYCLONEDX]);
    for statement in [spdx, cyclonedx] {
        let digest = layout.image_alone().digest;
        let digest = digest.trim_start_matches("sha256:");
        assert_eq!(statement["subject"][0]["digest"]["sha256"], digest);
        let text = statement["predicate"].to_string();
        for part in [
            "pkg:pypi/idna@3.10",
            "pkg:pypi/packaging@",
            "pkg:generic/python@3.11",
            "pkg:deb/debian/libgomp1",
            "pkg:oci/python@sha256:",
            "/models/small/weights.gguf",
            &sha256,
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }
    validate(&spdx["predicate"], &cyclonedx["predicate"]);

    let name = format!("{}/modelcrate-test/{}", engine.registry(), unique("attested"));
    let push = ["--provenance=true", "--push", "--tag", &name];
    build.with(&engine, &push);
    let shown = engine.ask(&[
        "buildx",
        "imagetools",
        "inspect",
        &name,
        "--format",
        "{{json .SBOM}}",
    ]);
    assert!(shown.contains("pkg:pypi/idna@3.10"), "{shown}");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_is_taken_of_another_target_is_in_both_bills() {
    let engine = Engine::main();
    let site = tempfile::tempdir().expect("a folder");
    std::fs::write(site.path().join("weights.bin"), "weights\n").expect("a file");
    let served = Website::start(site.path());
    let (url, sha256) = (served.url("weights.bin"), sha256(b"weights\n"));
    let project = package("server", &["idna==3.10"], "1", "");
    lock(&engine, &project);
    let targets = format!(
        "base: debian:bookworm-slim\n\
        copy:\n  - {{ from: target:tools, src: /opt/venv, dest: /opt/tools }}\n  - {{ from: target:tools, src: /models, dest: /weights }}\n  \
        - {{ from: target:system, src: /usr/lib, dest: /opt/lib }}\n\
        targets:\n  \
        tools: {{ copy: null, base: python:3.11-slim, python: \"3.11\", models: {{ small: {{ url: \"{url}\", sha256: {sha256} }} }} }}\n  \
        system: {{ copy: null, apt: [libgomp1] }}"
    );
    project.write(
        "modelcrate.yaml",
        &format!("# syntax=modelcrate/frontend:1\nname: test\n{targets}\n"),
    );

    let (layout, _) = Build {
        options: &["--provenance=true"],
        ..Build::of(&project)
    }
    .layout(&engine, &[]);
    let statements = layout.attestations();
    let (spdx, cyclonedx) = (
        &statements[SPDX]["predicate"],
        &statements[CYCLONEDX]["predicate"],
    );
    for part in [
        "pkg:pypi/idna@3.10",
        "/weights/small/weights.bin",
        &sha256,
        "pkg:deb/debian/libgomp1",
    ] {
        for bill in [spdx, cyclonedx] {
            assert!(bill.to_string().contains(part), "{part} is not in {bill}");
        }
    }
    // The packages are the image's own; of `system` nobody knows which of its packages the files are.
    let named = |id: &Value| {
        let mut packages = spdx["packages"].as_array().expect("packages").iter();
        let package = packages
            .find(|package| package["SPDXID"] == *id)
            .expect("a package");
        package["name"].as_str().expect("a name").to_owned()
    };
    let relationships = spdx["relationships"].as_array().expect("relationships").iter();
    let said: Vec<String> = relationships
        .filter(|said| said["relatedSpdxElement"] != "SPDXRef-image")
        .map(|said| {
            format!(
                "{} {} {}",
                named(&said["spdxElementId"]),
                said["relationshipType"].as_str().unwrap_or_default(),
                named(&said["relatedSpdxElement"])
            )
        })
        .collect();
    for wanted in [
        "test CONTAINS idna",
        "test CONTAINS small",
        "test OTHER target system",
        "target system CONTAINS libgomp1",
    ] {
        assert!(said.iter().any(|said| said == wanted), "{wanted}: {said:#?}");
    }
    validate(spdx, cyclonedx);
    let layer = layout.layer_with("weights/small/weights.bin");
    assert!(!layer.digest.is_empty(), "the model lies where the bills say");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn bills_make_no_index_and_keep_no_scanner_away() {
    let engine = Engine::main();
    let project = Project::with(&[("modelcrate.yaml", &spec("apt: [libgomp1]"))]);
    let build = Build::of(&project);
    for options in [&[][..], &["--provenance=false"]] {
        let (layout, _) = Build { options, ..build }.layout(&engine, &[]);
        assert_eq!(layout.digest(), layout.image_alone().digest, "a plain image");
    }
    let scanner = scanner(&engine);
    let generator = format!("--sbom=generator={}", scanner.name);
    let (layout, _) = Build {
        options: &[&generator, "--provenance=false"],
        ..build
    }
    .layout(&engine, &[]);
    let statements = layout.attestations();
    assert_eq!(
        statements[SPDX]["predicate"]["name"], "scanned",
        "the scanner's own"
    );
    assert!(statements.contains_key(SPDX_BESIDE), "ours");
}

fn planted(engine: &Engine, url: &str, sha256: &str) -> Project {
    let project = package("server", &["idna==3.10", "packaging"], "1", "");
    lock(engine, &project);
    let spec = spec(&format!(
        "python: {{ version: \"3.11\", interpreter: uv }}\napt: [libgomp1]\nmodels: {{ small: {{ url: \"{url}\", sha256: {sha256} }} }}"
    ));
    project.write("modelcrate.yaml", &spec);
    project
}

/// By the tools of the SPDX and CycloneDX projects themselves.
#[track_caller]
fn validate(spdx: &Value, cyclonedx: &Value) {
    let tools = Environment::with(BILLS_OF_MATERIALS);
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, document: &Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, document.to_string()).expect("a file");
        path
    };
    let mut pyspdxtools = tools.program("pyspdxtools");
    pyspdxtools.arg("--infile").arg(file("bom.spdx.json", spdx));
    Output::of(&mut pyspdxtools).ok();
    let script = "import sys\n\
        from cyclonedx.schema import SchemaVersion\n\
        from cyclonedx.validation.json import JsonStrictValidator\n\
        error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())\n\
        sys.exit(repr(error) if error else 0)\n";
    let mut python = tools.program("python");
    python.args(["-c", script]).arg(file("bom.cdx.json", cyclonedx));
    Output::of(&mut python).ok();
}

/// A scanner by BuildKit's protocol (moby/buildkit `docs/attestations/sbom-protocol.md`) that finds nothing.
fn scanner(engine: &Engine) -> Image {
    let statement = r#"{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","predicate":{"name":"scanned"}}"#;
    let dockerfile = format!(
        "FROM debian:bookworm-slim\nENTRYPOINT [\"/bin/sh\", \"-c\", \"echo '{}' >$BUILDKIT_SCAN_DESTINATION/sbom.spdx.json\"]\n",
        statement.replace('"', "\\\"")
    );
    let project = Project::with(&[("Dockerfile", &dockerfile)]);
    let name = format!("{}/modelcrate-test/{}", engine.registry(), unique("scanner"));
    let mut command = engine.docker(&["buildx", "build", "--push", "--tag", &name]);
    Output::of(command.arg(project.path())).ok();
    Image::named(engine, &name)
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
