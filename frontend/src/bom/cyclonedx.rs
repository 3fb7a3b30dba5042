//! CycloneDX 1.6 in JSON, with the models as `machine-learning-model` (CycloneDX/specification `schema/bom-1.6.schema.json`).

use std::collections::BTreeSet;

use modelcrate_fetcher::file::is_sha256;
use serde_json::{Value, json};

use super::{Component, Inventory, Kind, Model};

/// The element that stands for the image.
const IMAGE: &str = "image";

/// The bill of an image. The same image gives the same bytes.
pub fn cyclonedx(inventory: &Inventory) -> Value {
    let mut components: Vec<Value> = inventory.components.iter().map(component).collect();
    components.extend(inventory.models.iter().map(|found| model(found, "")));
    let mut needed = references(&components);
    let mut dependencies = Vec::new();
    for taken in &inventory.taken {
        let target = format!("target {}", taken.target);
        let mut parts: Vec<Value> = taken.components.iter().map(component).collect();
        let of = format!(" of the {target}");
        parts.extend(taken.models.iter().map(|found| model(found, &of)));
        needed.push(json!(target));
        dependencies.push(json!({ "ref": target, "dependsOn": references(&parts) }));
        components.push(json!({
            "bom-ref": target,
            "type": "container",
            "name": target,
            "description": taken.words(),
        }));
        components.extend(parts);
    }
    let mut seen = BTreeSet::new();
    components.retain(|found| seen.insert(found["bom-ref"].to_string()));
    dependencies.insert(0, json!({ "ref": IMAGE, "dependsOn": needed }));
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
        "dependencies": dependencies,
    })
}

fn references(components: &[Value]) -> Vec<Value> {
    components.iter().map(|found| found["bom-ref"].clone()).collect()
}

fn component(component: &Component) -> Value {
    let kind = match component.kind {
        Kind::Image => "container",
        Kind::Interpreter => "platform",
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

/// `of` is what tells it from those of the image itself.
fn model(model: &Model, of: &str) -> Value {
    let name = format!("model {}{of}", model.name);
    let mut found = json!({
        "bom-ref": name,
        "type": "machine-learning-model",
        "name": model.name,
        "components": model.files.iter().map(|file| {
            let path = format!("{}/{}", model.folder, file.path);
            json!({
                "bom-ref": format!("file {path}{of}"),
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
