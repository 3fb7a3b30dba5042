//! CycloneDX 1.6 in JSON, with the models as `machine-learning-model` (CycloneDX/specification `schema/bom-1.6.schema.json`).

use modelcrate_fetcher::file::is_sha256;
use serde_json::{Value, json};

use super::{Component, Inventory, Kind, Model};

/// The element that stands for the image.
const IMAGE: &str = "image";

/// The bill of an image. The same image gives the same bytes.
pub fn cyclonedx(inventory: &Inventory) -> Value {
    let mut components: Vec<Value> = inventory.components.iter().map(component).collect();
    components.extend(inventory.models.iter().map(model));
    let needed: Vec<Value> = components.iter().map(|found| found["bom-ref"].clone()).collect();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": { "components": [{
                "type": "application",
                "name": "modelcrate",
                "version": env!("CARGO_PKG_VERSION"),
            }] },
            "component": {
                "bom-ref": IMAGE,
                "type": "container",
                "name": inventory.name,
                "description": format!("for {}", inventory.platform),
            },
        },
        "components": components,
        "dependencies": [{ "ref": IMAGE, "dependsOn": needed }],
    })
}

fn component(component: &Component) -> Value {
    let kind = match component.kind {
        Kind::Image => "container",
        Kind::Debian | Kind::Python | Kind::Crate | Kind::Source => "library",
    };
    let mut found = json!({
        "bom-ref": component.purl,
        "type": kind,
        "name": component.name,
        "purl": component.purl,
    });
    if let Some(version) = &component.version {
        found["version"] = json!(version);
    }
    let hashes: Vec<Value> = component
        .sha256
        .iter()
        .filter_map(|sha256| hash(sha256))
        .collect();
    if !hashes.is_empty() {
        found["hashes"] = json!(hashes);
    }
    found
}

fn model(model: &Model) -> Value {
    let name = format!("model {}", model.name);
    let mut found = json!({
        "bom-ref": name,
        "type": "machine-learning-model",
        "name": model.name,
        "components": model.files.iter().map(|file| {
            let path = format!("{}/{}", model.folder, file.path);
            json!({
                "bom-ref": format!("file {path}"),
                "type": "file",
                "name": path,
                "hashes": Vec::from_iter(hash(&file.sha256)),
            })
        }).collect::<Vec<_>>(),
    });
    if let Some(revision) = &model.revision {
        found["version"] = json!(revision);
    }
    if let Some(purl) = &model.purl {
        found["purl"] = json!(purl);
    }
    if let Some(license) = &model.card.license {
        found["licenses"] = json!([{ "license": { "name": license } }]);
    }
    if !model.card.base_models.is_empty() {
        let ancestor = |name: &String| json!({ "type": "machine-learning-model", "name": name });
        let ancestors: Vec<Value> = model.card.base_models.iter().map(ancestor).collect();
        found["pedigree"] = json!({ "ancestors": ancestors });
    }
    if let Some(address) = &model.address {
        found["externalReferences"] = json!([{ "type": "distribution", "url": address }]);
    }
    found
}

fn hash(sha256: &str) -> Option<Value> {
    is_sha256(sha256).then(|| json!({ "alg": "SHA-256", "content": sha256 }))
}
