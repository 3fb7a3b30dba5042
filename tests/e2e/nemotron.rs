//! The example `nemotron`: llama.cpp's server from its real sources, around a real model that is tiny. A compiler works on it
//! for minutes, so that it is tested by `./dev nightly` alone.

use modelcrate_tests::example::TOKEN;
use modelcrate_tests::hub::Access;
use modelcrate_tests::nemotron::Nemotron;
use modelcrate_tests::{Build, Engine, Expected, Project};

use crate::dockerfile::Pair;

#[test]
#[ignore = "compiles for minutes: ./dev nightly"]
fn nightly_a_llama_server_is_compiled_and_answers() {
    let engine = Engine::main();
    let project = Project::example("nemotron");
    let made_from = Nemotron::serve(&engine, &project, Access::gated(&[TOKEN]));
    let args = made_from.args();
    let build = Build {
        target: Some("cpu"),
        args: &args,
        options: &["--secret", "id=hf_token,env=HF_TOKEN"],
        env: &[("HF_TOKEN", TOKEN)],
        ..Build::of(&project)
    };
    let lock = build.with(&engine, &["--call", "lock"]).output.stdout;
    project.write("modelcrate.lock", &lock);
    let (image, built) = build.load(&engine);
    // An engine that kept the step from an earlier run has nothing to say.
    let said = built.log.contains("at run time this needs libgomp1 (in `apt:`");
    let compiled = built.ran().contains(&"compile llama-server");
    assert_eq!(said, compiled, "{}", built.log);
    let expected = Expected::of(&project)
        .remove("cpu")
        .expect("the target is described");
    expected.check(&image, &project);
    Pair::of(&build).check();
    assert_eq!(build.load(&engine).1.ran(), Vec::<&str>::new(), "nothing changed");
}
