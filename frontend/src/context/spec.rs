//! The spec as it was read: its text, and everything that points back to it.

use std::sync::Arc;

use modelcrate_fetcher::lock::NAME as LOCK;

use buildkit_llb::{Definition, Local, Location, Output, Position, Range, SourceInfo};

use super::ignore::IgnoreFile;
use super::origin::{Origin, Place};
use super::{definition, no_differ, titled};
use crate::gateway::{Gateway, GatewayError, Ref};
use crate::options::Options;
use crate::source::{Source, Span};

/// The name by which the engine and GitHub's linguist know the language of the spec.
const LANGUAGE: &str = "YAML";
/// The one name that BuildKit also takes in lower case (moby/moby#10858).
const CASELESS: &str = "Dockerfile";

/// The spec of the build.
#[derive(Debug, Clone)]
pub struct SpecFile {
    /// Its text, with the name that the user gave.
    pub source: Source,
    /// What the engine prints lines from when a step fails.
    pub info: Arc<SourceInfo>,
    /// The digest of the vertex that loaded it: warnings are shown under that vertex.
    pub vertex: String,
    /// The bytes of `modelcrate.lock` beside it, where there is one.
    pub lock: Option<Vec<u8>>,
    /// The ignore file that belongs to it alone, `NAME.dockerignore`; it takes the place of `.dockerignore`.
    pub(super) ignore: Option<IgnoreFile>,
}

impl SpecFile {
    pub(super) async fn load(
        gateway: &Gateway,
        options: &Options,
        origin: &Origin,
    ) -> Result<Self, GatewayError> {
        let graph = match &origin.spec {
            Place::Local(name) => Some(local(gateway, options, name, &origin.filename)),
            Place::Graph(graph) => graph.clone(),
        };
        let Some(output) = graph else {
            return Err(missing(&origin.filename, options));
        };
        let definition = definition(&output)?;
        let solved = gateway
            .solve(&definition, false)
            .await
            .map_err(|error| error.context(format!("failed to load `{}`", origin.filename)))?;
        let data = read_spec(gateway, &solved, origin, options).await?;
        let ignore = own_ignore(gateway, &solved, &origin.filename).await?;
        let lock = match gateway.read_file(&solved, &beside(&origin.filename)).await {
            Ok(bytes) => Some(bytes),
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error.context(format!("failed to read `{LOCK}`"))),
        };
        Ok(Self {
            lock,
            ..Self::new(&origin.filename, data, definition, ignore)?
        })
    }

    fn new(
        filename: &str,
        data: Vec<u8>,
        definition: Definition,
        ignore: Option<IgnoreFile>,
    ) -> Result<Self, GatewayError> {
        let text = std::str::from_utf8(&data).map_err(|cause| {
            GatewayError::invalid(format!("`{filename}` is not UTF-8: {cause}"))
                .hint("save the spec as UTF-8 text")
        })?;
        Ok(Self {
            source: Source::new(filename, text),
            vertex: definition.digest().map(ToString::to_string).unwrap_or_default(),
            info: Arc::new(SourceInfo {
                filename: filename.to_owned(),
                language: LANGUAGE.to_owned(),
                definition: Some(definition),
                data,
            }),
            ignore,
            lock: None,
        })
    }

    /// The same file with another text to show: what must not be seen is stars in it, at the same places.
    pub fn shown_as(&self, source: Source) -> Self {
        let info = SourceInfo {
            data: source.text.clone().into_bytes(),
            ..(*self.info).clone()
        };
        Self {
            source,
            info: Arc::new(info),
            ..self.clone()
        }
    }

    /// A place in the spec, as the engine and its clients take it.
    pub fn location(&self, span: Span) -> Location {
        // The end is exclusive: a span that takes its line's end along must not reach into the next line.
        let last = span.end.saturating_sub(1).max(span.start);
        Location {
            source: Arc::clone(&self.info),
            ranges: vec![Range {
                start: self.position(span.start, 0),
                end: self.position(last, i32::from(span.end > span.start)),
            }],
        }
    }

    /// Lines from 1, columns from 0.
    fn position(&self, offset: usize, further: i32) -> Position {
        let at = self.source.position(offset);
        let number = |value: usize| i32::try_from(value).unwrap_or(i32::MAX);
        Position {
            line: number(at.line),
            character: number(at.column - 1).saturating_add(further),
        }
    }
}

fn local(gateway: &Gateway, options: &Options, name: &str, filename: &str) -> Output {
    let mut paths = vec![filename.to_owned(), format!("{filename}.dockerignore")];
    paths.extend(lower_case(filename));
    paths.push(beside(filename));
    let local = Local {
        name: name.to_owned(),
        session: Some(options.session_of(name).to_owned()),
        follow_paths: paths,
        shared_key_hint: Some(name.to_owned()),
        differ: no_differ(gateway),
        ..Local::default()
    };
    local.output(titled(format!(
        "[internal] load build definition from {filename}"
    )))
}

/// The lock in the folder of the spec.
pub fn beside(filename: &str) -> String {
    match filename.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{LOCK}"),
        None => LOCK.to_owned(),
    }
}

/// `dockerfile` beside `Dockerfile`.
fn lower_case(filename: &str) -> Option<String> {
    let folder = filename.strip_suffix(CASELESS)?;
    (folder.is_empty() || folder.ends_with('/')).then(|| format!("{folder}{}", CASELESS.to_lowercase()))
}

async fn read_spec(
    gateway: &Gateway,
    solved: &Ref,
    origin: &Origin,
    options: &Options,
) -> Result<Vec<u8>, GatewayError> {
    let names = [Some(origin.filename.clone()), lower_case(&origin.filename)];
    for name in names.into_iter().flatten() {
        match gateway.read_file(solved, &name).await {
            Err(error) if error.is_not_found() => {}
            read => return read.map_err(|error| error.context(format!("failed to read `{name}`"))),
        }
    }
    Err(missing(&origin.filename, options))
}

async fn own_ignore(
    gateway: &Gateway,
    solved: &Ref,
    filename: &str,
) -> Result<Option<IgnoreFile>, GatewayError> {
    let name = format!("{filename}.dockerignore");
    match gateway.read_file(solved, &name).await {
        Ok(bytes) => IgnoreFile::parse(&name, &bytes).map(Some),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.context(format!("failed to read `{name}`"))),
    }
}

fn missing(filename: &str, options: &Options) -> GatewayError {
    let place = match &options.context.remote {
        Some(url) if options.context.spec_local.is_none() => format!("in `{url}`"),
        _ => "in the folder of the spec".to_owned(),
    };
    GatewayError::new(
        crate::gateway::ErrorKind::NotFound,
        format!("there is no `{filename}` {place}"),
    )
    .hint("name the spec with `-f`")
}
