//! What the template sees: texts that need no thought any more.

use serde::Serialize;

use super::super::environment::Variable;

/// All values are YAML already.
#[derive(Debug, Serialize)]
pub(super) struct View {
    pub(super) file: String,
    pub(super) app: String,
    pub(super) image: String,
    pub(super) notes: Vec<String>,
    pub(super) claims: Vec<Claim>,
    pub(super) workload: Workload,
    pub(super) user: Option<Ids>,
    pub(super) gpu: bool,
    pub(super) grace: u64,
    pub(super) init: Vec<Init>,
    pub(super) env: Vec<Variable>,
    pub(super) ports: Vec<ServedPort>,
    pub(super) probes: Vec<Probe>,
    pub(super) mounts: Vec<Mount>,
    pub(super) volumes: Vec<Volume>,
}

#[derive(Debug, Serialize)]
pub(super) struct Claim {
    pub(super) app: String,
    pub(super) name: String,
    pub(super) mode: &'static str,
    pub(super) size: &'static str,
    pub(super) why: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Workload {
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
    pub(super) serves: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Ids {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct Init {
    pub(super) comment: &'static str,
    pub(super) name: String,
    pub(super) image: String,
    pub(super) command: Option<String>,
    pub(super) args: Option<String>,
    pub(super) bucket: Option<String>,
    pub(super) env: Vec<Variable>,
    pub(super) mounts: Vec<Mount>,
}

#[derive(Debug, Serialize)]
pub(super) struct ServedPort {
    pub(super) name: String,
    pub(super) number: u16,
    pub(super) protocol: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Probe {
    pub(super) name: &'static str,
    pub(super) comment: &'static str,
    pub(super) test: String,
    pub(super) period: u64,
    pub(super) timeout: u64,
    pub(super) failures: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Mount {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) sub_path: Option<String>,
    pub(super) read_only: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Volume {
    pub(super) name: String,
    pub(super) source: String,
}
