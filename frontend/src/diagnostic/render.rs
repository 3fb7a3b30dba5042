//! Draws diagnostics over the user's lines.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::token::{mask, masked};
use super::{Diagnostic, Severity};
use crate::source::{Source, Span};

/// The text of every diagnostic, in order, without colour: it travels inside an error message of the engine.
///
/// Draws over [`shown`], so no secret of the file is in it, and masks what looks like a token in the words themselves.
pub fn render(source: &Source, diagnostics: &[Diagnostic]) -> String {
    let source = shown(source, diagnostics);
    masked(&draw(&Renderer::plain(), &source, diagnostics))
}

/// The same in the colours of a terminal. Whoever prints it takes them out where nobody wants them.
pub fn render_coloured(source: &Source, diagnostics: &[Diagnostic]) -> String {
    let source = shown(source, diagnostics);
    // Codes of colours are no blanks: behind one, nobody would know a token for one.
    let diagnostics: Vec<Diagnostic> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.clone().map_words(masked))
        .collect();
    draw(&Renderer::styled(), &source, &diagnostics)
}

fn draw(renderer: &Renderer, source: &Source, diagnostics: &[Diagnostic]) -> String {
    let renderer = renderer.clone().decor_style(DecorStyle::Ascii);
    let drawn: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| renderer.render(&report(source, diagnostic)))
        .collect();
    drawn.join("\n\n")
}

/// The source as it may be shown and sent to an engine: every token in it, and every place that a diagnostic hides, is
/// drawn as stars. Offsets and lines stay what they were.
pub fn shown(source: &Source, diagnostics: &[Diagnostic]) -> Source {
    let hidden = diagnostics.iter().flat_map(|diagnostic| &diagnostic.hidden);
    let text = mask(&source.text, hidden.copied());
    Source::new(source.name.clone(), masked(&text))
}

fn report<'a>(source: &'a Source, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let related = diagnostic.related.iter().map(|(span, words)| {
        AnnotationKind::Context
            .span(range(source, *span))
            .label(words.as_str())
    });
    let primary = AnnotationKind::Primary.span(range(source, diagnostic.span));
    let primary = if diagnostic.label.is_empty() {
        primary
    } else {
        primary.label(&diagnostic.label)
    };
    let snippet = Snippet::source(&source.text)
        .path(&source.name)
        .annotation(primary)
        .annotations(related);
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let group = level
        .primary_title(&diagnostic.message)
        .id(diagnostic.code.0)
        .element(snippet)
        .elements(
            diagnostic
                .hints
                .iter()
                .map(|hint| Level::HELP.with_name("hint").message(hint)),
        );
    vec![group]
}

/// A span that lies in the text: drawing must never fail over a place that is off.
fn range(source: &Source, span: Span) -> std::ops::Range<usize> {
    let end = span.end.min(source.text.len());
    span.start.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn a_diagnostic_shows_place_marks_and_hint() {
        let source = Source::new("modelcrate.yaml", "name: x\nbasee: debian\n");
        let finding = Diagnostic::error(Code("unknown-key"), Span::new(8, 13), "unknown key `basee`")
            .label("not a key of the spec")
            .hint("did you mean `base`?");
        insta::assert_snapshot!(render(&source, &[finding]), @r"
        error[unknown-key]: unknown key `basee`
         --> modelcrate.yaml:2:1
          |
        2 | basee: debian
          | ^^^^^ not a key of the spec
          |
          = hint: did you mean `base`?
        ");
    }

    #[test]
    fn colours_change_no_word_and_show_no_token() {
        let token = format!("hf_{}", "aB3dE5gH7jK9".repeat(3));
        let source = Source::new("modelcrate.yaml", format!("name: {token}\n"));
        let finding = Diagnostic::error(Code("x"), Span::new(6, 42), format!("{token} is a token"))
            .label(token.clone())
            .hint(token.clone());
        let coloured = render_coloured(&source, std::slice::from_ref(&finding));
        assert!(
            coloured.contains("\u{1b}[") && !coloured.contains(&token),
            "{coloured}"
        );
        let plain = anstream::adapter::strip_str(&coloured).to_string();
        assert_eq!(plain, render(&source, &[finding]));
    }
}
