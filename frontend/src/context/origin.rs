//! The decision where spec and main context come from (buildkit frontend/dockerui/context.go, `initContext`).

use buildkit_llb::{Action, Copy, File, Http, Output};

use super::archive::is_archive;
use super::git::GitContext;
use super::{definition, titled};
use crate::gateway::{Gateway, GatewayError};
use crate::options::Options;

/// The names of the local sources and of the inputs, and of a downloaded file.
const CONTEXT: &str = "context";
const SPEC: &str = "dockerfile";
/// What BuildKit looks for when the client names no file.
const DEFAULT_FILENAME: &str = "Dockerfile";
/// What this frontend looks for when it is asked directly, without a `# syntax=` line that some file must have had.
const OWN_FILENAME: &str = "modelcrate.yaml";
/// Enough of a file to see whether it is an archive, in bytes.
const HEAD: i64 = 1024;

/// Where spec and main context come from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The path of the spec in its source.
    pub filename: String,
    /// The source of the spec.
    pub spec: Place,
    /// The main context.
    pub main: Place,
}

/// One place with files.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// A folder of the client, by the name of its local source.
    Local(String),
    /// What a graph makes; `None` is scratch.
    Graph(Option<Output>),
}

impl Origin {
    pub async fn find(gateway: &Gateway, options: &Options) -> Result<Self, GatewayError> {
        let found = match &options.context.remote {
            Some(url) => Self::remote(gateway, options, url).await?,
            None => None,
        };
        let origin = match found {
            Some(remote) => remote,
            None => Self::client(gateway, options).await?,
        };
        Ok(origin.with_options(options))
    }

    /// A repository or a file to download; none where the option names neither, as older clients do.
    async fn remote(gateway: &Gateway, options: &Options, url: &str) -> Result<Option<Self>, GatewayError> {
        if let Some(repository) = GitContext::detect(url) {
            let checkout = repository?.output(options.context.keep_git_dir);
            return Ok(Some(Self::all_from(checkout, filename(options))));
        }
        if url.starts_with("https://") || url.starts_with("http://") {
            return Self::download(gateway, options, url).await.map(Some);
        }
        Ok(None)
    }

    /// An archive is the context; any other file is the spec itself.
    async fn download(gateway: &Gateway, options: &Options, url: &str) -> Result<Self, GatewayError> {
        let http = Http {
            url: url.to_owned(),
            filename: Some(CONTEXT.to_owned()),
            ..Http::default()
        };
        let file = http.output(titled("[internal] load remote build context"));
        let solved = gateway.solve(&definition(&file)?, false).await?;
        let head = gateway
            .read_range(&solved, CONTEXT, 0, HEAD)
            .await
            .map_err(|error| error.context("failed to read downloaded context"))?;
        Ok(match is_archive(&head) {
            true => Self::all_from(unpacked(file), filename(options)),
            false => Self::all_from(file, CONTEXT.to_owned()),
        })
    }

    /// The graphs that the client handed in, else its folders.
    async fn client(gateway: &Gateway, options: &Options) -> Result<Self, GatewayError> {
        let inputs = gateway
            .inputs()
            .await
            .map_err(|error| error.context("failed to get frontend inputs"))?;
        let place = |name: &str| match inputs.get(name) {
            Some(graph) => Place::Graph(graph.clone()),
            None => Place::Local(name.to_owned()),
        };
        Ok(Self {
            filename: filename(options),
            spec: place(SPEC),
            main: place(CONTEXT),
        })
    }

    fn all_from(output: Output, filename: String) -> Self {
        Self {
            filename,
            spec: Place::Graph(Some(output.clone())),
            main: Place::Graph(Some(output)),
        }
    }

    /// `dockerfilekey` takes the spec from the client whatever the context is; `contextsubdir` narrows a remote context.
    fn with_options(mut self, options: &Options) -> Self {
        if let Some(name) = &options.context.spec_local {
            self.spec = Place::Local(name.clone());
            self.filename = filename(options);
        }
        if let (Place::Graph(Some(whole)), Some(subdir)) = (&self.main, &options.context.subdir) {
            self.main = Place::Graph(Some(folder_of(whole.clone(), subdir)));
        }
        self
    }
}

fn filename(options: &Options) -> String {
    let default = match options.cmdline {
        Some(_) => DEFAULT_FILENAME,
        None => OWN_FILENAME,
    };
    options.filename.clone().unwrap_or_else(|| default.to_owned())
}

fn unpacked(archive: Output) -> Output {
    let copy = Copy {
        from: Some(archive),
        src: format!("/{CONTEXT}"),
        dest: "/".to_owned(),
        unpack: true,
        ..Copy::default()
    };
    one_copy(copy, "[internal] unpack remote build context")
}

fn folder_of(whole: Output, subdir: &str) -> Output {
    let copy = Copy {
        from: Some(whole),
        src: format!("/{}", subdir.trim_matches('/')),
        dest: "/".to_owned(),
        copy_dir_contents_only: true,
        ..Copy::default()
    };
    one_copy(copy, &format!("[internal] load `{subdir}` of the build context"))
}

fn one_copy(copy: Copy, title: &str) -> Output {
    let file = File {
        base: None,
        actions: vec![Action::Copy(copy)],
    };
    file.output(titled(title))
}
