//! What a check has to say.

use super::Container;

/// What is wrong, why it will hurt, and what to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check that found it.
    pub check: Check,
    /// What is wrong.
    pub what: String,
    /// Why it will hurt.
    pub why: String,
    /// What to do: the flag to add.
    pub fix: String,
}

/// The checks. Their exit codes never change, so the newest is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// `workspace:`
    Workspace,
    /// `hf_home:`
    HfHome,
    /// `hf_token:`
    HfToken,
    /// `gpu:`
    Gpu,
    /// `shm:`
    Shm,
    /// `writable:` and the image's volumes.
    Writable,
    /// The image's ports.
    Ports,
    /// The user that the container runs as.
    User,
    /// Memory of the GPUs against the image's models; a part of `gpu:`.
    GpuMemory,
    /// The image's models.
    Models,
}

impl Check {
    /// Its name in messages and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::HfHome => "hf_home",
            Self::HfToken => "hf_token",
            Self::Gpu => "gpu",
            Self::Shm => "shm",
            Self::Writable => "writable",
            Self::Ports => "ports",
            Self::User => "user",
            Self::GpuMemory => "gpu_memory",
            Self::Models => "models",
        }
    }

    /// The exit code of `PREFLIGHT=strict`: away from the small numbers that programs use, from those of sysexits.h (64 to 78)
    /// and from those of shells and Docker (125 and more).
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Workspace => 80,
            Self::HfHome => 81,
            Self::HfToken => 82,
            Self::Gpu => 83,
            Self::Shm => 84,
            Self::Writable => 85,
            Self::Ports => 86,
            Self::User => 87,
            Self::GpuMemory => 88,
            Self::Models => 89,
        }
    }

    /// A finding of this check.
    pub fn finding(self, what: impl Into<String>, why: impl Into<String>, fix: impl Into<String>) -> Finding {
        Finding {
            check: self,
            what: what.into(),
            why: why.into(),
            fix: fix.into(),
        }
    }
}

/// What to do, in the words of whatever runs the container: Kubernetes gives each one the address of its API
/// (`KUBERNETES_SERVICE_HOST`); everything else understands Docker's flags.
pub fn fix<'a>(container: &Container, docker: &'a str, kubernetes: &'a str) -> &'a str {
    match container.env("KUBERNETES_SERVICE_HOST") {
        Some(_) => kubernetes,
        None => docker,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_has_its_code_forever() {
        let codes = [
            (Check::Workspace, 80),
            (Check::HfHome, 81),
            (Check::HfToken, 82),
            (Check::Gpu, 83),
            (Check::Shm, 84),
            (Check::Writable, 85),
            (Check::Ports, 86),
            (Check::User, 87),
            (Check::GpuMemory, 88),
            (Check::Models, 89),
        ];
        for (check, code) in codes {
            assert_eq!(check.exit_code(), code, "{}", check.name());
        }
    }
}
