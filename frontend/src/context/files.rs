//! One interface to files, wherever they come from.

use std::collections::{BTreeMap, BTreeSet};

use buildkit_llb::{Action, Copy, Digest, File, Local, Meta, Output};

use super::ignore::{IgnoreFile, clean};
use super::{definition, no_differ};
use crate::gateway::{Gateway, GatewayError, Ref};

/// Files of a build context: the client's folder, a checkout, an archive, an image, a linked target.
#[derive(Debug, Clone)]
pub struct Context {
    kind: Kind,
    /// The image that the files are of, if they are of one: its config is inherited by a stage built on it.
    pub image: Option<ContextImage>,
}

/// What is known of an image that serves as a context.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContextImage {
    /// Its whole name in a registry; none for a linked target and a layout of the client's.
    pub name: Option<String>,
    /// `sha256:…` of its manifest or index; none for a linked target.
    pub digest: Option<String>,
    /// The image config, JSON as it is in the registry.
    pub config: Vec<u8>,
}

/// What a step needs of a context.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selection {
    /// Paths relative to the context, wildcards allowed; none means everything.
    pub paths: BTreeSet<String>,
    /// Patterns in the language of `.dockerignore` that are left out.
    pub excludes: Vec<String>,
}

#[derive(Debug, Clone)]
enum Kind {
    Local(LocalFolder),
    Graph(Option<Output>),
}

/// A folder of the client.
#[derive(Debug, Clone)]
pub(super) struct LocalFolder {
    /// The name of the local source.
    pub name: String,
    /// The session that serves it.
    pub session: String,
    /// What the shared-key hint begins with. The engine keeps what it has of a folder by this hint.
    pub hint: String,
    /// What progress says unless the caller knows better.
    pub title: String,
    /// What is never sent.
    pub ignore: IgnoreFile,
}

impl Selection {
    /// These paths. `.` and `/` are everything, and so is no path at all.
    pub fn paths<P: AsRef<str>>(paths: impl IntoIterator<Item = P>) -> Self {
        let mut selected = BTreeSet::new();
        for path in paths {
            let path = clean(&format!("/{}", path.as_ref()));
            if path == "/" {
                return Self::default();
            }
            selected.insert(path);
        }
        Self {
            paths: selected,
            excludes: Vec::new(),
        }
    }

    /// Without what these patterns match.
    pub fn without<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.excludes.extend(patterns.into_iter().map(Into::into));
        self
    }
}

impl Context {
    pub(super) fn local(folder: LocalFolder) -> Self {
        Self {
            kind: Kind::Local(folder),
            image: None,
        }
    }

    /// Whatever `graph` makes; `None` is scratch.
    pub(super) fn graph(graph: Option<Output>) -> Self {
        Self {
            kind: Kind::Graph(graph),
            image: None,
        }
    }

    pub(super) fn with_image(self, image: ContextImage) -> Self {
        Self {
            image: Some(image),
            ..self
        }
    }

    /// A source of the selected files at their own paths, and of nothing else; `None` is scratch.
    ///
    /// Each selection of a local folder is a transfer of its own, so that an edit elsewhere changes nothing for its
    /// steps. Links among the selected paths are followed in a local folder; elsewhere a link must be selected together
    /// with its target. Without a name in `meta` the vertex says that it loads the context.
    pub fn files(&self, selection: &Selection, meta: Meta) -> Option<Output> {
        match &self.kind {
            Kind::Local(folder) => Some(folder.source(selection).output(folder.named(meta))),
            Kind::Graph(graph) => graph.clone().map(|whole| narrowed(whole, selection, meta)),
        }
    }

    /// What the selected files are copied from: of a folder of the client these alone are sent, anything else is there
    /// as a whole already.
    pub fn holding(&self, selection: &Selection) -> Option<Output> {
        match &self.kind {
            Kind::Local(_) => self.files(selection, Meta::default()),
            Kind::Graph(graph) => graph.clone(),
        }
    }

    /// Everything, as it is: what a stage builds on.
    pub fn whole(&self) -> Option<Output> {
        self.files(&Selection::default(), Meta::default())
    }

    /// The files of these paths that are there, through one small transfer shown as `title`.
    ///
    /// A path that is not there, or that the ignore file leaves out, is missing in the answer.
    pub async fn read<'a>(
        &self,
        gateway: &Gateway,
        paths: &[&'a str],
        title: &str,
    ) -> Result<BTreeMap<&'a str, Vec<u8>>, GatewayError> {
        let solved = self.open(gateway, paths, title).await?;
        let mut files = BTreeMap::new();
        for path in paths {
            match gateway.read_file(&solved, path).await {
                Ok(bytes) => {
                    files.insert(*path, bytes);
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error.context(format!("failed to read `{path}`"))),
            }
        }
        Ok(files)
    }

    /// Folders that match `pattern` (`crates/*`) and hold a file of this name, through one small transfer shown as `title`.
    pub async fn folders(
        &self,
        gateway: &Gateway,
        pattern: &str,
        file: &str,
        title: &str,
    ) -> Result<Vec<String>, GatewayError> {
        let solved = self.open(gateway, &[&format!("{pattern}/{file}")], title).await?;
        let mut folders = vec![String::new()];
        for part in pattern.split('/').filter(|part| !part.is_empty()) {
            let mut below = Vec::new();
            for folder in &folders {
                let inner = match gateway.read_dir(&solved, &format!("/{folder}"), part).await {
                    Err(error) if error.is_not_found() => continue,
                    inner => inner?,
                };
                let inner = inner.into_iter().filter(|entry| entry.is_dir);
                below.extend(inner.map(|entry| {
                    clean(&format!("/{folder}/{}", entry.name))
                        .trim_start_matches('/')
                        .to_owned()
                }));
            }
            folders = below;
        }
        Ok(folders)
    }

    /// The ignore file that applies, by the name that the user knows; none where there is none.
    pub fn ignore_file(&self) -> Option<&str> {
        match &self.kind {
            Kind::Local(folder) if !folder.ignore.name.is_empty() => Some(&folder.ignore.name),
            _ => None,
        }
    }

    /// Whether it is a folder of the client's without an ignore file.
    pub fn lacks_ignore_file(&self) -> bool {
        matches!(&self.kind, Kind::Local(folder) if folder.ignore.name.is_empty())
    }

    /// These files as a result to look into, through one small transfer shown as `title`.
    pub async fn open(&self, gateway: &Gateway, paths: &[&str], title: &str) -> Result<Ref, GatewayError> {
        let output = match &self.kind {
            Kind::Local(folder) => {
                let mut local = folder.source(&Selection::paths(paths));
                local.differ = no_differ(gateway);
                Some(local.output(super::titled(title)))
            }
            Kind::Graph(graph) => graph.clone(),
        };
        match output {
            Some(output) => gateway.solve(&definition(&output)?, false).await,
            None => Ok(Ref::scratch()),
        }
    }
}

impl LocalFolder {
    fn source(&self, selection: &Selection) -> Local {
        let excludes = self.ignore.patterns.iter().chain(&selection.excludes);
        Local {
            name: self.name.clone(),
            session: Some(self.session.clone()),
            follow_paths: selection.paths.iter().cloned().collect(),
            exclude_patterns: excludes.cloned().collect(),
            shared_key_hint: Some(self.hint_for(selection)),
            ..Local::default()
        }
    }

    /// Each selection keeps its own copy on the engine: two that shared one would delete each other's files from it and
    /// transfer them anew in every build.
    fn hint_for(&self, selection: &Selection) -> String {
        if *selection == Selection::default() {
            return self.hint.clone();
        }
        let selected = serde_json::json!([selection.paths, selection.excludes]).to_string();
        format!("{}-{}", self.hint, Digest::of(selected.as_bytes()))
    }

    fn named(&self, meta: Meta) -> Meta {
        Meta {
            name: meta.name.or_else(|| Some(self.title.clone())),
            ..meta
        }
    }
}

/// A copy of the selected files alone, so that steps that mount it depend on nothing else of the whole.
fn narrowed(whole: Output, selection: &Selection, meta: Meta) -> Output {
    if *selection == Selection::default() {
        return whole;
    }
    let copy = Copy {
        from: Some(whole),
        src: "/".to_owned(),
        dest: "/".to_owned(),
        copy_dir_contents_only: true,
        include: selection.paths.iter().cloned().collect(),
        exclude: selection.excludes.clone(),
        ..Copy::default()
    };
    let file = File {
        base: None,
        actions: vec![Action::Copy(copy)],
    };
    let name = meta
        .name
        .clone()
        .or_else(|| Some("[internal] load build context".to_owned()));
    file.output(Meta { name, ..meta })
}
