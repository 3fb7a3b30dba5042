//! The systems that are compared, and what changes in them.

use modelcrate_tests::{Context, Expected, Project};

use crate::scenario::{Cache, Scenario};

/// A system: a folder in `examples/` and one in `tests/baseline/`.
#[derive(Debug)]
pub struct System {
    /// Its name, which is that of the folder in `tests/baseline/`.
    pub name: &'static str,
    /// The name of the folder in `examples/`, where that is another.
    pub example: Option<&'static str>,
    /// The target of the spec that the Dockerfile makes; the spec itself when `None`.
    pub target: Option<&'static str>,
    /// What both sides are told of how to compile: what is compiled well is compiled for minutes.
    pub args: &'static [&'static str],
    /// An edit of application code, where the folder has some.
    pub code: Option<Edit>,
    /// Another version of one small Python package.
    pub python: Option<Edit>,
    /// Another version of one small crate.
    pub rust: Option<Edit>,
    /// Base images of which a patch release comes out.
    pub bases: &'static [&'static str],
    /// Where builds after a change find what was built before them.
    pub caches: &'static [Cache],
}

/// A change of one file.
#[derive(Debug)]
pub struct Edit {
    /// Its path in the context.
    pub file: &'static str,
    /// What changes.
    pub change: Change,
}

/// What changes in a file.
#[derive(Debug)]
pub enum Change {
    /// These lines come at the end.
    Append(&'static str),
    /// A `[[package]]` of a `uv.lock` or `Cargo.lock` gives way to this one of the same name.
    Package(&'static str),
    /// This text, which is there once, gives way to that.
    Text(&'static str, &'static str),
}

/// A release that every lock here may have in place of its own: packages that require it take 0.6 and later.
const ANNOTATED_TYPES: &str = include_str!("../../../baseline/annotated-types-0.7.0.lock");
/// The same of a crate that every macro needs.
const UNICODE_IDENT: &str = include_str!("../../../baseline/unicode-ident-1.0.22.lock");

/// What applications in Python have in common: nothing to compile, a lock of uv.
const PYTHON: System = System {
    name: "",
    example: None,
    target: None,
    args: &[],
    code: None,
    python: Some(Edit {
        file: "uv.lock",
        change: Change::Package(ANNOTATED_TYPES),
    }),
    rust: None,
    bases: &["python:3.11-slim"],
    caches: &Cache::ALL,
};

const fn edited_python(file: &'static str) -> Option<Edit> {
    let change = Change::Append("\nEDITED = True\n");
    Some(Edit { file, change })
}

const fn edited_rust(file: &'static str) -> Option<Edit> {
    let change = Change::Append("\n// Edited.\n");
    Some(Edit { file, change })
}

/// All of them.
pub const SYSTEMS: &[System] = &[
    System {
        name: "quickstart",
        code: edited_python("src/quickstart/app.py"),
        ..PYTHON
    },
    System {
        name: "safe-synthesizer",
        target: Some("runtime"),
        code: edited_python("src/safe_synthesizer/cli.py"),
        bases: &["nvidia/cuda:12.8.1-runtime-ubuntu22.04"],
        ..PYTHON
    },
    System {
        name: "nemotron-hf",
        target: Some("cpu"),
        code: edited_python("src/nemotron_hf/server.py"),
        ..PYTHON
    },
    System {
        name: "nemotron-hf-gpu",
        example: Some("nemotron-hf"),
        code: edited_python("src/nemotron_hf/server.py"),
        bases: &["nvidia/cuda:12.8.1-runtime-ubuntu22.04"],
        // A cache of it in a registry is larger than the disk of most machines.
        caches: &[Cache::Kept],
        ..PYTHON
    },
    System {
        name: "tabular",
        code: edited_python("src/tabular/app.py"),
        ..PYTHON
    },
    System {
        name: "model-cache",
        example: None,
        target: None,
        args: &["PROFILE=trial", "LTO=false"],
        code: edited_rust("model-cache/src/main.rs"),
        python: None,
        rust: Some(Edit {
            file: "Cargo.lock",
            change: Change::Package(UNICODE_IDENT),
        }),
        bases: &["debian:bookworm-slim"],
        caches: &Cache::ALL,
    },
    System {
        name: "nsn-director",
        example: None,
        target: None,
        args: &["PROFILE=trial", "LTO=false"],
        code: edited_rust("src/grpc.rs"),
        python: Some(Edit {
            file: "vortex/requirements.txt",
            change: Change::Text("pyyaml==6.0.3", "pyyaml==6.0.2"),
        }),
        rust: Some(Edit {
            file: "Cargo.lock",
            change: Change::Package(UNICODE_IDENT),
        }),
        bases: &["nvidia/cuda:12.1.0-runtime-ubuntu22.04"],
        caches: &Cache::ALL,
    },
    System {
        name: "nemotron",
        example: None,
        target: Some("cpu"),
        args: &[],
        code: None,
        python: None,
        rust: None,
        bases: &["debian:bookworm-slim"],
        caches: &Cache::ALL,
    },
];

/// Their names, for messages.
pub fn names() -> String {
    let names: Vec<String> = SYSTEMS
        .iter()
        .map(|system| format!("`{}`", system.name))
        .collect();
    names.join(", ")
}

impl System {
    /// The scenarios that apply.
    pub fn scenarios(&self) -> impl Iterator<Item = Scenario> {
        let applies = |scenario: &Scenario| match scenario {
            Scenario::Code => self.code.is_some(),
            Scenario::Python => self.python.is_some(),
            Scenario::Rust => self.rust.is_some(),
            Scenario::Base => !self.bases.is_empty(),
        };
        Scenario::ALL.into_iter().filter(applies)
    }

    /// The name of its folder in `examples/`.
    pub fn folder(&self) -> &'static str {
        self.example.unwrap_or(self.name)
    }

    /// Its folder in `examples/`.
    pub fn example(&self) -> Project {
        Project::example(self.folder())
    }

    /// What the image must be.
    pub fn expected(&self) -> Expected {
        let target = self.target.unwrap_or("default");
        let mut described = Expected::of(&self.example());
        described.remove(target).expect("the target is described")
    }

    /// The context as it is after a change.
    pub fn project(&self, scenario: Option<Scenario>) -> Project {
        let project = match self.expected().context {
            Context::Example => self.example(),
            Context::Repository => Project::repository(),
        };
        let edit = match scenario {
            Some(Scenario::Code) => self.code.as_ref(),
            Some(Scenario::Python) => self.python.as_ref(),
            Some(Scenario::Rust) => self.rust.as_ref(),
            Some(Scenario::Base) | None => None,
        };
        if let Some(edit) = edit {
            edit.make(&project);
        }
        project
    }
}

impl Edit {
    fn make(&self, project: &Project) {
        let old = project.read(self.file);
        let new = match self.change {
            Change::Append(lines) => old.clone() + lines,
            Change::Package(package) => with_package(&old, package),
            Change::Text(from, to) => old.replacen(from, to, 1),
        };
        assert_ne!(old, new, "{} does not change", self.file);
        project.write(self.file, &new);
    }
}

/// The lock with this package in place of the one of the same name.
fn with_package(lock: &str, package: &str) -> String {
    const HEAD: &str = "[[package]]\n";
    let package = package.strip_prefix(HEAD).expect("a package").trim_end();
    let name = package.lines().next().expect("the name of the package");
    let parts: Vec<&str> = lock.split(HEAD).collect();
    let of_name = |part: &&&str| part.lines().next() == Some(name);
    assert_eq!(parts.iter().filter(of_name).count(), 1, "the lock has one {name}");
    let parts: Vec<String> = parts
        .iter()
        .map(|part| {
            if of_name(&part) {
                format!("{package}\n\n")
            } else {
                (*part).to_owned()
            }
        })
        .collect();
    parts.join(HEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_of_a_lock_is_replaced_alone() {
        let lock = "version = 1\n\n[[package]]\nname = \"a\"\nversion = \"1\"\n\n[[package]]\nname = \"b\"\n";
        let new = with_package(lock, "[[package]]\nname = \"a\"\nversion = \"2\"\n");
        assert_eq!(new, lock.replace("version = \"1\"", "version = \"2\""));
    }

    #[test]
    fn every_change_of_every_system_changes_something() {
        for system in SYSTEMS {
            for scenario in system.scenarios() {
                system.project(Some(scenario));
            }
        }
    }
}
