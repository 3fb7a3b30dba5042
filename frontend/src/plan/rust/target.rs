//! What a program is compiled for, and whether that needs another machine.

use super::super::{Facts, On};
use super::system::{System, system};
use crate::check::{Checked, Rust, RustTarget};
use crate::source::Spanned;

/// What a program is compiled for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// `aarch64-unknown-linux-gnu`.
    pub triple: String,
    /// The triple of the machine that compiles.
    pub host: String,
    /// Where it is compiled.
    pub platform: On,
    /// Debian's name of a compiler for another machine, `aarch64-linux-gnu`, and the packages that hold it.
    pub cross: Option<Cross>,
}

/// A compiler for another machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cross {
    /// `aarch64-linux-gnu`: its programs start with it.
    pub prefix: &'static str,
    /// Debian's name of the machine.
    pub debian: &'static str,
}

/// A machine by all its names.
struct Machine {
    /// As OCI names it: architecture and variant.
    oci: (&'static str, &'static str),
    /// As Rust does.
    rust: &'static str,
    /// What follows `gnu` and `musl` in its triples.
    abi: &'static str,
    cross: Cross,
}

/// Machines that Rust has a standard library for (its platform support, tiers 1 and 2) and Debian a cross compiler.
const MACHINES: [Machine; 7] = [
    machine(("amd64", ""), "x86_64", "", "x86_64-linux-gnu", "amd64"),
    machine(("arm64", ""), "aarch64", "", "aarch64-linux-gnu", "arm64"),
    machine(("arm", "v7"), "armv7", "eabihf", "arm-linux-gnueabihf", "armhf"),
    machine(("386", ""), "i686", "", "i686-linux-gnu", "i386"),
    machine(("riscv64", ""), "riscv64gc", "", "riscv64-linux-gnu", "riscv64"),
    machine(
        ("ppc64le", ""),
        "powerpc64le",
        "",
        "powerpc64le-linux-gnu",
        "ppc64el",
    ),
    machine(("s390x", ""), "s390x", "", "s390x-linux-gnu", "s390x"),
];

const fn machine(
    oci: (&'static str, &'static str),
    rust: &'static str,
    abi: &'static str,
    prefix: &'static str,
    debian: &'static str,
) -> Machine {
    Machine {
        oci,
        rust,
        abi,
        cross: Cross { prefix, debian },
    }
}

impl Target {
    /// Whether programs are static.
    pub fn is_musl(&self) -> bool {
        self.triple.contains("-musl")
    }
}

impl Cross {
    /// Packages that hold the compiler, with C++ where the user has it.
    pub fn packages(&self, cxx: bool) -> Vec<String> {
        // `_` is no letter of a package's name.
        let suffix = self.prefix.replace('_', "-");
        let mut packages = vec![
            format!("gcc-{suffix}"),
            format!("libc6-dev-{}-cross", self.debian),
        ];
        if cxx {
            packages.push(format!("g++-{suffix}"));
        }
        packages
    }
}

/// What an entry is compiled for.
pub(super) fn target(rust: &Rust, checked: &Checked, facts: &Facts) -> Target {
    let (_, architecture, variant) = &facts.target;
    let wanted = find(architecture, variant);
    let builder = find(&facts.build_architecture, "");
    let base = checked.base.image.as_ref().map(|base| base.value.as_str());
    let is_static = system(base) == System::Static;
    let triple = match rust.target.as_ref().map(|target| &target.value) {
        Some(RustTarget::Triple(triple)) => triple.clone(),
        Some(RustTarget::Musl) => triple(wanted, "musl"),
        Some(RustTarget::Gnu) => triple(wanted, "gnu"),
        None if is_static => triple(wanted, "musl"),
        None => triple(wanted, "gnu"),
    };
    if facts.native || !needs_emulation(rust).is_empty() {
        let machine = if facts.native { builder } else { wanted };
        return Target {
            triple,
            host: self::triple(machine, "gnu"),
            platform: if facts.native { On::Build } else { On::Target },
            cross: None,
        };
    }
    Target {
        triple,
        host: self::triple(builder, "gnu"),
        platform: On::Build,
        cross: wanted.map(|machine| machine.cross.clone()),
    }
}

fn find(architecture: &str, variant: &str) -> Option<&'static Machine> {
    MACHINES.iter().find(|machine| {
        machine.oci.0 == architecture
            && (machine.oci.1.is_empty() || variant.is_empty() || machine.oci.1 == variant)
    })
}

fn triple(machine: Option<&Machine>, libc: &str) -> String {
    let (name, abi) = machine.map_or(("x86_64", ""), |machine| (machine.rust, machine.abi));
    format!("{name}-unknown-linux-{libc}{abi}")
}

/// Packages for which an image of another platform is compiled on an emulated machine; none where it need not be.
pub fn emulated_for<'a>(rust: &'a Rust, facts: &Facts) -> Vec<&'a Spanned<String>> {
    match facts.native {
        true => Vec::new(),
        false => needs_emulation(rust),
    }
}

/// Libraries must be those of the target; a compiler's own are the compiler's.
fn needs_emulation(rust: &Rust) -> Vec<&Spanned<String>> {
    let libraries = rust.apt.iter().filter(|package| {
        let name = package.value.as_str();
        name.starts_with("lib") && !name.starts_with("libclang") && !name.starts_with("libllvm")
    });
    libraries.collect()
}
