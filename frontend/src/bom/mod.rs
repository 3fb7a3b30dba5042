//! What an image is made of, as far as its plan knows it for certain: the packages of its locks, the images it stands on, its
//! models. Nothing is guessed of files.
//!
//! [`Inventory`] is made of the checked spec and the facts; [`spdx()`] and [`cyclonedx()`] write it in the two forms that tools read.

mod component;
mod cyclonedx;
mod inventory;
mod purl;
mod spdx;
#[cfg(test)]
mod tests;

pub use component::{Component, Inventory, Kind, Model};
pub use cyclonedx::cyclonedx;
pub use inventory::inventory;
pub use spdx::spdx;

/// Whether a text is a whole SHA-256, which is all that either form takes.
fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}
