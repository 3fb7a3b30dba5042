//! SPDX 2.3 in JSON (spdx/spdx-spec `chapters/`, `schemas/spdx-schema.json`).

use std::collections::BTreeSet;

use base16ct::lower::encode_string;
use modelcrate_fetcher::file::is_sha256;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Component, Inventory, Kind, Model, Taken};
use crate::plan::rfc3339;

/// The element that stands for the image.
const IMAGE: &str = "SPDXRef-image";
/// What is said of what is not known (section 7.7).
const UNKNOWN: &str = "NOASSERTION";

/// The document of an image. The same image gives the same bytes.
pub fn spdx(inventory: &Inventory) -> Value {
    let mut packages = vec![image(inventory)];
    let mut relationships = vec![relationship("SPDXRef-DOCUMENT", "DESCRIBES", IMAGE)];
    add_components(&inventory.components, IMAGE, &mut packages, &mut relationships);
    for found in &inventory.models {
        add_model(found, IMAGE, &mut packages, &mut relationships);
    }
    for taken in &inventory.taken {
        add_taken(taken, &mut packages, &mut relationships);
    }
    let mut seen = BTreeSet::new();
    packages.retain(|package| seen.insert(package["SPDXID"].to_string()));
    let content = json!([inventory.name, inventory.platform, packages]).to_string();
    let digest = encode_string(&Sha256::digest(content));
    json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": inventory.name,
        // A name that no other document has; nothing is there (section 6.5).
        "documentNamespace": format!("https://modelcrate.invalid/spdx/{digest}"),
        "creationInfo": {
            "created": rfc3339(inventory.epoch),
            "creators": [format!("Tool: modelcrate-{}", env!("CARGO_PKG_VERSION"))],
        },
        "packages": packages,
        "relationships": relationships,
    })
}

fn image(inventory: &Inventory) -> Value {
    json!({
        "SPDXID": IMAGE,
        "name": inventory.name,
        "primaryPackagePurpose": "CONTAINER",
        "downloadLocation": UNKNOWN,
        "filesAnalyzed": false,
        "comment": format!("for {}", inventory.platform),
    })
}

fn component(component: &Component) -> Value {
    let purpose = match component.kind {
        Kind::Image => "CONTAINER",
        Kind::Interpreter => "APPLICATION",
        Kind::Source => "SOURCE",
        Kind::Debian | Kind::Python | Kind::Crate => "LIBRARY",
    };
    let mut package = json!({
        "SPDXID": id(&component.purl),
        "name": component.name,
        "primaryPackagePurpose": purpose,
        "downloadLocation": UNKNOWN,
        "filesAnalyzed": false,
        "externalRefs": [reference(&component.purl)],
    });
    if let Some(version) = &component.version {
        package["versionInfo"] = json!(version);
    }
    let checksums: Vec<Value> = component
        .sha256
        .iter()
        .filter_map(|sha256| checksum(sha256))
        .collect();
    if !checksums.is_empty() {
        package["checksums"] = json!(checksums);
    }
    package
}

fn add_components(
    components: &[Component],
    of: &str,
    packages: &mut Vec<Value>,
    relationships: &mut Vec<Value>,
) {
    packages.extend(components.iter().map(component));
    for found in components {
        let kind = match found.kind {
            Kind::Image => "DEPENDS_ON",
            _ => "CONTAINS",
        };
        relationships.push(relationship(of, kind, &id(&found.purl)));
    }
}

/// A target that files were taken of: it has its parts for certain, the image may have them.
fn add_taken(taken: &Taken, packages: &mut Vec<Value>, relationships: &mut Vec<Value>) {
    let of_target = id(&format!("target {}", taken.target));
    packages.push(json!({
        "SPDXID": of_target,
        "name": format!("target {}", taken.target),
        "primaryPackagePurpose": "CONTAINER",
        "downloadLocation": UNKNOWN,
        "filesAnalyzed": false,
    }));
    let mut some = relationship(IMAGE, "OTHER", &of_target);
    some["comment"] = json!(taken.words());
    relationships.push(some);
    add_components(&taken.components, &of_target, packages, relationships);
    for found in &taken.models {
        add_model(found, &of_target, packages, relationships);
    }
}

/// A model and its files. A file of SPDX must have a SHA-1, which is not known, so they are packages too.
fn add_model(model: &Model, of: &str, packages: &mut Vec<Value>, relationships: &mut Vec<Value>) {
    let of_model = id(&format!("model {} {of}", model.name));
    let mut package = json!({
        "SPDXID": of_model,
        "name": model.name,
        "primaryPackagePurpose": "OTHER",
        "downloadLocation": model.address.as_deref().unwrap_or(UNKNOWN),
        "filesAnalyzed": false,
    });
    if let Some(revision) = &model.revision {
        package["versionInfo"] = json!(revision);
    }
    // Such words are not always those of SPDX, which `licenseDeclared` needs.
    if let Some(license) = &model.card.license {
        package["licenseComments"] = json!(license);
    }
    if !model.card.base_models.is_empty() {
        package["comment"] = json!(format!("made of {}", model.card.base_models.join(", ")));
    }
    if let Some(purl) = &model.purl {
        package["externalRefs"] = json!([reference(purl)]);
    }
    packages.push(package);
    relationships.push(relationship(of, "CONTAINS", &of_model));
    for file in &model.files {
        let path = format!("{}/{}", model.folder, file.path);
        let of_file = id(&format!("{path} {of}"));
        packages.push(json!({
            "SPDXID": of_file,
            "name": path,
            "packageFileName": path,
            "primaryPackagePurpose": "FILE",
            "downloadLocation": UNKNOWN,
            "filesAnalyzed": false,
            "checksums": Vec::from_iter(checksum(&file.sha256)),
        }));
        relationships.push(relationship(&of_model, "CONTAINS", &of_file));
    }
}

fn reference(purl: &str) -> Value {
    json!({
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": purl,
    })
}

fn checksum(sha256: &str) -> Option<Value> {
    is_sha256(sha256).then(|| json!({ "algorithm": "SHA256", "checksumValue": sha256 }))
}

fn relationship(of: &str, kind: &str, to: &str) -> Value {
    json!({ "spdxElementId": of, "relationshipType": kind, "relatedSpdxElement": to })
}

/// An id of letters, digits, dots and dashes (section 7.2) that only this text has.
fn id(text: &str) -> String {
    format!("SPDXRef-{}", &encode_string(&Sha256::digest(text))[..32])
}
