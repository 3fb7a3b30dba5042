//! Which release of BuildKit first had a capability, and which Docker Engine ships it.

use buildkit_llb::Capability;

/// A minor release of BuildKit, `0.N`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(u32);

impl Release {
    /// The first release whose list of capabilities names `id`.
    pub fn of(id: &str) -> Option<Self> {
        let llb = Capability::find(id).and_then(|capability| capability.since().strip_prefix("0."));
        match llb {
            Some(minor) => minor.parse().ok().map(Self),
            None => gateway_minor(id).map(Self),
        }
    }

    /// The first Docker Engine that ships this release or a later one (moby/moby `vendor.mod`, tag by tag).
    pub fn docker_engine(self) -> &'static str {
        match self.0 {
            ..=8 => "20.10",
            9..=10 => "23.0",
            11 => "24.0",
            12 => "25.0",
            13 => "26.0",
            14 => "27.0",
            15 => "27.1",
            16 => "27.3",
            17 => "27.4",
            18 => "27.5",
            19..=20 => "28.0",
            21 => "28.1",
            22 => "28.2",
            23 => "28.3",
            24 => "28.4",
            25 => "28.5",
            26 => "29.1",
            27 => "29.2",
            28 => "29.3",
            29 => "29.4",
            30 => "29.5",
            31 => "29.6",
            _ => "29.7",
        }
    }
}

/// The capabilities of the gateway itself (buildkit frontend/gateway/pb/caps.go, tag by tag).
fn gateway_minor(id: &str) -> Option<u32> {
    Some(match id {
        "solve.base" | "readfile" | "resolveimage" | "return" | "returnmap" | "readdir" | "statfile" => 3,
        "importcaches" => 4,
        "proto.refarray" | "reference.output" | "frontend.inputs" => 7,
        "gateway.solve.metadata" | "gateway.exec" | "frontend.caps" | "gateway.solve.evaluate" => 8,
        "gateway.warnings" => 10,
        "gateway.evaluate" | "reference.attestations" => 11,
        "source.metaresolver" => 13,
        _ => return None,
    })
}

impl std::fmt::Display for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BuildKit 0.{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_names_its_release_and_the_docker_engine_that_ships_it() {
        let merge = Release::of("mergeop").unwrap();
        assert_eq!(merge.to_string(), "BuildKit 0.10");
        assert_eq!(merge.docker_engine(), "23.0");
        assert_eq!(
            Release::of("source.image.checksum").unwrap().docker_engine(),
            "28.5"
        );
        assert_eq!(Release::of("made.up"), None);
    }
}
