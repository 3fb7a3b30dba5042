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
        let parts: Vec<&str> = specifier.split('/').collect();
        match parts.as_slice() {
            [architecture] => parse_architecture(architecture),
            [os, architecture] => parse_pair(os, architecture),
            [os, architecture, variant] => parse_triple(os, architecture, variant),
            _ => Err("has more than three parts"),
        }
        .map_err(|reason| PlatformError {
            specifier: specifier.to_owned(),
            reason,
        })
    }

    /// The same platform in its one spelling: no `v8` on `arm64`, `v7` on a bare `arm`, features sorted.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        self.os = normalize_os(&self.os);
        (self.architecture, self.variant) = normalize_architecture(&self.architecture, &self.variant);
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

fn parse_architecture(name: &str) -> Result<Platform, &'static str> {
    let (os, _) = name.split_once('(').unwrap_or((name, ""));
    if KNOWN_OS.contains(&normalize_os(os).as_str()) {
        return Err("names no architecture");
    }
    let (architecture, variant) = without_arm_v7(normalize_architecture(component(name)?, ""));
    if !KNOWN_ARCHITECTURES.contains(&architecture.as_str()) {
        return Err("is neither an operating system nor an architecture");
    }
    Ok(Platform {
        os: "linux".to_owned(),
        architecture,
        variant,
        ..Platform::default()
    })
}

fn parse_pair(os: &str, architecture: &str) -> Result<Platform, &'static str> {
    let (architecture, variant) = without_arm_v7(normalize_architecture(component(architecture)?, ""));
    Ok(Platform {
        architecture,
        variant,
        ..parse_os(os)?
    })
}

fn parse_triple(os: &str, architecture: &str, variant: &str) -> Result<Platform, &'static str> {
    let (architecture, mut variant) = normalize_architecture(component(architecture)?, component(variant)?);
    if architecture == "arm64" && variant.is_empty() {
        "v8".clone_into(&mut variant);
    }
    Ok(Platform {
        architecture,
        variant,
        ..parse_os(os)?
    })
}

/// `linux`, `windows(10.0.17763)`, `windows(10.0.17763+win32k)`.
fn parse_os(text: &str) -> Result<Platform, &'static str> {
    let (name, options) = match text.split_once('(') {
        Some((name, options)) => (
            name,
            options.strip_suffix(')').ok_or("has an unclosed parenthesis")?,
        ),
        None => (text, ""),
    };
    if name.is_empty()
        || !name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    {
        return Err("has an operating system with other characters than letters, digits, `_` and `-`");
    }
    let mut options = options.split('+').map(decode_option);
    let os_version = options.next().transpose()?.unwrap_or_default();
    let os_features = options.collect::<Result<Vec<_>, _>>()?;
    if os_features.iter().any(String::is_empty) {
        return Err("has an empty feature");
    }
    Ok(Platform {
        os: normalize_os(name),
        os_version,
        os_features,
        ..Platform::default()
    })
}

fn component(text: &str) -> Result<&str, &'static str> {
    let valid = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    valid
        .then_some(text)
        .ok_or("has a part with other characters than letters, digits, `_`, `.` and `-`")
}

/// The characters that the notation itself uses are written as `%` and two hex digits.
fn encode_option(text: &str) -> String {
    text.replace('%', "%25")
        .replace('+', "%2B")
        .replace('(', "%28")
        .replace(')', "%29")
        .replace('/', "%2F")
}

fn decode_option(text: &str) -> Result<String, &'static str> {
    const INVALID: &str = "has an invalid operating system version or feature";
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_.%-".contains(&byte))
    {
        return Err(INVALID);
    }
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (hex, rest) = part.split_at_checked(2).ok_or(INVALID)?;
        bytes.push(u8::from_str_radix(hex, 16).map_err(|_| INVALID)?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).map_err(|_| INVALID)
}

fn normalize_os(os: &str) -> String {
    match os.to_ascii_lowercase().as_str() {
        "" => "linux".to_owned(),
        "macos" => "darwin".to_owned(),
        os => os.to_owned(),
    }
}

/// containerd/platforms `database.go: normalizeArch`.
fn normalize_architecture(architecture: &str, variant: &str) -> (String, String) {
    let (architecture, variant) = (architecture.to_ascii_lowercase(), variant.to_ascii_lowercase());
    let (architecture, variant) = match (architecture.as_str(), variant.as_str()) {
        ("i386", _) => ("386", ""),
        ("x86_64" | "x86-64" | "amd64", "v1") => ("amd64", ""),
        ("x86_64" | "x86-64", variant) => ("amd64", variant),
        ("aarch64" | "arm64", "8" | "v8" | "v8.0") => ("arm64", ""),
        ("aarch64" | "arm64", "9" | "9.0" | "v9.0") => ("arm64", "v9"),
        ("aarch64", variant) => ("arm64", variant),
        ("armhf", _) | ("arm", "" | "7") => ("arm", "v7"),
        ("armel", _) | ("arm", "6") => ("arm", "v6"),
        ("arm", "5") => ("arm", "v5"),
        ("arm", "8") => ("arm", "v8"),
        other => other,
    };
    (architecture.to_owned(), variant.to_owned())
}

/// A bare `arm` means `v7`, which a specifier without a variant leaves out (containerd/platforms `platforms.go: Parse`).
fn without_arm_v7((architecture, variant): (String, String)) -> (String, String) {
    let usual = architecture == "arm" && variant == "v7";
    (architecture, if usual { String::new() } else { variant })
}

/// containerd/platforms `database.go: isKnownOS`.
const KNOWN_OS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
];

/// containerd/platforms `database.go: isKnownArch`.
const KNOWN_ARCHITECTURES: &[&str] = &[
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "ppc64",
    "ppc64le",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

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
