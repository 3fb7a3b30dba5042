//! What a source holds, asked by a step of the build: it has the secrets, and speaks what no source of the engine does.

use std::path::Path;

use buildkit_llb::Output;
use modelcrate_fetcher::closed::Closed;
use modelcrate_fetcher::hub::Refusal;
use modelcrate_fetcher::listing::{Answer as Said, Listing};

use super::super::facts::{Images, facts};
use super::super::planned::ground;
use super::super::programs::{self, NoProgram};
use super::super::{Failure, image};
use super::hub::OnHub;
use super::question::{Answer, Question};
use super::taken;
use crate::check::{ListedModel, Origin};
use crate::context::{FRONTEND_GRAPH, frontend_image};
use crate::diagnostic::{Diagnostic, code};
use crate::gateway::{ErrorKind, GatewayError};
use crate::lower::{Ground, lower};
use crate::options::NoCache;
use crate::plan::{LISTING, listing_steps};
use crate::source::Spanned;
use crate::spec::ResolvedModel;

impl Question<'_> {
    /// The same answer as without a token.
    pub(super) async fn listed(&self) -> Answer<ResolvedModel> {
        let frontend = frontend_image(Path::new(FRONTEND_GRAPH))?;
        if let Err(lack) = programs::in_steps(self.build, frontend.as_ref()) {
            return Ok(Err(vec![self.no_program(&lack)]));
        }
        let said = match self.said(frontend).await {
            Ok(said) => said?,
            Err(error) if error.kind == ErrorKind::Closed => return Err(error.into()),
            Err(error) => return Ok(Err(vec![self.no_step(&error)])),
        };
        Ok(match said {
            Said::Found(listing) => self.checked(listing),
            Said::Refused(refusal) => Err(vec![self.refused(&refusal)]),
            Said::Closed(closed) => Err(vec![self.closed(closed)]),
            Said::Unusable { problem, fix } => Err(vec![self.unusable(&problem, &fix)]),
            Said::Failed(why) => Err(vec![self.unreachable(&why)]),
        })
    }

    /// Runs the step, each time: what it asks for may be another tomorrow.
    async fn said(&self, frontend: Option<Output>) -> Result<Result<Said, Failure>, GatewayError> {
        let build = self.build;
        let native = build.gateway.build_platform();
        let images = Images::default();
        let ground = Ground {
            no_cache: &NoCache::All,
            ..ground(build, native, &images, frontend)
        };
        let plan = listing_steps(self.source, &facts(build, native, &images));
        let output = lower(&plan.steps, &ground).files(plan.result);
        let solved = image::evaluated(build, output.as_ref()).await?;
        let bytes = build.gateway.read_file(&solved, LISTING).await?;
        Ok(serde_json::from_slice(&bytes)
            .map_err(|error| Failure::bug(&format!("the fetcher's answer cannot be read: {error}"))))
    }

    fn checked(&self, listing: Listing) -> Result<ResolvedModel, Vec<Diagnostic>> {
        let Listing {
            revision,
            card,
            files,
            others,
        } = listing;
        let taken: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let all: Vec<&str> = taken
            .iter()
            .copied()
            .chain(others.iter().map(String::as_str))
            .collect();
        let found = taken::wrong(self.model, self.source, &all, &taken);
        match found.is_empty() {
            true => Ok(ResolvedModel {
                revision,
                files,
                card,
                ..ResolvedModel::default()
            }),
            false => Err(found),
        }
    }

    fn refused(&self, refusal: &Refusal) -> Diagnostic {
        match self.source.hub() {
            Some(hub) => OnHub { question: self, hub }.finding(refusal, None),
            None => self.unreachable("it is refused"),
        }
    }

    /// The registry shows the artifact to others.
    fn closed(&self, closed: Closed) -> Diagnostic {
        let id = self.source.origin.id();
        let path = id.trim_start_matches("oci:");
        let (registry, name) = path.split_once('/').unwrap_or(("", path));
        let finding = |span| Diagnostic::error(code::DOWNLOAD, span, closed.sentence(registry, name));
        match self.source.origin.secrets().first() {
            Some(secret) => finding(secret.span)
                .related(self.source.span, "what is asked for")
                .hint(closed.fix()),
            None => finding(self.source.span)
                .hint(format!(
                    "name the secret that opens it: `token: ID`, and after `docker login {registry}` build with `--secret id=ID,src=$HOME/.docker/config.json`; it may also hold `USER:PASSWORD`"
                ))
                .hint("registries say this also of what they do not have: compare the name with what is there"),
        }
    }

    /// What is there, or what opens it, is of no use.
    fn unusable(&self, problem: &str, fix: &str) -> Diagnostic {
        let finding = Diagnostic::error(code::DOWNLOAD, self.source.span, problem.to_owned()).hint(fix);
        let secrets = self.source.origin.secrets().into_iter();
        secrets.fold(finding, |finding, secret| {
            finding.related(secret.span, "what opens it")
        })
    }

    /// The source was not reached, in the words of who tried.
    pub(super) fn unreachable(&self, why: &str) -> Diagnostic {
        let span = self.source.span;
        let by = "the engine asks it, not this terminal: look at its network and its proxy";
        match self.source.hub() {
            Some(_) => {
                let host = self.build.hub.host();
                Diagnostic::error(code::HUB, span, format!("{host} cannot be asked: {why}"))
                    .hint(by)
                    .hint("another hub is named with `--build-arg HF_ENDPOINT=https://…`; with `modelcrate.lock` and a filled cache none is asked")
            }
            None => {
                let title = self.source.origin.title();
                Diagnostic::error(code::DOWNLOAD, span, format!("`{title}` cannot be read: {why}")).hint(by)
            }
        }
    }

    fn no_program(&self, lack: &NoProgram) -> Diagnostic {
        let finding = no_program(self.source, lack);
        match self.source.hub() {
            Some(hub) if hub.token.is_some() => {
                let host = self.build.hub.host();
                finding.hint(format!(
                    "or name the secret for its host: `token: HTTP_AUTH_TOKEN_{host}`"
                ))
            }
            _ => finding,
        }
    }

    fn no_step(&self, error: &GatewayError) -> Diagnostic {
        let message = &error.status.message;
        self.without_secret(message)
            .unwrap_or_else(|| self.unreachable(message))
    }

    /// The finding about a secret that a step did not get, where that is what the engine says (buildkit `session/secrets/secrets.go`).
    pub(super) fn without_secret(&self, message: &str) -> Option<Diagnostic> {
        let secrets = self.source.origin.secrets().into_iter();
        let mut missing =
            secrets.filter(|secret| message.contains("not found") && message.contains(&secret.value));
        missing.next().map(|secret| self.no_secret(secret))
    }

    fn no_secret(&self, secret: &Spanned<String>) -> Diagnostic {
        let id = &secret.value;
        let message = format!("the build was not given the secret `{id}`");
        let finding = Diagnostic::error(code::HUB, secret.span, message);
        finding.hint(match self.source.origin {
            Origin::Hub(_) => format!("build with `--secret id={id},src=$HOME/.cache/huggingface/token`, or `--secret id={id},env=HF_TOKEN`"),
            Origin::Artifact(_) => format!("build with `--secret id={id},src=$HOME/.docker/config.json` after `docker login`, or `--secret id={id},env=NAME` with `USER:PASSWORD` in it"),
            Origin::Bucket(_) | Origin::Context(_) => format!("build with `--secret id={id},env=NAME`, or `src=FILE`"),
        })
    }
}

/// The finding about a source that is asked by a program, where no step can run it.
pub(super) fn no_program(source: &ListedModel, lack: &NoProgram) -> Diagnostic {
    let secrets = source.origin.secrets();
    let span = secrets.first().map_or(source.span, |secret| secret.span);
    let message = format!(
        "this source is read by a program in the frontend's own image, which {}",
        lack.which()
    );
    Diagnostic::error(code::MISSING_CAPABILITY, span, message).hint(lack.fix())
}
