//! What the program says, and what it does not.

use std::fs;
use std::process::Command;

use modelcrate_tests::hub::{Access, Fault, Repository};

use super::scene::*;

#[test]
fn the_program_says_what_is_wrong_by_its_exit_code_and_keeps_secrets() {
    let scene = Scene::new();
    let model = scene.folder.path().join("model");
    scene
        .hub
        .publish(Repository::of(REPOSITORY, &model).with(Access::gated(&[TOKEN])));
    let token = scene.folder.path().join("token");
    fs::write(&token, format!("Bearer {TOKEN}\n")).unwrap();

    let (code, said) = run(&mut scene.file_command());
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("accepted its licence") && said.contains("hint: "),
        "{said}"
    );

    let (code, said) = run(scene.file_command().args(["--sha256", &"0".repeat(64)]));
    assert_eq!(code, 2, "{said}");

    let with_token = |command: &mut Command| run(command.arg("--token-file").arg(&token));
    scene.hub.fail(REPOSITORY, WEIGHTS, Fault::Flip);
    let (code, said) = with_token(&mut scene.file_command());
    assert_eq!(code, 6, "{said}");
    assert!(!said.contains("Signature") && !said.contains(TOKEN), "{said}");

    let (code, said) = with_token(
        fetcher()
            .args(["file", "--sha256", &"0".repeat(64), "--size", "5"])
            .args([
                "--url",
                &format!("{}/{REPOSITORY}/resolve/main/nothing.json", scene.hub.url()),
                "--to",
                &scene.out().join("x").display().to_string(),
            ]),
    );
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("has no file `nothing.json`"), "{said}");
}

#[test]
fn files_that_others_brought_are_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("deep/a:b.safetensors");
    fs::create_dir(folder.path().join("deep")).unwrap();
    let check = |file: &str| {
        run(fetcher()
            .arg("check")
            .arg("--in")
            .arg(folder.path())
            .args(["--file", file]))
    };

    fs::write(&weights, super::scene::weights(400)).unwrap();
    for file in ["400:deep/a:b.safetensors", ":deep/a:b.safetensors"] {
        assert_eq!(check(file), (0, String::new()), "{file}");
    }
    let (code, said) = check("401:deep/a:b.safetensors");
    assert_eq!(code, 6, "{said}");
    assert!(
        said.contains("`deep/a:b.safetensors`: it has 400 bytes, 401 were pinned"),
        "{said}"
    );
    fs::write(&weights, "<html>log in</html>").unwrap();
    let (code, said) = check(":deep/a:b.safetensors");
    assert_eq!(code, 6, "{said}");
    assert!(said.contains("has no header of a safetensors file"), "{said}");
    assert_eq!(check(":deep/nothing.gguf").0, 7);
    for wrong in ["../x.gguf", "x:deep/y", "deep/y"] {
        assert_eq!(check(wrong).0, 2, "{wrong}");
    }
}
