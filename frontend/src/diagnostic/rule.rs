//! Rules: what people should know of their specs, each with a page that says why, and what is good.

use super::{Code, Severity, code};

/// Where the pages lie in this project's repository: `docs/rules/CODE.md`.
const PAGES: &str = "docs/rules";

/// A rule; a spec switches it off with `check: { skip: [CODE] }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub code: Code,
    /// How much it matters where it is not switched off.
    pub severity: Severity,
    /// What it finds, in one line.
    pub finds: &'static str,
    /// Whether a build can go on without it.
    pub can_skip: bool,
}

impl Rule {
    const fn warning(code: Code, finds: &'static str) -> Self {
        Self {
            code,
            severity: Severity::Warning,
            finds,
            can_skip: true,
        }
    }

    const fn error(code: Code, finds: &'static str) -> Self {
        Self {
            severity: Severity::Error,
            ..Self::warning(code, finds)
        }
    }

    /// An error that there is no build without.
    const fn fixed(code: Code, finds: &'static str) -> Self {
        Self {
            can_skip: false,
            ..Self::error(code, finds)
        }
    }

    /// The rule of a finding; errors that cannot be switched off have none.
    pub fn of(code: Code) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.code == code)
    }

    /// The page about it.
    pub fn page(&self) -> String {
        format!("{PAGES}/{}.md", self.code)
    }
}

/// Every rule, sorted by its name.
pub static RULES: [Rule; 32] = [
    Rule::error(
        code::CUDA_CONFLICT,
        "The packages are made for a newer CUDA than the image has",
    ),
    Rule::warning(
        code::CUDA_MISMATCH,
        "What compiles and what it compiles against are of different CUDA",
    ),
    Rule::warning(
        code::CUDA_TWICE,
        "CUDA's libraries are in the base and in the packages",
    ),
    Rule::warning(
        code::DEVEL_BASE,
        "Compilers and headers are in the image that ships",
    ),
    Rule::warning(code::DUPLICATE_ITEM, "The same item stands twice in a list"),
    Rule::warning(code::EMULATED_BUILD, "Another machine is emulated to compile"),
    Rule::error(
        code::LITERAL_SECRET,
        "A token or private key is written into the spec",
    ),
    Rule::fixed(
        code::MISSING_CHECKSUM,
        "Nothing holds a download against what was meant",
    ),
    Rule::warning(code::MISSING_HEALTHCHECK, "A server has no health check"),
    Rule::warning(
        code::NATIVE_CODE,
        "Code is compiled for the processor of the machine that builds",
    ),
    Rule::warning(code::NO_EFFECT, "Something is written whose result nothing keeps"),
    Rule::warning(
        code::NO_IGNORE_FILE,
        "The whole context is taken, without an ignore file",
    ),
    Rule::warning(
        code::NOT_EXPANDED,
        "`$NAME` stands where nothing will ever expand it",
    ),
    Rule::warning(
        code::NVIDIA_WITHOUT_CUDA,
        "NVIDIA's libraries are in an image without CUDA",
    ),
    Rule::warning(
        code::OPEN_REQUIREMENTS,
        "The image changes with the package index",
    ),
    Rule::warning(
        code::OUTDATED_LOCK,
        "A hub has another commit for a name than the lock file",
    ),
    Rule::warning(
        code::PRIVILEGED_PORT,
        "A port below 1024 is served by a user that is not root",
    ),
    Rule::warning(code::ROOT_USER, "The program runs as root"),
    Rule::error(
        code::SECRET_NAME,
        "A value with a secret's name is where everybody can read it",
    ),
    Rule::error(code::STALE_LOCK, "The lock is older than `pyproject.toml`"),
    Rule::warning(code::UNDECLARED_BUILD_ARG, "A `--build-arg` changes nothing"),
    Rule::warning(code::UNKNOWN_LICENCE, "Nobody says the licence of a model"),
    Rule::warning(
        code::UNLOCKED,
        "The lock file does not pin something that a name stands for",
    ),
    Rule::warning(code::UNPINNED_GIT, "A branch or tag is not pinned to a commit"),
    Rule::warning(
        code::UNPINNED_IMAGE,
        "The name of an image means another one tomorrow",
    ),
    Rule::warning(
        code::UNPINNED_TOOL,
        "The name of a compiler means another one tomorrow",
    ),
    Rule::warning(
        code::UNREACHABLE_TARGET,
        "A target starts nothing, and nobody takes its files",
    ),
    Rule::warning(
        code::UNSUPPORTED_GPU,
        "A package has no code for a GPU that is asked for",
    ),
    Rule::warning(code::UNUSED_ARG, "Nothing refers to an arg"),
    Rule::warning(code::UNUSED_MODEL, "Nothing refers to a model"),
    Rule::warning(code::UNUSED_SECRET, "Nothing uses a declared secret"),
    Rule::warning(
        code::UNWRITABLE_PATH,
        "A folder that programs write to belongs to root",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_and_each_is_there_once() {
        assert!(RULES.is_sorted_by(|a, b| a.code.0 < b.code.0));
    }
}
