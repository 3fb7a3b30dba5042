//! `ssh:`, the client's SSH agents that a command sees.

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Field, List, Text};

/// The agent that `--ssh default` forwards, and that `ssh: true` means.
const DEFAULT: &str = "default";

/// Ids of agents as `docker buildx build --ssh ID` takes them, in the written order, each once; `true` is the default one.
pub fn agents(field: &Field<List<Text>>, findings: &mut Findings) -> Vec<Spanned<String>> {
    let written = field.items().iter().filter(|item| &*item.value != "false");
    let mut agents: Vec<Spanned<String>> = Vec::new();
    for agent in findings.keep_all(written.map(agent)) {
        if agents.iter().all(|known| known.value != agent.value) {
            agents.push(agent);
        }
    }
    agents
}

fn agent(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let id = if text == "true" { DEFAULT } else { text };
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !id.is_empty() && id.chars().all(letters) {
        return Ok(Spanned::new(id.to_owned(), entry.span));
    }
    let message = format!("`{text}` is not the id of an SSH agent");
    let finding = Diagnostic::error(code::INVALID_NAME, entry.span, message);
    Err(match text.split_once('=') {
        Some((id, _)) => finding.hint(format!(
            "name the id alone, `ssh: {id}`; which key it is, the command line says: `--ssh {text}`"
        )),
        None => finding.hint(
            "write `ssh: true` for the agent of `--ssh default`, or the ids of others: `ssh: [github]`",
        ),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::{Build, check_diagnostics, check_of};
    use crate::source::Source;

    fn agents(written: &str) -> Vec<String> {
        let text = format!("run: [{{ command: git clone, ssh: {written} }}]\n");
        let (checked, findings) = check_of(&Source::new("modelcrate.yaml", text), &Build::default());
        assert_eq!(findings, []);
        let run = checked.unwrap().runs.remove(0);
        run.ssh.into_iter().map(|id| id.value).collect()
    }

    #[test]
    fn agents_are_one_by_default_or_named() {
        assert_eq!(agents("true"), ["default"]);
        assert_eq!(agents("default"), ["default"]);
        assert_eq!(agents("[github, true, github]"), ["github", "default"]);
        assert!(agents("false").is_empty());
    }

    #[test]
    fn an_agent_is_an_id_without_its_key() {
        check_diagnostics(
            r#"
              run:
                - { command: git clone, ssh: ~/.ssh/id_ed25519 }
            #                                ^^^^^^^^^^^^^^^^^ error[invalid-name]: `~/.ssh/id_ed25519` is not the id of an SSH agent
            # = hint: write `ssh: true` for the agent of `--ssh default`, or the ids of others: `ssh: [github]`
                - { command: git clone, ssh: [default, github=/keys/github] }
            #                                          ^^^^^^^^^^^^^^^^^^^ error[invalid-name]: `github=/keys/github` is not the id of an SSH agent
            # = hint: name the id alone, `ssh: github`; which key it is, the command line says: `--ssh github=/keys/github`
        "#,
        );
    }
}
