//! Why a build ends without an image, and how that is told to the client.

use buildkit_llb::Location;

use crate::context::SpecFile;
use crate::diagnostic::{Diagnostic, Severity, render};
use crate::gateway::{GatewayError, Status, located_error, unsupported_frontend_cap, unsupported_subrequest};
use crate::options::OptionErrors;
use crate::source::Span;

/// Why a build ends without an image.
#[derive(Debug, Clone)]
pub struct Failure {
    status: Box<Status>,
    /// The user's mistakes, where it is those.
    found: Vec<Diagnostic>,
    /// The place in the spec, where it is something else that has one.
    place: Option<Span>,
}

impl Failure {
    /// The user's mistakes: every one with its lines.
    pub(crate) fn diagnostics(spec: &SpecFile, diagnostics: &[Diagnostic]) -> Self {
        let errors: Vec<Diagnostic> = diagnostics
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .cloned()
            .collect();
        let places = places(spec, &errors);
        let drawn = render(&spec.source, &errors);
        let message = match errors.len() {
            1 => format!("1 problem in {}\n\n{drawn}", spec.source.name),
            many => format!("{many} problems in {}\n\n{drawn}", spec.source.name),
        };
        Self {
            found: errors,
            ..Self::from(located_error(message, &places))
        }
    }

    /// An image that cannot be had.
    pub(crate) fn image(spec: &SpecFile, span: Span, reference: &str, why: &str) -> Self {
        let message = format!("the image `{reference}` cannot be used: {why}");
        Self {
            place: Some(span),
            ..Self::from(located_error(message, &[spec.location(span)]))
        }
    }

    /// An image that the engine cannot get; its own words and details are kept.
    pub(crate) fn unresolved(spec: &SpecFile, span: Span, reference: &str, error: GatewayError) -> Self {
        let error = error.context(format!("the image `{reference}` cannot be used"));
        Self {
            place: Some(span),
            ..Self::from(error.at(&spec.location(span)).into_status())
        }
    }

    /// A git repository that the engine cannot read; its own words and details are kept.
    pub(crate) fn unfetched(spec: &SpecFile, span: Span, url: &str, error: GatewayError) -> Self {
        let error = error
            .context(format!("the git repository `{url}` cannot be read"))
            .hint("a private one needs a token: `--secret id=GIT_AUTH_TOKEN`, or `token: ID` beside its address");
        Self {
            place: Some(span),
            ..Self::from(error.at(&spec.location(span)).into_status())
        }
    }

    /// A capability that the client needs of us and that we lack.
    pub(crate) fn unsupported_cap(name: &str) -> Self {
        Self::from(unsupported_frontend_cap(name))
    }

    /// A question that we do not know; these we do.
    pub(crate) fn unsupported_subrequest(id: &str, known: &[&str]) -> Self {
        Self::from(unsupported_subrequest(id, known))
    }

    /// A question that has no answer for this spec.
    pub(crate) fn unanswerable(why: &str) -> Self {
        Self::from(located_error(why.to_owned(), &[]))
    }

    /// Our own mistake.
    pub(crate) fn bug(what: &str) -> Self {
        let message = format!(
            "this is a bug in modelcrate {}, not in your spec: {what}; please report it with the spec",
            env!("CARGO_PKG_VERSION")
        );
        Self::from(located_error(message, &[]))
    }

    /// The user's mistakes in it; none where it is something else.
    pub(crate) fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// The one place in the spec that it is about, where it is not the user's mistakes.
    pub(crate) fn place(&self) -> Option<Span> {
        self.place
    }

    /// What is said about it.
    pub(crate) fn message(&self) -> &str {
        &self.status.message
    }

    /// What goes over the wire.
    pub fn into_status(self) -> Status {
        *self.status
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self {
            status: Box::new(status),
            found: Vec::new(),
            place: None,
        }
    }
}

impl From<GatewayError> for Failure {
    fn from(error: GatewayError) -> Self {
        Self::from(error.into_status())
    }
}

impl From<OptionErrors> for Failure {
    fn from(errors: OptionErrors) -> Self {
        Self::from(located_error(errors.to_string(), &[]))
    }
}

impl From<buildkit_llb::Error> for Failure {
    fn from(error: buildkit_llb::Error) -> Self {
        Self::bug(&error.to_string())
    }
}

/// A place for each line with a mistake. The last comes first: clients draw them the other way round.
fn places(spec: &SpecFile, errors: &[Diagnostic]) -> Vec<Location> {
    let mut lines: Vec<(usize, Span)> = errors
        .iter()
        .map(|error| (spec.source.position(error.span.start).line, error.span))
        .collect();
    lines.sort();
    lines.dedup_by_key(|(line, _)| *line);
    lines.iter().rev().map(|(_, span)| spec.location(*span)).collect()
}
