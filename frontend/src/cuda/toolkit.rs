//! Toolkits.

use super::Arch;

/// What is compiled for where a spec does not say: every generation that the toolkit `major.minor` knows and that data
/// centres and desks still have.
pub fn default_archs((major, minor): (u32, u32)) -> Vec<Arch> {
    /// First toolkit that compiles for it (release notes of each toolkit).
    const COMMON: [((u32, u32), u32); 7] = [
        ((10, 0), 75),
        ((11, 0), 80),
        ((11, 1), 86),
        ((11, 8), 89),
        ((11, 8), 90),
        ((12, 8), 100),
        ((12, 8), 120),
    ];
    let known = COMMON.iter().filter(|(since, _)| *since <= (major, minor));
    known.map(|(_, number)| Arch::plain(*number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_what_the_toolkit_knows() {
        let numbers =
            |version| -> Vec<u32> { default_archs(version).iter().map(|arch| arch.number).collect() };
        assert_eq!(numbers((11, 2)), [75, 80, 86]);
        assert_eq!(numbers((12, 1)), [75, 80, 86, 89, 90]);
        assert_eq!(numbers((13, 0)), [75, 80, 86, 89, 90, 100, 120]);
    }
}
