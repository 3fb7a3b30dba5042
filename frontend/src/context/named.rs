//! Named contexts: `--build-context NAME=TYPE:rest` (buildkit frontend/dockerui/namedcontext.go).

use buildkit_llb::{Http, Image, ImageReference, Meta, OciLayout, Platform};

use super::files::{Context, ContextImage, LocalFolder};
use super::git::GitContext;
use super::ignore::IgnoreFile;
use super::{BuildContext, titled};
use crate::diagnostic::closest;
use crate::gateway::{ErrorKind, GatewayError, ImageRequest, ImageStore, ResolvedImage};

/// Names that always mean something else: the empty image, and the main context.
const RESERVED: [&str; 2] = ["scratch", "context"];
/// How often source policies may send one context elsewhere.
const REDIRECTS: usize = 10;
/// Metadata of a linked target that holds its image config (buildkit exporter/containerimage/exptypes/types.go).
const IMAGE_CONFIG: &str = "containerimage.config";
/// What a named context can be.
const TYPES: [&str; 7] = [
    "docker-image",
    "git",
    "http",
    "https",
    "oci-layout",
    "local",
    "input",
];

/// One named context on its way.
struct Named<'a> {
    build: &'a BuildContext,
    /// As the option has it: `NAME` or `NAME::PLATFORM`.
    key: String,
    name: String,
    platform: Option<&'a Platform>,
}

pub(super) async fn load(
    build: &BuildContext,
    name: &str,
    platform: Option<&Platform>,
) -> Result<Option<Context>, GatewayError> {
    if RESERVED.contains(&name) {
        return Ok(None);
    }
    let name = familiar(name);
    let wanted = platform
        .unwrap_or(build.gateway.build_platform())
        .clone()
        .normalized();
    let keys = [format!("{name}::{wanted}"), name.clone()];
    let named = &build.options.context.named;
    let Some((key, value)) = keys
        .into_iter()
        .find_map(|key| Some((key.clone(), named.get(&key)?)))
    else {
        return Ok(None);
    };
    let loading = Named {
        build,
        key,
        name,
        platform,
    };
    loading.follow(value).await.map(Some)
}

/// The name as buildx writes it: a familiar image name, without `:latest`.
fn familiar(name: &str) -> String {
    let Ok(reference) = ImageReference::parse(name) else {
        return name.to_owned();
    };
    let reference = reference.to_string();
    let short = reference.strip_prefix("docker.io/").unwrap_or(&reference);
    let official = short.strip_prefix("library/").filter(|rest| !rest.contains('/'));
    let short = official.unwrap_or(short);
    short.strip_suffix(":latest").unwrap_or(short).to_owned()
}

impl Named<'_> {
    /// Loads `value`, and whatever a source policy makes of it.
    async fn follow(&self, value: &str) -> Result<Context, GatewayError> {
        let mut value = value.to_owned();
        for _ in 0..REDIRECTS {
            match self.load(&value).await {
                Err(GatewayError {
                    kind: ErrorKind::Redirected(other),
                    ..
                }) => value = other,
                loaded => return loaded,
            }
        }
        Err(GatewayError::invalid(format!(
            "named context `{}`: source policies send `{value}` round in circles",
            self.key
        )))
    }

    async fn load(&self, value: &str) -> Result<Context, GatewayError> {
        let (kind, rest) = value
            .split_once(':')
            .ok_or_else(|| self.bad(format!("`{value}` has no type"), "docker-image"))?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        match kind {
            "docker-image" => self.image(rest).await,
            "git" => self.git(value),
            _ if kind.starts_with("git@") => self.git(value),
            "http" | "https" if GitContext::detect(value).is_some() => self.git(value),
            "http" | "https" => Ok(self.http(value)),
            "oci-layout" => self.oci_layout(rest).await,
            "local" => self.local(rest).await,
            "input" => self.input(rest).await,
            _ => Err(self.unsupported(kind)),
        }
    }

    async fn image(&self, reference: &str) -> Result<Context, GatewayError> {
        if reference == "scratch" {
            return Ok(Context::graph(None));
        }
        let normalised = ImageReference::parse(reference)
            .map_err(|cause| self.bad(cause.to_string(), "docker-image"))?
            .to_string();
        let request = ImageRequest {
            reference: normalised,
            platform: self.platform.cloned(),
            mode: self.build.options.resolve_mode,
            log_name: self.title(&format!("load metadata for {reference}")),
            store: None,
        };
        let resolved = self.build.gateway.resolve_image(&request).await?;
        let image = Image {
            reference: resolved.pinned(),
            resolve_mode: self.build.options.resolve_mode,
            ..Image::default()
        };
        let context = Context::graph(Some(image.output(self.meta(reference))));
        let name = resolved.reference.clone();
        Ok(with_config(context, Some(name), resolved))
    }

    fn git(&self, url: &str) -> Result<Context, GatewayError> {
        let repository = GitContext::detect(url)
            .unwrap_or_else(|| Err(self.bad(format!("`{url}` is not a git repository"), "git")))?;
        Ok(Context::graph(Some(repository.output(false))))
    }

    /// One file, called `context`.
    fn http(&self, url: &str) -> Context {
        let http = Http {
            url: url.to_owned(),
            filename: Some("context".to_owned()),
            ..Http::default()
        };
        Context::graph(Some(http.output(self.meta(url))))
    }

    /// `STORE@DIGEST`. The reference is for messages alone, so it is the name of the context.
    async fn oci_layout(&self, rest: &str) -> Result<Context, GatewayError> {
        let (store, digest) = rest
            .split_once('@')
            .ok_or_else(|| self.bad(format!("`{rest}` has no digest"), "oci-layout"))?;
        let store = ImageStore {
            session: self.build.options.session.clone(),
            id: without_tag(store).to_owned(),
        };
        let reference = ImageReference::parse(&format!("{}@{digest}", self.name))
            .map_err(|cause| self.bad(cause.to_string(), "oci-layout"))?
            .to_string();
        let request = ImageRequest {
            log_name: self.title(&format!("load metadata for {reference}")),
            platform: self.platform.cloned(),
            store: Some(store.clone()),
            reference: reference.clone(),
            ..ImageRequest::default()
        };
        let resolved = self.build.gateway.resolve_image(&request).await?;
        let layout = OciLayout {
            reference,
            session: Some(store.session),
            store: Some(store.id),
            ..OciLayout::default()
        };
        let output = layout.output(self.meta("OCI load from client"));
        Ok(with_config(Context::graph(Some(output)), None, resolved))
    }

    async fn local(&self, name: &str) -> Result<Context, GatewayError> {
        let options = &self.build.options;
        let hint = format!("context:{}", self.key);
        let ignore: IgnoreFile = self
            .build
            .ignore_file(name, &hint, &self.title("load .dockerignore"))
            .await
            .map_err(|error| error.context(format!("named context `{}`", self.key)))?;
        let shared_key = options
            .context
            .shared_keys
            .get(&self.key)
            .cloned()
            .unwrap_or_default();
        Ok(Context::local(LocalFolder {
            name: name.to_owned(),
            session: options.session_of(name).to_owned(),
            hint: format!("{hint}-{shared_key}"),
            title: self.title("load from client"),
            ignore,
        }))
    }

    /// A target that bake built before, with the config of its image.
    async fn input(&self, key: &str) -> Result<Context, GatewayError> {
        let inputs = self.build.gateway.inputs().await?;
        let graph = inputs.get(key).ok_or_else(|| {
            GatewayError::invalid(format!(
                "named context `{}`: the client sent no input `{key}`",
                self.key
            ))
            .hint("link the target with `contexts` in a bake file, and build with `docker buildx bake`")
        })?;
        let context = Context::graph(graph.clone());
        let metadata = self.build.options.context.input_metadata.get(key);
        Ok(match metadata.and_then(|metadata| metadata.get(IMAGE_CONFIG)) {
            Some(config) => context.with_image(ContextImage {
                name: None,
                digest: None,
                config: config.clone(),
            }),
            None => context,
        })
    }

    fn title(&self, doing: &str) -> String {
        format!("[context {}] {doing}", self.key)
    }

    fn meta(&self, doing: &str) -> Meta {
        Meta {
            platform: self.platform.cloned(),
            ..titled(self.title(doing))
        }
    }

    fn unsupported(&self, kind: &str) -> GatewayError {
        let error = GatewayError::invalid(format!(
            "named context `{}`: `{kind}` is not a kind of context",
            self.key
        ));
        match closest(kind, TYPES) {
            Some(meant) => error.hint(format!("did you mean `{meant}`?")),
            None => error.hint(format!(
                "use one of {}",
                TYPES.map(|kind| format!("`{kind}`")).join(", ")
            )),
        }
    }

    fn bad(&self, problem: String, kind: &str) -> GatewayError {
        let form = match kind {
            "git" => "https://HOST/PATH.git#REF:SUBDIR",
            "oci-layout" => "oci-layout://FOLDER:TAG",
            _ => "docker-image://NAME:TAG",
        };
        GatewayError::invalid(format!("named context `{}`: {problem}", self.key))
            .hint(format!("write `--build-context {}={form}`", self.name))
    }
}

fn with_config(context: Context, name: Option<String>, resolved: ResolvedImage) -> Context {
    context.with_image(ContextImage {
        name,
        digest: resolved.digest(),
        config: resolved.config,
    })
}

/// A name without its tag; a port is no tag.
fn without_tag(name: &str) -> &str {
    match name.rsplit_once(':') {
        Some((bare, tag)) if !tag.contains('/') => bare,
        _ => name,
    }
}
