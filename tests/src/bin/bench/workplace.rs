//! What all comparisons share: the registry behind its meters, a Python for machines that cannot reach uv's own, and an
//! engine to try images on.

use std::cell::RefCell;
use std::collections::BTreeMap;

use modelcrate_tests::{Engine, PythonServer};

use crate::base;
use crate::measurement::Moved;
use crate::meter::{Meter, downloaded};
use crate::registry::Registry;

/// What all comparisons share.
pub struct Workplace {
    /// The engine on which images are tried and bases are made. Nothing is measured on it.
    pub engine: Engine,
    /// The registry itself, unmeasured.
    pub registry: Registry,
    /// Build args that lead to a Python.
    pub python: PythonServer,
    /// Images and caches go through here.
    images: Meter,
    /// Base images come through here.
    mirror: Meter,
    bases: RefCell<BTreeMap<String, String>>,
}

impl Workplace {
    /// Takes the engine of `./dev`.
    pub fn open() -> Self {
        let engine = Engine::main();
        let address = engine.registry().to_owned();
        Self {
            images: Meter::before(&address),
            mirror: Meter::before(&address),
            python: PythonServer::new(&engine),
            registry: Registry { address },
            bases: RefCell::default(),
            engine,
        }
    }

    /// An empty engine, whose base images are counted.
    pub fn empty_engine(&self) -> Engine {
        Engine::fresh_with(&["--mirror", &self.mirror.address()])
    }

    /// A name in the registry, counted on its way.
    pub fn counted(&self, name: &str) -> String {
        format!("{}/{name}", self.images.address())
    }

    /// What was moved so far, by whomever; steps are those of `engine`.
    pub fn moved(&self, engine: &Engine) -> Moved {
        let bases = self.mirror.received();
        Moved {
            pushed: self.images.sent(),
            pulled: self.images.received() + bases,
            bases,
            downloaded: downloaded(engine),
        }
    }

    /// A patch release of a base image.
    pub fn renewed(&self, base: &str) -> String {
        let mut bases = self.bases.borrow_mut();
        bases
            .entry(base.to_owned())
            .or_insert_with(|| base::renewed(&self.engine, base))
            .clone()
    }

    /// Whether a base image is a stand-in: then our own registry has it.
    pub fn stands_in(&self, base: &str) -> bool {
        let name = if base.contains('/') {
            base.to_owned()
        } else {
            format!("library/{base}")
        };
        self.registry.has(&name)
    }
}
