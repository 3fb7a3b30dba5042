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
