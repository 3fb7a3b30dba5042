//! Which hub is asked.

use std::collections::BTreeMap;

use modelcrate_fetcher::hub::Hub;

use super::super::Failure;
use crate::context::SpecFile;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Span;

/// The build arg that names another hub; the name is that of the hub's own client.
pub(in crate::driver) const ENDPOINT: &str = "HF_ENDPOINT";

/// The hub of a build.
pub(in crate::driver) fn endpoint(
    build_args: &BTreeMap<String, String>,
    spec: &SpecFile,
) -> Result<Hub, Failure> {
    let Some(written) = build_args.get(ENDPOINT).filter(|written| !written.is_empty()) else {
        return Ok(Hub::default());
    };
    Hub::new(written).map_err(|_| {
        let message = format!("the build arg `{ENDPOINT}` is not the address of a hub");
        let finding = Diagnostic::error(code::INVALID_URL, Span::default(), message).hint(format!(
            "write `--build-arg {ENDPOINT}=https://HOST`, without user, password and query"
        ));
        Failure::diagnostics(spec, &[finding])
    })
}
