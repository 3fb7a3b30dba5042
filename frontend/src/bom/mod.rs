//! What an image is made of, as far as its plan knows it for certain: the packages of its locks, the images it stands on, its
//! models. Nothing is guessed of files.
//!
//! [`Inventory`] is made of the checked spec and the facts; [`spdx()`] and [`cyclonedx()`] write it in the two forms that tools read.

mod component;
mod cyclonedx;
mod inventory;
mod parts;
mod places;
mod purl;
mod spdx;
#[cfg(test)]
mod tests;

pub use component::{Component, Inventory, Kind, Model, Taken};
pub use cyclonedx::cyclonedx;
pub use inventory::inventory;
pub use spdx::spdx;
