//! One system, built by both sides.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Instant;

use modelcrate_tests::{Engine, Image, Output, Project, unique};

use crate::lines::lines;
use crate::measurement::{COLUMNS, Measurement, Moved};
use crate::models::{Models, TOKEN};
use crate::others;
use crate::registry::Layer;
use crate::scenario::{Cache, Scenario};
use crate::side::Side;
use crate::system::System;
use crate::versions::versions;
use crate::workplace::Workplace;

/// The name of the frontend's image.
const FRONTEND: &str = "modelcrate/frontend:1";

/// A system and what was measured of it.
#[derive(Debug)]
pub struct Comparison {
    /// The system.
    pub system: &'static System,
    /// When it was measured, and with which programs.
    pub versions: String,
    /// The part of the cores that other programs took before it began, from 0 to 1.
    pub others: f64,
    /// Base images that are stand-ins here.
    pub stand_ins: Vec<&'static str>,
    /// Compressed bytes of the frontend's image, which an empty engine pulls.
    pub frontend: u64,
    /// What modelcrate did.
    pub modelcrate: Results,
    /// What the Dockerfile did.
    pub dockerfile: Results,
}

/// What one side did.
#[derive(Debug)]
pub struct Results {
    /// Lines of the description.
    pub lines: usize,
    /// The image of the first build.
    pub image: ImageSize,
    /// The first build: an empty engine, an empty registry.
    pub first: Measurement,
    /// The builds after a change, in the same order on both sides.
    pub changes: Vec<(Cache, Scenario, Measurement)>,
}

/// How large an image is.
#[derive(Debug, Clone, Copy)]
pub struct ImageSize {
    /// Bytes in the registry.
    pub compressed: u64,
    /// Bytes of the layers' archives.
    pub unpacked: u64,
    /// How many layers it has.
    pub layers: usize,
}

impl Comparison {
    /// Measures a system; no `scenarios` are all that apply.
    pub fn of(place: &Workplace, system: &'static System, scenarios: &[Scenario]) -> Self {
        let wanted = |scenario: &Scenario| scenarios.is_empty() || scenarios.contains(scenario);
        let scenarios: Vec<Scenario> = system.scenarios().filter(wanted).collect();
        let run = unique("bench");
        let models = Models::of(place, system);
        let results = |side| {
            let bench = Bench {
                place,
                system,
                side,
                run: &run,
                models: models.as_ref(),
            };
            bench.results(&scenarios)
        };
        Self {
            system,
            versions: versions(&place.engine),
            others: others::busy(),
            stand_ins: system
                .bases
                .iter()
                .copied()
                .filter(|base| place.stands_in(base))
                .collect(),
            frontend: place.registry.size(FRONTEND),
            modelcrate: results(Side::Modelcrate),
            dockerfile: results(Side::Dockerfile),
        }
    }

    /// The builds of both sides: words, modelcrate's and the Dockerfile's.
    pub fn rows(&self, cache: Cache) -> impl Iterator<Item = (&'static str, &Measurement, &Measurement)> {
        let pairs = self.modelcrate.changes.iter().zip(&self.dockerfile.changes);
        let of_cache = move |(ours, _): &(&(Cache, Scenario, Measurement), _)| ours.0 == cache;
        pairs
            .filter(of_cache)
            .map(|(ours, theirs)| (ours.1.words(), &ours.2, &theirs.2))
    }

    /// Where modelcrate moves more than the Dockerfile, in words.
    pub fn worse(&self) -> Vec<String> {
        let first = [("first build", &self.modelcrate.first, &self.dockerfile.first)];
        let rows = Cache::ALL.into_iter().flat_map(|cache| self.rows(cache));
        let mut worse = Vec::new();
        for (words, ours, theirs) in first.into_iter().chain(rows) {
            for column in COLUMNS.into_iter().filter(|column| !column.is_part) {
                let (ours, theirs) = ((column.bytes)(ours), (column.bytes)(theirs));
                if column.is_worse(ours, theirs, self.frontend) {
                    let title = column.title;
                    worse.push(format!("{words}: {title} {ours} bytes, the Dockerfile {theirs}"));
                }
            }
        }
        worse
    }
}

/// One side of one system.
struct Bench<'a> {
    place: &'a Workplace,
    system: &'static System,
    side: Side,
    /// Names the images of this comparison.
    run: &'a str,
    models: Option<&'a Models>,
}

/// One build.
struct Order<'a> {
    engine: &'a Engine,
    scenario: Option<Scenario>,
    image: &'a str,
    from: Option<&'a str>,
    to: Option<&'a str>,
}

impl Bench<'_> {
    fn results(&self, scenarios: &[Scenario]) -> Results {
        let kept = self.place.empty_engine();
        let (image, cache) = (self.name("image", "first"), self.name("cache", "first"));
        let ci = self.name("ci", "first");
        let exports = self.system.caches.contains(&Cache::Registry);
        let mut order = Order {
            engine: &kept,
            scenario: None,
            image: &image,
            from: None,
            to: exports.then_some(&cache),
        };
        let mut first = self.build(&order);
        let layers = self.place.registry.layers(&image);
        first.new_to_node = self.place.registry.size(&image);
        // The builds of empty engines push to a repository of their own, or they would find what the others pushed.
        if exports {
            order.to = None;
            order.image = &ci;
            self.build(&order);
        }
        let mut changes = Vec::new();
        for cache in self.system.caches {
            changes.extend(
                scenarios
                    .iter()
                    .map(|scenario| (*cache, *scenario, self.change(&kept, *cache, *scenario, &layers))),
            );
        }
        // Its disk is wanted by the engine that tries the image.
        drop(kept);
        if self.side == Side::Dockerfile {
            self.does_the_job(&image);
        }
        let project = self.system.project(None);
        let description =
            std::fs::read_to_string(self.side.file(self.system, &project)).expect("a description");
        Results {
            lines: lines(&description),
            image: self.size(&image, &layers),
            first,
            changes,
        }
    }

    /// A build after a change.
    fn change(&self, kept: &Engine, cache: Cache, scenario: Scenario, old: &[Layer]) -> Measurement {
        let (from, to) = (self.name("cache", "first"), self.name("cache", scenario.word()));
        let mut measured;
        let image;
        match cache {
            Cache::Kept => {
                image = self.name("image", scenario.word());
                measured = self.build(&Order {
                    engine: kept,
                    scenario: Some(scenario),
                    image: &image,
                    from: None,
                    to: None,
                });
            }
            Cache::Registry => {
                image = self.name("ci", scenario.word());
                measured = self.build(&Order {
                    engine: &self.place.empty_engine(),
                    scenario: Some(scenario),
                    image: &image,
                    from: Some(&from),
                    to: Some(&to),
                });
            }
        }
        let old: BTreeSet<&str> = old.iter().map(|layer| layer.digest.as_str()).collect();
        let layers = self.place.registry.layers(&image);
        let new = layers.iter().filter(|layer| !old.contains(layer.digest.as_str()));
        measured.new_to_node = new.map(|layer| layer.size).sum();
        measured
    }

    /// `RUN/SYSTEM-SIDE-KIND:TAG`.
    fn name(&self, kind: &str, tag: &str) -> String {
        format!(
            "{}/{}-{}-{kind}:{tag}",
            self.run,
            self.system.name,
            self.side.word()
        )
    }

    fn build(&self, order: &Order<'_>) -> Measurement {
        let project = self.system.project(order.scenario);
        let mut command = self.command(order, &project);
        let words = order.scenario.map_or("first build", Scenario::words);
        eprintln!(
            "· {}, {}: {words} on {}",
            self.system.name,
            self.side.title(),
            order.engine.name()
        );
        let before = self.moved(order.engine);
        let started = Instant::now();
        let output = Output::of(&mut command);
        let seconds = started.elapsed().as_secs_f64();
        let moved = self.moved(order.engine) - before;
        output.ok();
        Measurement {
            seconds,
            moved,
            new_to_node: 0,
        }
    }

    /// What was moved so far.
    fn moved(&self, engine: &Engine) -> Moved {
        let mut moved = self.place.moved(engine);
        moved.downloaded += self.models.map_or(0, Models::received);
        moved
    }

    fn command(&self, order: &Order<'_>, project: &Project) -> Command {
        let counted = |name: &str| self.place.counted(name);
        // What is pushed is not kept, so that lazy layers stay where they are: on both sides.
        let output = format!("type=image,name={},push=true,store=false", counted(order.image));
        let mut command =
            order
                .engine
                .docker(&["buildx", "build", "--progress", "plain", "--output", &output]);
        command
            .args(["--secret", "id=hf_token,env=HF_TOKEN"])
            .env("HF_TOKEN", TOKEN);
        self.side.describe(&mut command, self.system, project);
        let own = self.system.args.iter().map(|arg| (*arg).to_owned());
        let models = self
            .models
            .into_iter()
            .flat_map(|models| models.args.iter().cloned());
        for arg in self.place.python.args.iter().cloned().chain(own).chain(models) {
            command.args(["--build-arg", &arg]);
        }
        if let Some(to) = order.to {
            command.args([
                "--cache-to",
                &format!("type=registry,ref={},mode=max", counted(to)),
            ]);
        }
        if let Some(from) = order.from {
            command.args(["--cache-from", &format!("type=registry,ref={}", counted(from))]);
        }
        if order.scenario == Some(Scenario::Base) {
            for base in self.system.bases {
                let new = self.place.renewed(base);
                command.args(["--build-context", &format!("{base}=docker-image://{new}")]);
            }
        }
        command.arg(project.path());
        command
    }

    /// The image must do what `expect.toml` says, however it was made.
    fn does_the_job(&self, image: &str) {
        let image = Image::named(
            &self.place.engine,
            &format!("{}/{image}", self.place.registry.address),
        );
        self.place.engine.ask(&["pull", "--quiet", &image.name]);
        self.system.expected().check_job(&image, &self.system.example());
    }

    fn size(&self, image: &str, layers: &[Layer]) -> ImageSize {
        let unpacked = layers
            .iter()
            .map(|layer| self.place.registry.unpacked(image, layer));
        ImageSize {
            compressed: layers.iter().map(|layer| layer.size).sum(),
            unpacked: unpacked.sum(),
            layers: layers.len(),
        }
    }
}
