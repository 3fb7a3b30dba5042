//! What only the lock can say about CUDA.
//!
//! In come a checked spec and the facts so far, the lock among them; out comes the same spec with its CUDA settled, and what
//! the lock and the spec say against each other. Like a check, this finds everything in one run, and it does no IO.

mod conflicts;
#[cfg(test)]
mod tests;
mod twice;
mod unused;
mod version;

use super::Facts;
use crate::check::{Checked, cuda_fits};
use crate::cuda::{Arch, Carried, Gpus, Library, carried, compiles, libraries, torch_gpus};
use crate::diagnostic::Diagnostic;
use crate::python::{Environment, split};
use crate::source::Spanned;

/// Settles CUDA, also of the targets that this one takes files from. The base of a spec with `cuda: auto` is known from here
/// on.
pub fn settle(checked: &Checked, facts: &Facts) -> (Checked, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let packages = Packages::of(facts);
    let mut checked = versioned(checked, &packages, &mut found);
    found.extend(twice::twice(&checked, &packages));
    found.extend(unused::unused(&checked, &packages));
    for (name, source) in &mut checked.sources {
        if let Some(facts) = facts.sources.get(name) {
            let (settled, of_source) = settle(source, facts);
            *source = settled;
            found.extend(of_source);
        }
    }
    found.sort_by_key(|finding| finding.span);
    found.dedup();
    found.retain(|finding| !checked.skipped.contains(&finding.code));
    (checked, found)
}

/// The spec with its version and its compute capabilities.
fn versioned(checked: &Checked, packages: &Packages, found: &mut Vec<Diagnostic>) -> Checked {
    let mut checked = checked.clone();
    let Some(cuda) = &checked.cuda else {
        return checked;
    };
    let version = match (cuda.version(), version::of_lock(cuda, packages)) {
        (Some(version), _) => version,
        (None, Ok(version)) => {
            found.extend(cuda_fits(cuda, version));
            version
        }
        (None, Err(finding)) => {
            found.push(*finding);
            return checked;
        }
    };
    found.extend(conflicts::conflicts(cuda, version, packages));
    let archs = packages.archs(version.release());
    checked = checked.with_cuda(version);
    if let Some(cuda) = checked.cuda.as_mut().filter(|cuda| cuda.archs.is_empty()) {
        cuda.archs = archs
            .into_iter()
            .map(|arch| Spanned::new(arch, cuda.span))
            .collect();
    }
    checked
}

/// What the lock installs, as far as CUDA goes.
#[derive(Debug, Default)]
struct Packages {
    /// Those that say which CUDA they are for.
    carried: Vec<Carried>,
    /// NVIDIA's libraries.
    libraries: Vec<Library>,
    /// PyTorch.
    torch: Option<Torch>,
    /// Packages that are built from their sources.
    built: Vec<String>,
    /// Whether they are for aarch64.
    aarch64: bool,
}

/// The PyTorch of a lock.
#[derive(Debug)]
struct Torch {
    /// `2.9.0+cu128`.
    version: String,
    /// The GPUs that it has code for, where that is known.
    gpus: Option<Gpus>,
}

impl Packages {
    fn of(facts: &Facts) -> Self {
        let environment = facts
            .python_version
            .clone()
            .and_then(|version| Environment::linux(version, &facts.target.1));
        let (Some(lock), Some(environment)) = (&facts.lock, environment) else {
            return Self::default();
        };
        let lock = &lock.lock;
        let carried = carried(lock, &environment);
        let aarch64 = environment.machine == "aarch64";
        let parts = split(lock, &environment).parts;
        let mut installed = lock.installed(&environment);
        let version = installed
            .find(|package| package.name == "torch")
            .and_then(|package| package.version.clone());
        Self {
            torch: version.map(|version| Torch {
                gpus: torch_release(&version)
                    .zip(torch_cuda(&carried))
                    .and_then(|(torch, cuda)| torch_gpus(torch, cuda, aarch64)),
                version,
            }),
            libraries: libraries(lock, &environment),
            built: parts
                .into_iter()
                .filter(|part| part.builds)
                .flat_map(|part| part.packages)
                .collect(),
            aarch64,
            carried,
        }
    }

    /// The compute capabilities that the lock's PyTorch and this toolkit have in common.
    fn archs(&self, release: (u32, u32)) -> Vec<Arch> {
        let gpus = self.torch.as_ref().and_then(|torch| torch.gpus);
        let archs = gpus.map_or(&[][..], |gpus| gpus.archs);
        let archs = archs.iter().map(|number| Arch::plain(*number));
        archs.filter(|arch| compiles(release, *arch).is_ok()).collect()
    }

    /// What the lock says of PyTorch's CUDA.
    fn of_torch(&self) -> Option<&Carried> {
        self.carried.iter().find(|package| package.name == "torch")
    }
}

/// `2.9` of `2.9.0+cu128`.
fn torch_release(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// The CUDA of PyTorch: its own tag, else (on PyPI it has none) that of the runtime which it pins.
fn torch_cuda(carried: &[Carried]) -> Option<(u32, u32)> {
    let of = |name: &str| carried.iter().find(|package| package.name.starts_with(name));
    of("torch")
        .filter(|package| package.name == "torch")
        .or_else(|| of("nvidia-cuda-runtime"))
        .and_then(Carried::release)
}

/// How to name a package: `` `torch 2.9.0+cu128` ``.
fn named(package: &Carried) -> String {
    format!("`{} {}`", package.name, package.version)
}
