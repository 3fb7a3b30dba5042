//! The models of a system, served by a hub of ours and counted on their way.

use modelcrate_tests::Project;
use modelcrate_tests::hub::{Access, Hub};
use modelcrate_tests::nemotron::Nemotron;

use crate::system::System;
use crate::workplace::Workplace;

/// A token that the hub knows. All models are open: a Dockerfile's `ADD` has no way through a gate.
pub const TOKEN: &str = "hf_ofTheBench";

/// The models of a system, where they are served.
pub struct Models {
    /// Build args that lead there.
    pub args: Vec<String>,
    served: Served,
    _folder: Project,
}

/// Who serves them.
enum Served {
    /// A hub with what the example's own script makes.
    Made(Hub),
    /// A hub, and the sources that the example compiles.
    Nemotron(Nemotron),
}

impl Models {
    /// Makes and serves the models of a system, where it has some.
    pub fn of(place: &Workplace, system: &System) -> Option<Self> {
        let folder = system.example();
        let (served, args) = match system.name {
            "nemotron" => {
                let served = Nemotron::serve(&place.engine, &folder, Access::Open);
                let mut args = served.args();
                args.push(format!("MODEL_SHA256={}", served.sha256));
                (Served::Nemotron(served), args)
            }
            _ => {
                let hub = Hub::of_example(&place.engine, &folder)?;
                let endpoint = format!("HF_ENDPOINT={}", hub.url());
                (Served::Made(hub), vec![endpoint])
            }
        };
        let models = Self {
            args,
            served,
            _folder: folder,
        };
        models.hub().know(TOKEN);
        Some(models)
    }

    fn hub(&self) -> &Hub {
        match &self.served {
            Served::Made(hub) => hub,
            Served::Nemotron(served) => &served.hub,
        }
    }

    /// Bytes that engines downloaded so far; what steps downloaded is counted where they are.
    pub fn received(&self) -> u64 {
        self.hub().sent_to_machine()
    }
}
