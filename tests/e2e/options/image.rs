//! What becomes of the image.

use modelcrate_tests::buildx::{Buildx, checked, docker, registry};
use modelcrate_tests::nonce::nonce;

#[test]
#[ignore = "needs an engine: ./dev test"]
fn filename() {
    let build = Buildx::bare().file(
        "specs/other.yaml",
        "# syntax=modelcrate/frontend:1\nname: other\nuser: root\nlabels: { a.b: c }\n",
    );
    let file = build.folder().join("specs/other.yaml").display().to_string();
    let image = build.flags(&["--file", &file]).inspect();
    assert_eq!(image["Config"]["Labels"]["a.b"], "c");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn target() {
    let spec =
        "name: x\nuser: root\ntargets:\n  one: { env: { WHICH: one } }\n  two: { env: { WHICH: two } }\n";
    for which in ["one", "two"] {
        let image = Buildx::spec(spec).flags(&["--target", which]).inspect();
        assert!(
            image["Config"]["Env"]
                .to_string()
                .contains(&format!("WHICH={which}")),
            "{image}"
        );
    }
}

/// testGlobalArg, testEmptyStringArgInEnv
#[test]
#[ignore = "needs an engine: ./dev test"]
fn build_args_and_labels() {
    let spec = "args: { WORD: default, NOTHING: default }\nname: x\nuser: root\nenv: { WORD: \"${WORD}\", NOTHING: \"${NOTHING}\" }\nlabels: { a.b: spec, c.d: spec }\n";
    let image = Buildx::spec(spec)
        .argument("WORD", "given")
        .argument("NOTHING", "")
        .flags(&["--label", "a.b=client"])
        .inspect();
    let env = image["Config"]["Env"].to_string();
    assert!(
        env.contains("\"WORD=given\"") && env.contains("\"NOTHING=\""),
        "{env}"
    );
    assert_eq!(image["Config"]["Labels"]["a.b"], "client");
    assert_eq!(image["Config"]["Labels"]["c.d"], "spec");
}

/// testPlatformArgsExplicit, testExportMultiPlatform
#[test]
#[ignore = "needs an engine: ./dev test"]
fn platform() {
    let scratch =
        || Buildx::spec("name: x\nbase: scratch\nuser: root\ncopy: [{ file: /file }]\n").file("file", "x");
    let output = |build: Buildx| {
        let dest = build
            .folder()
            .join("../")
            .canonicalize()
            .expect("a folder")
            .join(nonce());
        let flag = format!("type=oci,tar=false,dest={}", dest.display());
        let outcome = build.flags(&["--provenance=false", "--output", &flag]).passes();
        let index = std::fs::read(dest.join("index.json")).expect("an index");
        let index: serde_json::Value = serde_json::from_slice(&index).expect("JSON");
        let digest = index["manifests"][0]["digest"]
            .as_str()
            .expect("a digest")
            .replace(':', "/");
        let manifest = std::fs::read_to_string(dest.join("blobs").join(digest)).expect("a manifest");
        std::fs::remove_dir_all(&dest).expect("the layout");
        assert!(!outcome.seen.contains("does not match"), "{}", outcome.seen);
        manifest
    };
    let one = output(scratch().flags(&["--platform", "linux/arm64"]));
    assert!(!one.contains("\"manifests\""), "{one}");
    let both = output(scratch().flags(&["--platform", "linux/arm64,linux/amd64"]));
    for architecture in ["amd64", "arm64"] {
        assert!(
            both.contains(&format!("\"architecture\": \"{architecture}\""))
                || both.contains(&format!("\"architecture\":\"{architecture}\"")),
            "{both}"
        );
    }
    let index = output(scratch().argument("BUILDKIT_MULTI_PLATFORM", "1"));
    assert!(index.contains("\"manifests\""), "{index}");
}

/// `--pull`: what the registry has now, and not what the engine has of it.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn image_resolve_mode() {
    let name = format!("{}/modelcrate/moving:{}", registry(), nonce());
    let push = |word: &str| {
        let spec = format!("name: x\nbase: scratch\nuser: root\nenv: {{ WORD: {word} }}\n");
        Buildx::spec(&spec)
            .flags(&[
                "--output",
                &format!("type=image,name={name},push=true,store=false"),
            ])
            .passes();
    };
    let on_it = || Buildx::spec(&format!("name: y\nbase: {name}\nuser: root\n"));
    push("old");
    checked(docker().args(["pull", "--quiet", &name]));
    push("new");
    let known = on_it().inspect();
    assert!(known["Config"]["Env"].to_string().contains("WORD=old"), "{known}");
    let pulled = on_it().flags(&["--pull"]).inspect();
    checked(docker().args(["image", "rm", &name]));
    assert!(
        pulled["Config"]["Env"].to_string().contains("WORD=new"),
        "{pulled}"
    );
}

/// testSourceDateEpoch
#[test]
#[ignore = "needs an engine: ./dev test"]
fn source_date_epoch() {
    let spec = "name: x\nuser: root\nenv: { A: b }\n";
    let image = Buildx::spec(spec)
        .argument("SOURCE_DATE_EPOCH", "1700000000")
        .inspect();
    assert_eq!(image["Created"], "2023-11-14T22:13:20Z");
    assert!(!image["Config"]["Env"].to_string().contains("EPOCH"), "{image}");
}

/// testFrontendSubrequests
#[test]
#[ignore = "needs an engine: ./dev test"]
fn frontend_subrequests() {
    let spec = || Buildx::spec("name: x\n");
    let described = spec().flags(&["--call", "subrequests.describe"]).passes().printed;
    assert!(
        described.contains("subrequests.describe") && described.contains("1.0.0"),
        "{described}"
    );
    let json = spec()
        .flags(&["--call", "subrequests.describe,format=json"])
        .passes()
        .printed;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let calls = json.as_array().expect("a list");
    let described = calls
        .iter()
        .any(|call| call["name"] == "frontend.subrequests.describe");
    assert!(described, "{json}");
    let refused = spec().flags(&["--call", "no-such-thing"]).fails();
    assert!(
        refused.contains("unsupported request frontend.no-such-thing"),
        "{refused}"
    );
}
