//! Platform: a text such as `linux/arm64/v8` comes in, the platform of an op goes out, and the other way around, as
//! containerd does it.

mod normalize;
mod parse;

use std::fmt;
use std::str::FromStr;

use crate::pb;

/// Where an op runs or which variant of an image it takes; written as containerd writes it
/// (`github.com/containerd/platforms` v1.0.0-rc.4): `linux/amd64`, `linux/arm64/v8`, `windows(10.0.17763)/amd64`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    /// The operating system, in Go's names: `linux`.
    pub os: String,
    /// The architecture, in Go's names: `amd64`, `arm64`.
    pub architecture: String,
    /// The architecture's variant, `v7` of `arm` for one; empty for the usual one.
    pub variant: String,
    /// The version of the operating system, which Windows images have.
    pub os_version: String,
    /// Features that the operating system must have.
    pub os_features: Vec<String>,
}

/// A text that is no platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformError {
    /// The text.
    pub specifier: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Platform {
    /// Reads `OS/ARCH`, `OS/ARCH/VARIANT` or an architecture alone, which means Linux: builds run in Linux containers.
    ///
    /// Names are brought to Go's spelling as containerd does: `x86_64` is `amd64`, `linux/arm64` has no variant,
    /// `linux/arm64/v8` keeps its own. An operating system alone is refused, where containerd would take the
    /// architecture of the machine it runs on.
    ///
    /// # Errors
    /// A text of another form.
    pub fn parse(specifier: &str) -> Result<Self, PlatformError> {
        parse::parse(specifier).map_err(|reason| PlatformError {
            specifier: specifier.to_owned(),
            reason,
        })
    }

    /// The same platform in its one spelling: no `v8` on `arm64`, `v7` on a bare `arm`, features sorted.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        self.os = normalize::os(&self.os);
        (self.architecture, self.variant) = normalize::architecture(&self.architecture, &self.variant);
        self.os_features.sort();
        self.os_features.dedup();
        self
    }
}

impl FromStr for Platform {
    type Err = PlatformError;

    fn from_str(specifier: &str) -> Result<Self, PlatformError> {
        Self::parse(specifier)
    }
}

/// As containerd's `FormatAll`; a platform without an operating system is `unknown`.
impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.os.is_empty() {
            return f.write_str("unknown");
        }
        f.write_str(&self.os)?;
        let options = self.os_options();
        if !options.is_empty() {
            write!(f, "({options})")?;
        }
        let rest = [&self.architecture, &self.variant];
        rest.into_iter()
            .filter(|part| !part.is_empty())
            .try_for_each(|part| write!(f, "/{part}"))
    }
}

impl fmt::Display for PlatformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the platform `{}` {}", self.specifier, self.reason)
    }
}

impl std::error::Error for PlatformError {}

impl From<Platform> for pb::Platform {
    fn from(platform: Platform) -> Self {
        Self {
            architecture: platform.architecture,
            os: platform.os,
            variant: platform.variant,
            os_version: platform.os_version,
            os_features: platform.os_features,
        }
    }
}

impl From<pb::Platform> for Platform {
    fn from(platform: pb::Platform) -> Self {
        Self {
            os: platform.os,
            architecture: platform.architecture,
            variant: platform.variant,
            os_version: platform.os_version,
            os_features: platform.os_features,
        }
    }
}

impl Platform {
    fn os_options(&self) -> String {
        let mut features: Vec<&str> = self.os_features.iter().map(String::as_str).collect();
        features.sort_unstable();
        features.dedup();
        features.retain(|feature| !feature.is_empty());
        features
            .iter()
            .fold(encode_option(&self.os_version), |options, feature| {
                format!("{options}+{}", encode_option(feature))
            })
    }
}

/// The characters that the notation itself uses are written as `%` and two hex digits.
fn encode_option(text: &str) -> String {
    text.replace('%', "%25")
        .replace('+', "%2B")
        .replace('(', "%28")
        .replace(')', "%29")
        .replace('/', "%2F")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(specifier: &str) -> String {
        match Platform::parse(specifier) {
            Ok(platform) => platform.to_string(),
            Err(error) => format!("error: {error}"),
        }
    }

    fn normalized(specifier: &str) -> String {
        Platform::parse(specifier).unwrap().normalized().to_string()
    }

    #[test]
    fn a_specifier_is_read_as_containerd_reads_it() {
        assert_eq!(formatted("linux/amd64"), "linux/amd64");
        assert_eq!(formatted("Linux/X86_64"), "linux/amd64");
        assert_eq!(formatted("linux/amd64/v1"), "linux/amd64");
        assert_eq!(formatted("linux/amd64/v3"), "linux/amd64/v3");
        assert_eq!(formatted("linux/arm64"), "linux/arm64");
        assert_eq!(formatted("linux/arm64/v8"), "linux/arm64/v8");
        assert_eq!(formatted("linux/arm64/8"), "linux/arm64/v8");
        assert_eq!(formatted("linux/aarch64"), "linux/arm64");
        assert_eq!(formatted("linux/arm64/9"), "linux/arm64/v9");
        assert_eq!(formatted("linux/arm"), "linux/arm");
        assert_eq!(formatted("linux/arm/7"), "linux/arm/v7");
        assert_eq!(formatted("linux/armhf"), "linux/arm");
        assert_eq!(formatted("linux/armel"), "linux/arm/v6");
        assert_eq!(formatted("linux/i386"), "linux/386");
        assert_eq!(formatted("macos/arm64"), "darwin/arm64");
        assert_eq!(formatted("linux/riscv64"), "linux/riscv64");
        assert_eq!(formatted("linux/unheard-of"), "linux/unheard-of");
    }

    #[test]
    fn an_architecture_alone_is_on_linux() {
        assert_eq!(formatted("arm64"), "linux/arm64");
        assert_eq!(formatted("x86_64"), "linux/amd64");
        assert_eq!(formatted("armel"), "linux/arm/v6");
    }

    #[test]
    fn an_operating_system_may_have_a_version_and_features() {
        assert_eq!(
            formatted("windows(10.0.17763)/amd64"),
            "windows(10.0.17763)/amd64"
        );
        assert_eq!(
            formatted("windows(10.0.17763+win32k)/amd64"),
            "windows(10.0.17763+win32k)/amd64"
        );
        assert_eq!(formatted("linux(+b+a)/arm64"), "linux(+a+b)/arm64");
        assert_eq!(Platform::parse("linux(a%2Bb)/amd64").unwrap().os_version, "a+b");
        assert_eq!(formatted("linux(a%2Bb)/amd64"), "linux(a%2Bb)/amd64");
    }

    #[test]
    fn normalizing_leaves_one_spelling() {
        assert_eq!(normalized("linux/arm64/v8"), "linux/arm64");
        assert_eq!(normalized("linux/arm"), "linux/arm/v7");
        assert_eq!(normalized("linux/amd64/v2"), "linux/amd64/v2");
    }

    #[test]
    fn a_text_of_another_form_is_refused_with_the_reason() {
        insta::assert_snapshot!(
            [
                "",
                "linux",
                "windows(10.0)",
                "foo",
                "linux/",
                "linux/amd64/v1/x",
                "li nux/amd64",
                "linux(1/amd64",
                "linux(+)/amd64",
                "linux/*",
                "linux(%zz)/amd64"
            ]
            .map(formatted)
            .join("\n"),
        );
    }

    #[test]
    fn a_platform_survives_the_wire() {
        let platform = Platform::parse("windows(10.0+win32k)/amd64/v2").unwrap();
        assert_eq!(Platform::from(pb::Platform::from(platform.clone())), platform);
    }
}
