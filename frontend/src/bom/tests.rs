use modelcrate_fetcher::card::Card;
use modelcrate_fetcher::file::File;

use super::*;
use crate::check::drawn::{Build, checked};
use crate::plan::Facts;
use crate::python::PythonVersion;

fn some() -> Inventory {
    let component = |kind, name: &str, version: Option<&str>, purl: &str, sha256: &[String]| Component {
        kind,
        name: name.into(),
        version: version.map(str::to_owned),
        purl: purl.into(),
        sha256: sha256.to_vec(),
    };
    Inventory {
        name: "server".into(),
        platform: "linux/amd64".into(),
        epoch: 315_532_800,
        components: vec![
            component(
                Kind::Image,
                "python:3.11-slim",
                Some("sha256:11"),
                "pkg:oci/python@sha256:11",
                &["1".repeat(64)],
            ),
            component(Kind::Debian, "libgomp1", None, "pkg:deb/debian/libgomp1", &[]),
            component(
                Kind::Interpreter,
                "python",
                Some("3.12"),
                "pkg:generic/python@3.12",
                &[],
            ),
            component(
                Kind::Python,
                "idna",
                Some("3.10"),
                "pkg:pypi/idna@3.10",
                &["2".repeat(64), "short".into()],
            ),
            component(
                Kind::Source,
                "https://git.test/a",
                Some("68a2"),
                "pkg:generic/a@68a2",
                &[],
            ),
        ],
        models: vec![Model {
            name: "small".into(),
            purl: Some("pkg:huggingface/org/small@68a2".into()),
            address: Some("https://hub.test/org/small".into()),
            revision: Some("68a2".into()),
            card: Card {
                license: Some("apache-2.0".into()),
                base_models: vec!["org/large".into()],
            },
            folder: "/models/small".into(),
            files: vec![File {
                path: "model.safetensors".into(),
                size: 3,
                sha256: "3".repeat(64),
            }],
        }],
        taken: vec![Taken {
            target: "tools".into(),
            paths: vec!["/opt/venv/bin/a".into(), "/opt/venv/bin/b".into()],
            components: vec![component(
                Kind::Python,
                "packaging",
                Some("25.0"),
                "pkg:pypi/packaging@25.0",
                &[],
            )],
            models: Vec::new(),
        }],
    }
}

#[test]
fn an_inventory_as_spdx() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&spdx(&some())).unwrap());
}

#[test]
fn an_inventory_as_cyclonedx() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&cyclonedx(&some())).unwrap());
}

#[test]
fn another_part_gives_the_document_another_name() {
    let mut other = some();
    other.components.pop();
    let namespace = |inventory: &Inventory| spdx(inventory)["documentNamespace"].clone();
    assert_ne!(namespace(&some()), namespace(&other));
    assert_eq!(namespace(&some()), namespace(&some()));
}

/// The bill of a spec whose targets have facts like its own.
fn of(spec: &str) -> Inventory {
    let checked = checked(spec, &Build::default());
    let facts = Facts {
        target: ("linux".into(), "amd64".into(), String::new()),
        ..Facts::default()
    };
    let sources = checked.sources.keys();
    let sources = sources.map(|name| (name.clone(), facts.clone())).collect();
    inventory(&checked, &Facts { sources, ..facts })
}

/// Names of the parts that the image has for certain, and of those that it may have.
fn names(spec: &str) -> (Vec<String>, Vec<String>) {
    let names = |components: &[Component], models: &[Model]| {
        let components = components.iter().filter(|part| part.kind != Kind::Image);
        let models = models
            .iter()
            .map(|model| format!("{} in {}", model.name, model.folder));
        components.map(|part| part.name.clone()).chain(models).collect()
    };
    let found = of(spec);
    let taken = found.taken.iter();
    let possible = taken.flat_map(|taken| -> Vec<String> { names(&taken.components, &taken.models) });
    (names(&found.components, &found.models), possible.collect())
}

const TARGET: &str = "targets: { tools: { copy: null, run: null, apt: [libgomp1], models: { small: { url: 'https://a.test/a.gguf', sha256: 1111111111111111111111111111111111111111111111111111111111111111 } } } }\n";

#[test]
fn parts_of_a_target_are_known_as_far_as_its_files_are_taken() {
    for (source, certain, possible) in [
        ("/", &["libgomp1", "small in /in/models/small"][..], &[][..]),
        ("/models", &["small in /in/small"], &["libgomp1"]),
        ("/models/small", &["small in /in"], &[]),
        ("/models/small/a.gguf", &[], &["small in /models/small"]),
        ("/usr/lib", &[], &["libgomp1"]),
        ("/models/*", &[], &["libgomp1", "small in /models/small"]),
    ] {
        let spec = format!("copy: {{ from: target:tools, src: '{source}', dest: /in }}\n{TARGET}");
        assert_eq!(
            names(&spec),
            (
                certain.iter().map(|&name| name.to_owned()).collect(),
                possible.iter().map(|&name| name.to_owned()).collect()
            ),
            "{source}"
        );
    }
}

#[test]
fn what_a_command_sees_of_a_target_may_be_in_the_image() {
    let run = "run: { command: make, mounts: { from: 'target:tools', src: /models } }\n";
    let (certain, possible) = names(&format!("{run}{TARGET}"));
    assert_eq!(certain, Vec::<String>::new());
    assert_eq!(possible, ["libgomp1", "small in /models/small"]);
}

#[test]
fn uvs_own_python_is_a_part_as_exactly_as_the_spec_says_it() {
    for (spec, expected) in [
        ("python: { version: '3.12' }", &["pkg:generic/python@3.12"][..]),
        ("python: { version: '3.12.11' }", &["pkg:generic/python@3.12.11"]),
        ("python: { version: '3.12', interpreter: /usr/bin/python3 }", &[]),
        ("apt: [python3]", &[]),
    ] {
        let checked = checked(spec, &Build::default());
        let version = checked.python.as_ref().and_then(|python| python.version.as_ref());
        let facts = Facts {
            python_version: version.and_then(|version| PythonVersion::parse(version)),
            ..Facts::default()
        };
        let found = inventory(&checked, &facts).components;
        let found = found.iter().filter(|part| part.kind == Kind::Interpreter);
        assert_eq!(
            found.map(|part| part.purl.as_str()).collect::<Vec<_>>(),
            expected,
            "{spec}"
        );
    }
}
