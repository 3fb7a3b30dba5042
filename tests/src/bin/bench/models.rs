//! The models of a system, served by a hub of ours and counted on their way.

use modelcrate_tests::Project;
use modelcrate_tests::hub::Hub;

use crate::system::System;
use crate::workplace::Workplace;

/// A token that the hub knows. All models are open: a Dockerfile's `ADD` has no way through a gate.
pub const TOKEN: &str = "hf_ofTheBench";

/// A hub with the models of a system.
pub struct Models {
    /// The build arg that leads there.
    pub arg: String,
    hub: Hub,
    _folder: Project,
}

impl Models {
    /// Makes and serves the models of a system, where it has some.
    pub fn of(place: &Workplace, system: &System) -> Option<Self> {
        let folder = system.example();
        let hub = Hub::of_example(&place.engine, &folder)?;
        hub.know(TOKEN);
        Some(Self {
            arg: format!("HF_ENDPOINT={}", hub.url()),
            hub,
            _folder: folder,
        })
    }

    /// Bytes that engines downloaded so far; what steps downloaded is counted where they are.
    pub fn received(&self) -> u64 {
        self.hub.sent_to_machine()
    }
}
