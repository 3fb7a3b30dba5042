//! Budgets: what an image weighs, layer by layer, and that only new layers are weighed.

use modelcrate_tests::website::Website;
use modelcrate_tests::weights::gguf;
use modelcrate_tests::{Build, Engine, Progress, Project, unique};
use sha2::Digest as _;
use tempfile::TempDir;

/// Bytes that do not get smaller, the same for the same seed: numbers of a linear congruential generator.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_image_over_its_budget_says_what_weighs_most() {
    let engine = Engine::main();
    let folder = TempDir::new().expect("a folder");
    let weights = [gguf(&unique("weights")).into_bytes(), vec![0; 3 << 20]].concat();
    std::fs::write(folder.path().join("m.gguf"), &weights).expect("a file");
    let site = Website::start(folder.path());
    let sha256: String = sha2::Sha256::digest(&weights)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let spec = |budget: &str| {
        format!(
            "# syntax=modelcrate/frontend:1\nbase: debian:bookworm-slim\nuser: root\ncopy:\n  - large: /srv/large\n  - small: /srv/small\nmodels: {{ m: {{ url: {}, sha256: {sha256} }} }}\nbudget: {budget}\n",
            site.url("m.gguf")
        )
    };
    let project = Project::with(&[("modelcrate.yaml", ""), ("small/file", &unique("small"))]);
    std::fs::create_dir_all(project.file("large/deep/down")).expect("folders");
    std::fs::write(
        project.file("large/deep/down/noise"),
        noise(std::process::id().into(), 5 << 20),
    )
    .expect("a file");
    std::fs::write(project.file("large/zeros"), vec![0; 2 << 20]).expect("a file");
    let build = Build {
        progress: Progress::Events,
        ..Build::of(&project)
    };
    let weighed = |built: &modelcrate_tests::Built| {
        let ran = built
            .ran()
            .into_iter()
            .filter_map(|name| name.split_once(" weigh: "));
        let mut names: Vec<String> = ran.map(|(_, name)| name.to_owned()).collect();
        names.sort();
        names
    };
    let fails = |budget: &str| {
        project.write("modelcrate.yaml", &spec(budget));
        let built = build.try_with(&engine, &["--output", "type=cacheonly"]);
        assert!(!built.output.status.success(), "{}", built.output.stderr);
        built
    };

    let built = fails("{ unpacked: 7MB, compressed: 5MB, layers: 2, except: [models, base] }");
    let said = &built.output.stderr;
    for words in [
        "the image without base and models is 7.34 MB unpacked, 340 kB more than its budget of 7.00 MB",
        "the image without base and models is 5.2",
        "7.34 MB  copy: copy /large to /srv/large",
        "5.24 MB  /srv/large/deep/down",
        "2.09 MB  /srv/large",
    ] {
        assert!(said.contains(words), "no `{words}` in:\n{said}");
    }
    assert_eq!(
        weighed(&built),
        ["copy /large to /srv/large", "copy /small to /srv/small"]
    );

    // Another file, another limit: one layer is new.
    project.write("small/file", &unique("small"));
    project.write(
        "modelcrate.yaml",
        &spec("{ unpacked: 8MB, compressed: 6MB, layers: 2, except: [models, base] }"),
    );
    let built = build.with(&engine, &["--output", "type=cacheonly"]);
    assert_eq!(weighed(&built), ["copy /small to /srv/small"]);

    let built = fails("{ unpacked: 9MB, except: base }");
    assert!(
        built
            .output
            .stderr
            .contains("the image without its base is 10.4 MB unpacked"),
        "{}",
        built.output.stderr
    );
    assert_eq!(
        weighed(&built),
        [
            "add m/m.gguf",
            "copy /large to /srv/large",
            "copy /small to /srv/small"
        ]
    );

    let built = fails("20MB");
    let said = &built.output.stderr;
    assert!(said.contains("base: from debian:bookworm-slim"), "{said}");
    // Another test may have had it weighed.
    let weighed = weighed(&built);
    assert!(
        weighed.iter().all(|name| name == "from debian:bookworm-slim"),
        "{weighed:?}"
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn each_platform_of_a_build_has_the_budget_for_itself() {
    let engine = Engine::main();
    let spec = |budget: &str| {
        format!(
            "# syntax=modelcrate/frontend:1\nbase: scratch\nuser: root\nargs: {{ ARCH: {{ amd64: amd64, arm64: arm64 }} }}\n\
             copy:\n  - \"of/${{ARCH}}\": /of\n  - shared: /shared\nbudget: {budget}\n"
        )
    };
    let project = Project::with(&[("modelcrate.yaml", &spec("4MB"))]);
    for (folder, bytes) in [
        ("of/amd64", 1_000_000),
        ("of/arm64", 3_000_000),
        ("shared", 500_000),
    ] {
        std::fs::create_dir_all(project.file(folder)).expect("folders");
        let seed = std::process::id() + bytes;
        std::fs::write(
            project.file(folder).join("noise"),
            noise(seed.into(), bytes as usize),
        )
        .expect("a file");
    }
    let build = Build {
        options: &["--platform", "linux/amd64,linux/arm64"],
        ..Build::of(&project)
    };
    let only = ["--output", "type=cacheonly"];
    let built = build.with(&engine, &only);
    let shared = built
        .ran()
        .into_iter()
        .filter(|name| name.contains("weigh: copy /shared"));
    assert_eq!(
        shared.count(),
        1,
        "a layer of both is weighed once: {:?}",
        built.ran()
    );

    project.write("modelcrate.yaml", &spec("2MB"));
    let said = build.try_with(&engine, &only).output.stderr;
    assert!(
        said.contains("the image for linux/arm64 is 3.50 MB unpacked, 1.50 MB more"),
        "{said}"
    );
    assert!(!said.contains("the image for linux/amd64"), "{said}");
}
