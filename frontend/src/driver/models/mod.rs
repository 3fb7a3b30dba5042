//! Models: what their sources hold, asked before anything is planned, and what is said of those that cannot be had.

mod ask;
mod download;
mod endpoint;
mod folder;
mod header;
mod hub;
mod license;
mod listed;
mod locked;
mod question;
mod resolve;
mod taken;
mod weights;

pub(super) use download::{can_be_downloaded, solve};
pub(super) use endpoint::{ENDPOINT, endpoint};
pub(super) use locked::{lock, unlocked_image};
pub(super) use resolve::{found, look_for_news, resolve};
