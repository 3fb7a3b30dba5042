//! The client's SSH agent in commands of the user's own.

use modelcrate_tests::buildx::Buildx;
use modelcrate_tests::nonce::nonce;
use modelcrate_tests::ssh_agent::SshAgent;

/// The commands see the socket they named, the image keeps nothing of it; without the agent the line and the flag are named.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_command_uses_the_agent_that_it_names() {
    let agent = SshAgent::start();
    let spec = format!(
        r#"name: x
user: root
run:
  - name: talk to the agent
    ssh: [default, other]
    command: test -S $SSH_AUTH_SOCK && test $SSH_AUTH_SOCK = /run/buildkit/ssh_agent.0 && test -S /run/buildkit/ssh_agent.1
  - {{ command: "test -z \"$SSH_AUTH_SOCK\" && test ! -e /run/buildkit # {}" }}
"#,
        nonce()
    );
    let build = || Buildx::spec(&spec);
    let other = agent.as_flag().replacen("default", "other", 1);
    build()
        .flags(&["--ssh", &agent.as_flag(), "--ssh", &other])
        .passes();

    let refused = build().flags(&["--ssh", &other, "--no-cache"]).fails();
    let line = "| >>>   - name: talk to the agent";
    for words in [
        line,
        "talk to the agent (needs --ssh default --ssh other)",
        "modelcrate.yaml:5",
        "ssh forward key default",
    ] {
        assert!(refused.contains(words), "no `{words}` in:\n{refused}");
    }
}
