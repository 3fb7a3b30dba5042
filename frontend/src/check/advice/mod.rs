//! Rules about an image as a whole: it would build, and may not be what people want to run. A rule per file.
//!
//! They read what is meant ([`Checked`]) and not what is written, and have nothing to say of a spec with mistakes.

mod devel_base;
mod missing_healthcheck;
mod privileged_port;
mod root_user;
mod unknown_licence;
mod unpinned_image;
mod unpinned_tool;
mod unwritable_path;

use super::Checked;
use crate::diagnostic::Diagnostic;

/// The rules.
const RULES: [fn(&Checked) -> Vec<Diagnostic>; 8] = [
    devel_base::find,
    missing_healthcheck::find,
    privileged_port::find,
    root_user::find,
    unknown_licence::find,
    unpinned_image::find,
    unpinned_tool::find,
    unwritable_path::find,
];

/// Everything that they find.
pub fn advice(checked: &Checked) -> Vec<Diagnostic> {
    RULES.iter().flat_map(|rule| rule(checked)).collect()
}

/// Whether the image starts something; one that only holds files runs as nobody.
fn is_started(checked: &Checked) -> bool {
    checked.entrypoint.is_some() || checked.cmd.is_some() || !checked.ports.is_empty()
}
