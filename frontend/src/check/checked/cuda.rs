//! The CUDA side of a target.

use super::super::defaults::CUDA_REPOSITORY;
use super::Checked;
use crate::cuda::{Arch, Version};
use crate::source::{Span, Spanned};

/// The CUDA side of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cuda {
    /// Which CUDA.
    pub version: CudaVersion,
    /// The system of its images, `ubuntu22.04`.
    pub os: Spanned<String>,
    /// The flavour of nvidia/cuda that ships; `None` ships a base without CUDA.
    pub ships: Option<&'static str>,
    /// The flavour that builds.
    pub builds: &'static str,
    /// Compute capabilities in the written order, each once. Where none are written, those that the lock's PyTorch is made
    /// for, once the lock is known.
    pub archs: Vec<Spanned<Arch>>,
    /// Where it was written.
    pub span: Span,
}

/// Which CUDA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CudaVersion {
    /// This one.
    Is(Spanned<Version>),
    /// `auto`: the one that the lock is made for.
    Auto(Span),
}

impl Cuda {
    /// Which CUDA, when that is known already.
    pub fn version(&self) -> Option<Version> {
        match &self.version {
            CudaVersion::Is(version) => Some(version.value),
            CudaVersion::Auto(_) => None,
        }
    }

    /// Where the version was written.
    pub fn version_span(&self) -> Span {
        match &self.version {
            CudaVersion::Is(version) => version.span,
            CudaVersion::Auto(span) => *span,
        }
    }

    /// Whether the image that builds has a compiler.
    pub fn compiles(&self) -> bool {
        self.builds == "devel"
    }

    /// nvidia/cuda in one of its flavours.
    fn image(&self, flavour: &str, version: Version) -> Spanned<String> {
        let name = format!("{}:{version}-{flavour}-{}", CUDA_REPOSITORY, self.os.value);
        Spanned::new(name, self.version_span())
    }
}

impl Checked {
    /// The same, of this CUDA.
    pub fn with_cuda(mut self, version: Version) -> Self {
        if let Some(cuda) = &mut self.cuda {
            cuda.version = CudaVersion::Is(Spanned::new(version, cuda.version_span()));
            if let Some(flavour) = cuda.ships {
                self.base.image = Some(cuda.image(flavour, version));
            }
            self.base.build = Some(cuda.image(cuda.builds, version));
        }
        self
    }
}
