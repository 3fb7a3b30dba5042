//! A model hub as data: where things lie on it, what it answers, and what its no means.
//!
//! The contract is that of huggingface.co, as its client `huggingface_hub` 2.4 uses it.

mod address;
mod answer;
mod refusal;
mod repository;

pub use address::{Hub, InvalidEndpoint, next_page};
pub use answer::{BadAnswer, Entry, Revision, git_object, revision, tree};
pub use refusal::{Asked, Refusal};
pub use repository::{InvalidRepository, Repository};
