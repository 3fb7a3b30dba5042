//! Wheel file names: which of them this Python can install.
//!
//! Rules of PEP 425, 427, 600 and 656. The version of glibc is uv's to check: a wheel that is too new fails there
//! with uv's own words.

use super::Environment;

/// Whether the wheel of this file name can be installed in `environment`.
pub fn fits(filename: &str, environment: &Environment) -> bool {
    let Some(stem) = filename.strip_suffix(".whl") else {
        return false;
    };
    let mut tags = stem.rsplit('-');
    let (Some(platform), Some(abi), Some(python)) = (tags.next(), tags.next(), tags.next()) else {
        return false;
    };
    platform.split('.').any(|tag| platform_fits(tag, environment))
        && python
            .split('.')
            .any(|python| abi.split('.').any(|abi| python_fits(python, abi, environment)))
}

fn platform_fits(tag: &str, environment: &Environment) -> bool {
    tag == "any"
        || ((tag.starts_with("manylinux") || tag.starts_with("linux_"))
            && tag
                .strip_suffix(environment.machine)
                .is_some_and(|rest| rest.ends_with('_')))
}

fn python_fits(python: &str, abi: &str, environment: &Environment) -> bool {
    let version = &environment.version;
    let exact = format!("{}{}", version.major, version.minor);
    let Some((language, number)) = python.get(..2).zip(python.get(2..)) else {
        return false;
    };
    match (language, abi) {
        ("py", "none") => number == version.major.to_string() || older_or_same(number, environment),
        ("cp", "none") => number == exact || number == version.major.to_string(),
        ("cp", "abi3") => older_or_same(number, environment),
        ("cp", abi) => number == exact && abi == format!("cp{exact}"),
        _ => false,
    }
}

fn older_or_same(number: &str, environment: &Environment) -> bool {
    let minor = number
        .strip_prefix(&environment.version.major.to_string())
        .and_then(|minor| minor.parse().ok());
    minor.is_some_and(|minor: u32| minor <= environment.version.minor)
}

#[cfg(test)]
mod tests {
    use super::super::PythonVersion;
    use super::*;

    fn on(filename: &str, architecture: &str) -> bool {
        fits(
            filename,
            &Environment::linux(PythonVersion::parse("3.11").unwrap(), architecture).unwrap(),
        )
    }

    #[test]
    fn pure_and_stable_wheels_fit_everywhere_they_say() {
        assert!(on("a-1-py3-none-any.whl", "arm64"));
        assert!(on("a-1-py2.py3-none-any.whl", "amd64"));
        assert!(on(
            "a-1-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "amd64"
        ));
        assert!(!on("a-1-cp312-abi3-manylinux_2_17_x86_64.whl", "amd64"));
        assert!(!on("a-1-py2-none-any.whl", "amd64"));
    }

    #[test]
    fn binary_wheels_are_for_their_own_python_and_machine() {
        assert!(on(
            "torch-2.9.0+cu128-cp311-cp311-manylinux_2_28_x86_64.whl",
            "amd64"
        ));
        assert!(!on(
            "torch-2.9.0+cu128-cp311-cp311-manylinux_2_28_x86_64.whl",
            "arm64"
        ));
        assert!(!on("numpy-2-cp312-cp312-manylinux_2_28_x86_64.whl", "amd64"));
        assert!(!on("numpy-2-cp311-cp311-win_amd64.whl", "amd64"));
        assert!(!on("numpy-2-cp311-cp311t-manylinux_2_28_x86_64.whl", "amd64"));
        assert!(!on("numpy-2-cp311-cp311-musllinux_1_2_x86_64.whl", "amd64"));
        assert!(!on("nonsense", "amd64"));
    }
}
