use modelcrate_fetcher::card::Card;
use modelcrate_fetcher::file::File;

use super::*;

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
