//! What the files are written of.

use std::collections::BTreeMap;

use crate::check::{self, Arg, Checked, check, has_errors};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::spec::{self, PlatformNames, Request, ResolvedModels};

/// A spec with all its targets.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The path of the spec, as docker takes it in the context.
    pub file: String,
    /// What the image is called.
    pub name: String,
    /// The spec's own args.
    pub args: Vec<Arg>,
    /// The spec itself, then its targets in the written order.
    pub targets: Vec<Target>,
}

/// The spec itself or one of its targets.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name; the spec itself has none.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it asks for.
    pub checked: Checked,
}

impl Subject {
    /// Reads a spec and checks each of its targets, for `linux/amd64`: what differs by platform is nothing of these files.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn read(source: &Source, build_args: &BTreeMap<String, String>) -> Result<Self, Vec<Diagnostic>> {
        let document = spec::parse(source)?;
        let platform = PlatformNames::new("linux", "amd64", "");
        let models = ResolvedModels::new();
        let itself = Request {
            target: None,
            build_args,
            platform: &platform,
            build_platform: &platform,
            models: &models,
        };
        let named = check::targets(&document).into_iter();
        let named = named.map(|target| (Some(target.name.value), target.description));
        let mut targets = Vec::new();
        for (name, description) in std::iter::once((None, None)).chain(named) {
            let (checked, found) = check(
                source,
                &Request {
                    target: name.as_deref(),
                    ..itself
                },
            );
            match checked.filter(|_| !has_errors(&found)) {
                Some(checked) => targets.push(Target {
                    name,
                    description,
                    checked,
                }),
                None => return Err(found),
            }
        }
        let name = targets.iter().find_map(|target| target.checked.name.clone());
        Ok(Self {
            file: source.name.clone(),
            name: name.map_or_else(|| "app".into(), |name| name.value),
            args: check::args(&document, source, &itself),
            targets,
        })
    }

    /// The target of a name; the spec itself for none.
    pub fn target(&self, name: Option<&str>) -> Option<&Target> {
        self.targets.iter().find(|target| target.name.as_deref() == name)
    }
}
