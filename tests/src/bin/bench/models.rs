//! The models of a system, served by us and counted on their way.

use modelcrate_tests::{FileServer, Project, made_models};

use crate::meter::Meter;
use crate::system::System;
use crate::workplace::Workplace;

/// A server of models behind its meter.
pub struct Models {
    /// The build arg that leads there.
    pub arg: String,
    meter: Meter,
    _server: FileServer,
    _folder: Project,
}

impl Models {
    /// Makes and serves the models of a system, where it has some.
    pub fn of(place: &Workplace, system: &System) -> Option<Self> {
        let name = system.models?;
        let folder = system.example();
        let server = made_models(&place.engine, &folder).expect("a script that makes the models");
        let target = server.url().strip_prefix("http://").expect("an address");
        // The engine itself downloads them, on this machine's own network.
        let meter = Meter::before(target);
        Some(Self {
            arg: format!("{name}=http://{}", meter.address()),
            meter,
            _server: server,
            _folder: folder,
        })
    }

    /// Bytes that were downloaded so far.
    pub fn received(&self) -> u64 {
        self.meter.received()
    }
}
