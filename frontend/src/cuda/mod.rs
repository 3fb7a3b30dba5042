//! What is known of CUDA: compute capabilities, toolkits, drivers, the GPUs that PyTorch's wheels are made for.
//!
//! In come words of a spec and packages of a lock, out come facts of tables that say when they were read and where.
//! Nothing here does IO, and nothing knows of specs.

mod arch;
mod carried;
mod gpu;
mod toolkit;
mod torch;
mod version;

pub use arch::Arch;
pub use carried::{Carried, Library, Made, carried, libraries, library_folder};
pub use gpu::{Refused, compiles, default_archs};
pub use toolkit::{Toolkit, least_driver, neighbours, newest_of, systems, toolkit, update_of};
pub use torch::{Gpus, torch_cuda_for, torch_gpus};
pub use version::Version;
