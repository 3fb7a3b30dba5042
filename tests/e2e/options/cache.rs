//! What is built anew.

use modelcrate_tests::buildx::{Buildx, Outcome};
use modelcrate_tests::nonce::nonce;

const RUN: &str = "[run 1/1] look";
const USER: &str = "[user 1/1] add user app (1000:1000)";

/// testNoCache: nothing, everything, or the stages that are named.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn no_cache() {
    let spec = format!(
        "name: x\nrun: [{{ name: look, command: \"echo {}\" }}]\n",
        nonce()
    );
    let build = |flags: &[&str]| Buildx::spec(&spec).flags(flags).passes();
    let cached = |outcome: &Outcome| (outcome.cached(USER), outcome.cached(RUN));
    build(&[]);
    assert_eq!(cached(&build(&[])), (true, true));
    assert_eq!(cached(&build(&["--no-cache"])), (false, false));
    assert_eq!(cached(&build(&["--no-cache-filter", "RUN"])), (true, false));
}

/// testCacheMountModeNoCache: what a step keeps between builds is thrown away with it.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn cache_mount_mode_no_cache() {
    let id = nonce();
    let build = |words: &str, flags: &[&str]| {
        let spec = format!(
            "name: x\nuser: root\nrun:\n  - command: {words}\n    cache: [{{ path: /kept, id: {id} }}]\n"
        );
        Buildx::spec(&spec).flags(flags).passes()
    };
    build("touch /kept/file", &[]);
    build("test -e /kept/file", &[]);
    build("test ! -e /kept/file", &["--no-cache"]);
}
