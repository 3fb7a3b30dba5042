//! Every spec in the README is one that the frontend takes.

use std::collections::BTreeMap;

use modelcrate::check::check;
use modelcrate::source::Source;
use modelcrate::spec::{PlatformNames, Request};

#[test]
fn every_spec_in_the_readme_is_right() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let specs: Vec<&str> = readme
        .split("```yaml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(specs.len() > 5, "the README has lost its specs");
    for spec in specs {
        let platform = PlatformNames::new("linux", "amd64", "");
        let request = Request {
            target: None,
            build_args: &BTreeMap::new(),
            platform: &platform,
            build_platform: &platform,
            models: &BTreeMap::new(),
        };
        let (_, findings) = check(&Source::new("README.md", spec), &request);
        assert!(findings.is_empty(), "{spec}\n{findings:#?}");
    }
}
