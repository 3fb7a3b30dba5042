//! From a folder to a first spec: what its files say of an image, with the reasons as comments.
//!
//! In comes a [`Folder`], names and texts; out goes the text of a `modelcrate.yaml` that passes the checks. What is found is a start
//! that a person reads and edits: a guess says where it comes from, and where nothing is known the line is a comment.

mod container;
mod entry;
mod folder;
mod models;
mod native;
mod packages;
mod python;
mod rust;
mod view;
mod words;

pub use folder::Folder;

use handlebars::{Handlebars, RenderError, no_escape};

/// Writes the first spec of a folder.
///
/// # Errors
/// Only a template that cannot be filled, which is a bug.
pub fn spec(folder: &Folder) -> Result<String, RenderError> {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.register_escape_fn(no_escape);
    templates.register_template_string(
        "spec",
        include_str!("../../../templates/init/modelcrate.yaml.hbs"),
    )?;
    Ok(aligned(&templates.render("spec", &view::first(folder))?))
}

/// The column that comments behind values stand in.
const COLUMN: usize = 41;

/// The same with comments behind values in one column, however long the values are.
fn aligned(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        match line
            .split_once("  # ")
            .filter(|(value, _)| !value.trim_start().starts_with('#'))
        {
            Some((value, comment)) => {
                let width = COLUMN.max(value.trim_end().chars().count() + 1);
                lines += &format!("{:<width$}# {comment}", value.trim_end());
            }
            None => lines += line,
        }
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests;
