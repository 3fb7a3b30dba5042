use super::{Platform, normalize};

/// The platform of a specifier, or what is wrong with it.
pub(super) fn parse(specifier: &str) -> Result<Platform, &'static str> {
    let parts: Vec<&str> = specifier.split('/').collect();
    match parts.as_slice() {
        [architecture] => parse_architecture(architecture),
        [os, architecture] => parse_pair(os, architecture),
        [os, architecture, variant] => parse_triple(os, architecture, variant),
        _ => Err("has more than three parts"),
    }
}

fn parse_architecture(name: &str) -> Result<Platform, &'static str> {
    let (os, _) = name.split_once('(').unwrap_or((name, ""));
    if KNOWN_OS.contains(&normalize::os(os).as_str()) {
        return Err("names no architecture");
    }
    let (architecture, variant) = without_arm_v7(normalize::architecture(component(name)?, ""));
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
    let (architecture, variant) = without_arm_v7(normalize::architecture(component(architecture)?, ""));
    Ok(Platform {
        architecture,
        variant,
        ..parse_os(os)?
    })
}

fn parse_triple(os: &str, architecture: &str, variant: &str) -> Result<Platform, &'static str> {
    let (architecture, mut variant) = normalize::architecture(component(architecture)?, component(variant)?);
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
        os: normalize::os(name),
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
