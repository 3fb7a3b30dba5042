//! Which Rust compiles a project: the channel that a spec or a `rust-toolchain.toml` names.

use toml::Table;

/// The oldest Rust that works: its official images stand on Debian 12, and its cargo reads the sparse index
/// (release notes of Rust 1.70).
pub const OLDEST: (u32, u32) = (1, 70);

/// A channel of Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// A release, `1.75` or `1.75.0`.
    Release(String),
    /// The newest release.
    Stable,
    /// A nightly or beta of one day, `nightly-2026-01-15`.
    Dated(String),
}

/// What a `rust-toolchain.toml` or `rust-toolchain` file asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Toolchain {
    /// `toolchain.channel`.
    pub channel: Option<String>,
    /// `toolchain.components`.
    pub components: Vec<String>,
}

impl Channel {
    /// The channel that a text names.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const RELEASE: &str = "write a release such as `1.75`, `stable`, or a nightly with its day such as `nightly-2026-01-15`";
        if text == "stable" {
            return Ok(Self::Stable);
        }
        let dated = text.strip_prefix("nightly").or_else(|| text.strip_prefix("beta"));
        if let Some(day) = dated {
            return match day.strip_prefix('-').is_some_and(is_day) {
                true => Ok(Self::Dated(text.to_owned())),
                false => Err("it is another compiler every day: name the day, such as `nightly-2026-01-15`"),
            };
        }
        match numbers(text) {
            None => Err(RELEASE),
            Some(version) if version < OLDEST => Err("write 1.70 or later"),
            Some(_) => Ok(Self::Release(text.to_owned())),
        }
    }

    /// Major and minor number, where the name says them.
    pub fn release(&self) -> Option<(u32, u32)> {
        match self {
            Self::Release(text) => numbers(text),
            Self::Stable | Self::Dated(_) => None,
        }
    }
}

impl Toolchain {
    /// Reads a toolchain file: TOML, or the old form with the channel's name alone.
    pub fn parse(text: &str) -> Self {
        let Ok(table) = text.parse::<Table>() else {
            let channel = text.trim();
            return Self {
                channel: (!channel.is_empty()).then(|| channel.to_owned()),
                components: Vec::new(),
            };
        };
        let toolchain = table.get("toolchain");
        let components = toolchain.and_then(|toolchain| toolchain.get("components")?.as_array());
        Self {
            channel: toolchain.and_then(|toolchain| Some(toolchain.get("channel")?.as_str()?.to_owned())),
            components: components
                .into_iter()
                .flatten()
                .filter_map(|component| component.as_str().map(ToOwned::to_owned))
                .collect(),
        }
    }
}

/// Major and minor number of `1.75` or `1.75.0`.
pub fn numbers(text: &str) -> Option<(u32, u32)> {
    let mut words = text.split('.');
    let major = words.next()?.parse().ok()?;
    let minor = words.next()?.parse().ok()?;
    let rest: Option<Vec<u32>> = words.map(|word| word.parse().ok()).collect();
    (rest?.len() < 2).then_some((major, minor))
}

/// `2026-01-15`.
fn is_day(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [4, 2, 2] && text.chars().all(|c| c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_means_the_same_compiler_tomorrow() {
        assert_eq!(Channel::parse("1.75"), Ok(Channel::Release("1.75".into())));
        assert_eq!(Channel::parse("1.75.0").unwrap().release(), Some((1, 75)));
        assert_eq!(Channel::parse("stable"), Ok(Channel::Stable));
        assert!(matches!(
            Channel::parse("nightly-2026-01-15"),
            Ok(Channel::Dated(_))
        ));
        for wrong in [
            "nightly",
            "beta",
            "1",
            "1.69",
            "1.75.0.1",
            ">=1.75",
            "1.75-x86_64-unknown-linux-gnu",
        ] {
            assert!(Channel::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn both_forms_of_a_toolchain_file_are_read() {
        let new = Toolchain::parse("[toolchain]\nchannel = '1.80'\ncomponents = ['rust-src']\n");
        assert_eq!(new.channel.as_deref(), Some("1.80"));
        assert_eq!(new.components, ["rust-src"]);
        assert_eq!(Toolchain::parse("1.80\n").channel.as_deref(), Some("1.80"));
        assert_eq!(Toolchain::parse("").channel, None);
    }
}
