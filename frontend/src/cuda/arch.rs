//! A compute capability, in the spellings of those who ask for one.

use std::fmt;

/// A compute capability as nvcc writes it: `80`, `90a`, `120f` (CUDA Compiler Driver NVCC, "GPU Feature List").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arch {
    /// `90` of `90a`.
    pub number: u32,
    /// What restricts the code to one GPU (`a`) or one family of them (`f`).
    pub suffix: Option<char>,
}

impl Arch {
    /// `80`, `90a`, `120f`; nothing when it is no compute capability.
    pub fn parse(word: &str) -> Option<Self> {
        let digits = word.strip_suffix(['a', 'f']).unwrap_or(word);
        let is_number = matches!(digits.len(), 2 | 3) && digits.chars().all(|c| c.is_ascii_digit());
        is_number.then_some(())?;
        Some(Self {
            number: digits.parse().ok()?,
            suffix: word[digits.len()..].chars().next(),
        })
    }

    /// One that runs on later GPUs of its generation too.
    pub const fn plain(number: u32) -> Self {
        Self { number, suffix: None }
    }

    /// The generation, `9` of `90a`: code of one runs on no other.
    pub fn major(self) -> u32 {
        self.number / 10
    }

    /// `9.0a`, as PyTorch writes it in `TORCH_CUDA_ARCH_LIST` (pytorch `torch/utils/cpp_extension.py`).
    pub fn dotted(self) -> String {
        let suffix = self.suffix.map(String::from).unwrap_or_default();
        format!("{}.{}{suffix}", self.major(), self.number % 10)
    }

    /// nvcc's own flag: machine code, and PTX for GPUs to come where the code is not for this one alone.
    pub fn gencode(self) -> String {
        let code = match self.suffix {
            Some(_) => format!("sm_{self}"),
            None => format!("[compute_{self},sm_{self}]"),
        };
        format!("-gencode=arch=compute_{self},code={code}")
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        self.suffix.map_or(Ok(()), |suffix| write!(f, "{suffix}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_gets_its_own_spelling() {
        let arch = Arch::parse("120a").unwrap();
        assert_eq!(
            (arch.to_string(), arch.dotted(), arch.major()),
            ("120a".into(), "12.0a".into(), 12)
        );
        assert_eq!(arch.gencode(), "-gencode=arch=compute_120a,code=sm_120a");
        assert_eq!(
            Arch::plain(86).gencode(),
            "-gencode=arch=compute_86,code=[compute_86,sm_86]"
        );
    }

    #[test]
    fn what_is_no_compute_capability_is_not_read() {
        for word in ["", "a", "8", "8.0", "sm_80", "80b", "80aa", "1200", "native"] {
            assert_eq!(Arch::parse(word), None, "{word}");
        }
    }
}
