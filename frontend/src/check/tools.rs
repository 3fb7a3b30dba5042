//! `tools:`

use super::Tool;
use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Spec, Text};

/// Tools, each once.
pub fn tools(spec: &Spec, findings: &mut Findings) -> Vec<Spanned<Tool>> {
    let mut tools = findings.keep_all(spec.tools.items().iter().map(tool));
    tools.sort_by_key(|tool| tool.value);
    tools.dedup_by_key(|tool| tool.value);
    tools
}

fn tool(entry: &Entry<Text>) -> Result<Spanned<Tool>, Diagnostic> {
    match &*entry.value {
        "uv" => Ok(Spanned::new(Tool::Uv, entry.span)),
        other => {
            let message = format!("`{other}` is not a tool that modelcrate knows");
            Err(
                Diagnostic::error(code::UNKNOWN_CHOICE, entry.span, message).hint(format!(
                    "the only one is `uv`; a Debian package goes under `apt`: `apt: [{other}]`"
                )),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_tool_is_known() {
        check_diagnostics(
            r#"
              tools: [uv, vim]
            #             ^^^ error[unknown-choice]: `vim` is not a tool that modelcrate knows
            # = hint: the only one is `uv`; a Debian package goes under `apt`: `apt: [vim]`
        "#,
        );
    }
}
