//! The Python that packages are chosen for: its version and platform, as markers and wheel tags see it.

use std::str::FromStr;

use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder, MarkerTree};

/// A version of Python as the spec writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct PythonVersion {
    /// `3`.
    pub major: u32,
    /// `11`.
    pub minor: u32,
    /// `13`, when it is pinned.
    pub patch: Option<u32>,
    /// `rc1` of `3.15.0rc1`.
    pub pre: String,
}

/// The patch that stands for the newest one when it is open.
const NEWEST: u32 = 99;

/// What markers and wheel tags are compared with.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The version.
    pub version: PythonVersion,
    /// `x86_64`, `aarch64`, …, as Python calls the machine.
    pub machine: &'static str,
    /// For the oldest and the newest patch that the version stands for.
    markers: Vec<MarkerEnvironment>,
}

impl PythonVersion {
    /// `3.11`, `3.11.13` or `3.15.0rc1`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.trim().splitn(3, '.');
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        let rest = numbers.next();
        let (patch, pre) = rest.map_or(("", ""), split_digits);
        let patch = patch.parse().ok();
        let is_whole = rest.is_none() || patch.is_some();
        let is_plain = pre.chars().all(|c| c.is_ascii_alphanumeric());
        (is_whole && is_plain).then(|| Self {
            major,
            minor,
            patch,
            pre: pre.to_owned(),
        })
    }

    /// `3.11`.
    pub fn short(&self) -> String {
        format!("{}.{}", self.major, self.minor)
    }

    /// `3.11.13`, or `3.11` when the patch is open.
    pub fn full(&self) -> String {
        match self.patch {
            Some(patch) => format!("{}.{}.{patch}{}", self.major, self.minor, self.pre),
            None => self.short(),
        }
    }

    /// Whether `specifiers` (`>=3.11,<3.13`) take this version; where the patch is open, any patch. What cannot be
    /// read is left to uv.
    pub fn is_taken_by(&self, specifiers: &str) -> bool {
        let Ok(specifiers) = pep440_rs::VersionSpecifiers::from_str(specifiers) else {
            return true;
        };
        self.patches().any(|patch| {
            let text = format!("{}.{}.{patch}{}", self.major, self.minor, self.pre);
            pep440_rs::Version::from_str(&text).map_or(true, |version| specifiers.contains(&version))
        })
    }

    /// The patches that it may stand for.
    fn patches(&self) -> std::ops::RangeInclusive<u32> {
        self.patch.map_or(0..=NEWEST, |patch| patch..=patch)
    }

    /// Whether `other` is what this asks for: `3.11` takes every `3.11.x`.
    pub fn takes(&self, other: &Self) -> bool {
        (self.major, self.minor) == (other.major, other.minor)
            && (self.patch.is_none() || (self.patch, &self.pre) == (other.patch, &other.pre))
    }
}

impl Environment {
    /// CPython `version` on Linux, `architecture` as OCI names it.
    pub fn linux(version: PythonVersion, architecture: &str) -> Option<Self> {
        let machine = machine_of(architecture)?;
        let patches = version.patches();
        let markers = [*patches.start(), *patches.end()];
        Some(Self {
            markers: markers
                .iter()
                .filter_map(|patch| markers_of(&version, *patch, machine))
                .collect(),
            version,
            machine,
        })
    }

    /// Whether a package with this marker may be installed here. A marker that cannot be read is left to uv, and so
    /// is one that asks for a patch which is open.
    pub fn accepts(&self, marker: Option<&str>) -> bool {
        let Some(marker) = marker else { return true };
        match marker.parse::<MarkerTree>() {
            Ok(tree) => self.markers.iter().any(|markers| tree.evaluate(markers, &[])),
            Err(_) => true,
        }
    }
}

/// `13rc1` is `13` and `rc1`.
fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn markers_of(version: &PythonVersion, patch: u32, machine: &str) -> Option<MarkerEnvironment> {
    let full = format!("{}.{}.{patch}{}", version.major, version.minor, version.pre);
    let builder = MarkerEnvironmentBuilder {
        implementation_name: "cpython",
        implementation_version: &full,
        os_name: "posix",
        platform_machine: machine,
        platform_python_implementation: "CPython",
        platform_release: "",
        platform_system: "Linux",
        platform_version: "",
        python_full_version: &full,
        python_version: &version.short(),
        sys_platform: "linux",
    };
    MarkerEnvironment::try_from(builder).ok()
}

/// Python's `platform.machine()` for an OCI architecture.
pub fn machine_of(architecture: &str) -> Option<&'static str> {
    Some(match architecture {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        "386" => "i686",
        "arm" => "armv7l",
        "ppc64le" => "ppc64le",
        "s390x" => "s390x",
        "riscv64" => "riscv64",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        Environment::linux(PythonVersion::parse("3.11.13").unwrap(), "amd64").unwrap()
    }

    #[test]
    fn versions_are_read_and_compared() {
        let asked = PythonVersion::parse("3.11").unwrap();
        assert!(asked.takes(&PythonVersion::parse("3.11.2").unwrap()));
        assert!(!asked.takes(&PythonVersion::parse("3.12.2").unwrap()));
        assert!(
            !PythonVersion::parse("3.11.13")
                .unwrap()
                .takes(&PythonVersion::parse("3.11.2").unwrap())
        );
        assert_eq!(PythonVersion::parse("three"), None);
        assert!(asked.is_taken_by(">=3.11.4,<3.13"));
        assert!(asked.is_taken_by(">=3.11,<3.11.5"));
        assert!(!asked.is_taken_by(">=3.12"));
        assert!(!PythonVersion::parse("3.11.13").unwrap().is_taken_by("<3.11.5"));
    }

    #[test]
    fn a_version_before_its_release_is_kept_as_it_is() {
        assert_eq!(PythonVersion::parse("3.15.0rc1").unwrap().full(), "3.15.0rc1");
        assert_eq!(PythonVersion::parse("3.14t"), None);
        assert_eq!(PythonVersion::parse("3.14.t"), None);
    }

    #[test]
    fn an_open_patch_leaves_markers_of_patches_to_uv() {
        let open = Environment::linux(PythonVersion::parse("3.11").unwrap(), "amd64").unwrap();
        assert!(open.accepts(Some("python_full_version < '3.11.3'")));
        assert!(open.accepts(Some("python_full_version >= '3.11.3'")));
        assert!(!environment().accepts(Some("python_full_version < '3.11.3'")));
    }

    #[test]
    fn markers_of_other_systems_are_not_for_linux() {
        let environment = environment();
        assert!(environment.accepts(None));
        assert!(environment.accepts(Some("platform_machine == 'x86_64' and sys_platform == 'linux'")));
        assert!(!environment.accepts(Some("sys_platform == 'win32'")));
        assert!(!environment.accepts(Some("python_full_version >= '3.12'")));
    }
}
