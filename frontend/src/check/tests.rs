//! Whole specs, and the machinery of drawn tests.

use std::collections::BTreeMap;

use super::*;
use crate::diagnostic::render;

/// A spec checked for one target and architecture without build args.
fn check_for(text: &str, target: Option<&str>, arch: &str) -> (Option<Checked>, String) {
    let source = Source::new("modelcrate.yaml", text);
    let platform = PlatformNames::new("linux", arch, "");
    let request = Request {
        target,
        build_args: &BTreeMap::new(),
        platform: &platform,
        build_platform: &platform,
    };
    let (checked, findings) = check(&source, &request);
    (checked, render(&source, &findings))
}

const SAFE_SYNTHESIZER: &str = include_str!("fixtures/safe-synthesizer.yaml");

#[test]
fn the_safe_synthesizer_is_clean_for_every_target_and_platform() {
    for target in [None, Some("runtime"), Some("dev"), Some("test")] {
        for arch in ["amd64", "arm64"] {
            let (checked, drawn) = check_for(SAFE_SYNTHESIZER, target, arch);
            assert_eq!(drawn, "", "{target:?} {arch}");
            assert!(checked.is_some());
        }
    }
}

#[test]
fn the_quickstart_is_clean() {
    let (checked, drawn) = check_for(include_str!("fixtures/quickstart.yaml"), None, "amd64");
    assert_eq!(drawn, "");
    assert!(checked.is_some());
}
