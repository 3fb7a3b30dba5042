//! What is known of CUDA: compute capabilities, toolkits, drivers, the GPUs that PyTorch's wheels are made for.
//!
//! In come words of a spec and names of a lock, out come facts of tables that say when they were read and where. Nothing
//! here does IO; the tables know nothing of specs.

mod arch;
mod toolkit;

pub use arch::Arch;
pub use toolkit::default_archs;
