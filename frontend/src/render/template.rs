//! The templates, compiled into the program.

use handlebars::{Handlebars, RenderError, no_escape};

use super::view::Dockerfile;

/// Name and text of each; instructions are looked up by their kind.
const TEMPLATES: [(&str, &str); 4] = [
    (
        "dockerfile",
        include_str!("../../../templates/dockerfile/dockerfile.hbs"),
    ),
    ("run", include_str!("../../../templates/dockerfile/run.hbs")),
    ("copy", include_str!("../../../templates/dockerfile/copy.hbs")),
    (
        "setting",
        include_str!("../../../templates/dockerfile/setting.hbs"),
    ),
];

/// The text of a Dockerfile.
pub(super) fn text(dockerfile: &Dockerfile) -> Result<String, RenderError> {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.register_escape_fn(no_escape);
    for (name, text) in TEMPLATES {
        templates
            .register_template_string(name, text)
            .map_err(RenderError::from)?;
    }
    templates.render("dockerfile", dockerfile)
}
