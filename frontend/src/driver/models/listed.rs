//! What a repository holds, asked by a step of the build: it has the token, which no source of the engine sends as it is.

use std::path::Path;

use modelcrate_fetcher::listing::{Answer as Said, Listing};

use super::super::facts::{Images, facts};
use super::super::planned::ground;
use super::super::{Build, Failure, image};
use super::hub::{Answer, Question};
use super::taken;
use crate::context::{FRONTEND_GRAPH, frontend_image};
use crate::diagnostic::{Diagnostic, code};
use crate::gateway::{ErrorKind, GatewayError};
use crate::lower::{Ground, lower};
use crate::options::NoCache;
use crate::plan::{LISTING, listing_steps};
use crate::spec::ResolvedModel;

impl Question<'_> {
    /// The same answer as without a token.
    pub(super) async fn listed(&self) -> Answer<ResolvedModel> {
        let Some(frontend) = frontend_image(Path::new(FRONTEND_GRAPH))? else {
            return Ok(Err(vec![self.no_program()]));
        };
        let said = match self.said(frontend).await {
            Ok(said) => said?,
            Err(error) if error.kind == ErrorKind::Closed => return Err(error.into()),
            Err(error) => return Ok(Err(vec![self.no_step(&error)])),
        };
        Ok(match said {
            Said::Found(listing) => self.checked(listing),
            Said::Refused(refusal) => Err(vec![self.finding(&refusal, None)]),
            Said::Failed(why) => Err(vec![self.unreachable(&why)]),
        })
    }

    /// Runs the step, each time: what it asks for may be another tomorrow.
    async fn said(&self, frontend: buildkit_llb::Output) -> Result<Result<Said, Failure>, GatewayError> {
        let build = self.build;
        let native = build.gateway.build_platform();
        let images = Images::default();
        let ground = Ground {
            no_cache: &NoCache::All,
            ..ground(build, native, &images, Some(frontend))
        };
        let plan = listing_steps(self.hub, &facts(build, native, &images));
        let output = lower(&plan.steps, &ground).files(plan.result);
        let solved = image::evaluated(build, output.as_ref()).await?;
        let bytes = build.gateway.read_file(&solved, LISTING).await?;
        Ok(serde_json::from_slice(&bytes)
            .map_err(|error| Failure::bug(&format!("the fetcher's answer cannot be read: {error}"))))
    }

    fn checked(&self, listing: Listing) -> Result<ResolvedModel, Vec<Diagnostic>> {
        let Listing {
            revision,
            files,
            others,
        } = listing;
        let taken: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let all: Vec<&str> = taken
            .iter()
            .copied()
            .chain(others.iter().map(String::as_str))
            .collect();
        let found = taken::wrong(self.model, self.hub, &all, &taken);
        match found.is_empty() {
            true => Ok(ResolvedModel { revision, files }),
            false => Err(found),
        }
    }

    fn no_program(&self) -> Diagnostic {
        let host = self.build.hub.host();
        let span = self.hub.token.as_ref().map_or(self.hub.span, |token| token.span);
        Diagnostic::error(
            code::MISSING_CAPABILITY,
            span,
            "a token needs an engine that tells a frontend its own image",
        )
        .hint("update Docker Engine to 28.0 or later, or build with a builder of its own: `docker buildx create --use`")
        .hint(format!("or name the secret for its host: `token: HTTP_AUTH_TOKEN_{host}`"))
    }

    fn no_step(&self, error: &GatewayError) -> Diagnostic {
        let message = &error.status.message;
        match &self.hub.token {
            Some(token) if message.contains(&token.value) && message.contains("not found") => {
                let id = &token.value;
                let message = format!("the build was not given the secret `{id}`");
                Diagnostic::error(code::HUB, token.span, message)
                    .hint(format!("build with `--secret id={id},src=$HOME/.cache/huggingface/token`, or `--secret id={id},env=HF_TOKEN`"))
            }
            _ => self.unreachable(message),
        }
    }
}

/// Whether a model's hub is asked by a step.
pub(super) fn is_listed(build: &Build, question: &Question) -> bool {
    let host = build.hub.host();
    let token = question.hub.token.as_ref();
    token.is_some_and(|token| !crate::plan::is_of_host(&token.value, host))
}
