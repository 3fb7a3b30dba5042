//! What is said of an image besides its config: its bill of materials, as attestations beside it in the index.

use buildkit_llb::{Action, File, Meta, Mkfile, Output};
use serde_json::Value;

use super::image::solve;
use super::{Build, Failure};
use crate::bom::{cyclonedx, inventory, spdx};
use crate::check::Checked;
use crate::gateway::{Attestation, capability};
use crate::lower::TIMESTAMP;
use crate::plan::Facts;

/// What buildx shows as `.SBOM` (in-toto/attestation `spec/predicates/spdx.md`).
const SPDX: &str = "https://spdx.dev/Document";
/// The same with its version. BuildKit runs no scanner of the user's where the plain one is there already (buildkit
/// `frontend/attestations/sbom/sbom.go`, `HasSBOM`).
const SPDX_BESIDE: &str = "https://spdx.dev/Document/v2.3";
/// CycloneDX's own (in-toto/attestation `spec/predicates/cyclonedx.md`).
const CYCLONEDX: &str = "https://cyclonedx.org/bom";
/// The type of attestation whose scanner must not be kept from running.
const SBOM: &str = "sbom";

/// The attestations of an image; none where the user switched attestations off, or the engine knows none.
pub(super) async fn attestations(
    build: &Build,
    checked: &Checked,
    facts: &Facts,
) -> Result<Vec<Attestation>, Failure> {
    let asked = &build.options.attestations;
    let capabilities = build.gateway.capabilities();
    if asked.is_empty() || !capabilities.gateway_has(capability::ATTESTATIONS) {
        return Ok(Vec::new());
    }
    let inventory = inventory(checked, facts);
    let spdx_type = if asked.contains_key(SBOM) {
        SPDX_BESIDE
    } else {
        SPDX
    };
    let documents = [
        (spdx_type, "modelcrate.spdx.json", spdx(&inventory)),
        (CYCLONEDX, "modelcrate.cdx.json", cyclonedx(&inventory)),
    ];
    let files = documents.iter().map(|(_, name, document)| file(name, document));
    let filesystem = solve(build, Some(&written(files.collect()))).await?;
    let attestation = |(predicate_type, name, _): &(&str, &str, Value)| Attestation {
        predicate_type: (*predicate_type).to_owned(),
        filesystem: filesystem.clone(),
        path: format!("/{name}"),
    };
    Ok(documents.iter().map(attestation).collect())
}

fn file(name: &str, document: &Value) -> Action {
    Action::Mkfile(Mkfile {
        path: format!("/{name}"),
        mode: 0o644,
        data: document.to_string().into_bytes(),
        owner: None,
        timestamp: TIMESTAMP,
    })
}

fn written(actions: Vec<Action>) -> Output {
    let meta = Meta {
        name: Some("[internal] list the parts of the image".into()),
        ..Meta::default()
    };
    File { base: None, actions }.output(meta)
}
