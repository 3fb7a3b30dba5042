//! The templates, compiled into the program.

use handlebars::{Handlebars, RenderError, no_escape};
use serde::Serialize;

/// Fills a template; a name that the view lacks is an error, and nothing is escaped for HTML.
pub(super) fn fill(template: &str, view: &impl Serialize) -> Result<String, RenderError> {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.register_escape_fn(no_escape);
    templates.render_template(template, view)
}
