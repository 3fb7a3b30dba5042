//! The Python that packages are chosen for: its version and platform, as markers and wheel tags see it.

use std::str::FromStr;

use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder, MarkerTree};

/// A version of Python as the spec writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PythonVersion {
    /// `3`.
    pub major: u32,
    /// `11`.
    pub minor: u32,
    /// `13`, when it is pinned.
    pub patch: Option<u32>,
}

/// What markers and wheel tags are compared with.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The version.
    pub version: PythonVersion,
    /// `x86_64`, `aarch64`, …, as Python calls the machine.
    pub machine: &'static str,
    markers: MarkerEnvironment,
}

impl PythonVersion {
    /// `3.11` or `3.11.13`; anything after the third number (`3.14.0rc1`) is left to uv.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.trim().split('.');
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        let patch = numbers.next().map(|patch| {
            patch
                .chars()
                .take_while(char::is_ascii_digit)
                .collect::<String>()
                .parse()
                .unwrap_or_default()
        });
        (numbers.next().is_none()).then_some(Self { major, minor, patch })
    }

    /// `3.11`.
    pub fn short(&self) -> String {
        format!("{}.{}", self.major, self.minor)
    }

    /// `3.11.13`, or `3.11` when the patch is open.
    pub fn full(&self) -> String {
        match self.patch {
            Some(patch) => format!("{}.{}.{patch}", self.major, self.minor),
            None => self.short(),
        }
    }

    /// Whether `specifiers` (`>=3.11,<3.13`) take this version; an open patch is taken as the newest. What cannot be
    /// read is left to uv.
    pub fn is_taken_by(&self, specifiers: &str) -> bool {
        let text = format!("{}.{}.{}", self.major, self.minor, self.patch.unwrap_or(99));
        match (
            pep440_rs::VersionSpecifiers::from_str(specifiers),
            pep440_rs::Version::from_str(&text),
        ) {
            (Ok(specifiers), Ok(version)) => specifiers.contains(&version),
            _ => true,
        }
    }

    /// Whether `other` is what this asks for: `3.11` takes every `3.11.x`.
    pub fn takes(&self, other: &Self) -> bool {
        (self.major, self.minor) == (other.major, other.minor)
            && (self.patch.is_none() || self.patch == other.patch)
    }
}

impl Environment {
    /// CPython `version` on Linux, `architecture` as OCI names it.
    pub fn linux(version: PythonVersion, architecture: &str) -> Option<Self> {
        let machine = machine(architecture)?;
        let full = format!(
            "{}.{}.{}",
            version.major,
            version.minor,
            version.patch.unwrap_or_default()
        );
        let short = version.short();
        let markers = MarkerEnvironment::try_from(MarkerEnvironmentBuilder {
            implementation_name: "cpython",
            implementation_version: &full,
            os_name: "posix",
            platform_machine: machine,
            platform_python_implementation: "CPython",
            platform_release: "",
            platform_system: "Linux",
            platform_version: "",
            python_full_version: &full,
            python_version: &short,
            sys_platform: "linux",
        })
        .ok()?;
        Some(Self {
            version,
            machine,
            markers,
        })
    }

    /// Whether a package with this marker is installed here. A marker that cannot be read is left to uv.
    pub fn accepts(&self, marker: Option<&str>) -> bool {
        let Some(marker) = marker else { return true };
        match marker.parse::<MarkerTree>() {
            Ok(tree) => tree.evaluate(&self.markers, &[]),
            Err(_) => true,
        }
    }
}

/// Python's `platform.machine()` for an OCI architecture.
fn machine(architecture: &str) -> Option<&'static str> {
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
        assert!(!asked.is_taken_by(">=3.12"));
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
