//! `run:`

use super::findings::Findings;
use super::{
    CacheMount, Network, Run, RunAfter, RunStage, SecretShown, SecretUse, Sharing, User, defaults, env,
    mounts, outputs, path, secrets, ssh,
};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{self, After, Entry, Field, NetworkMode, SharingMode, Spec, Stage, Text};

/// Commands, in the written order.
pub fn runs(spec: &Spec, user: &User, findings: &mut Findings) -> Vec<Run> {
    let items = spec.run.items();
    let mut runs = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let mounts = mounts::mounts(&item.mounts, &items[..at], findings);
        let outputs = outputs::outputs(&item.outputs, user, findings);
        runs.extend(run(item, spec, findings).map(|run| Run {
            mounts,
            outputs,
            ..run
        }));
    }
    runs
}

/// The network of a step; `None` is the build's default.
pub fn network(field: &Field<NetworkMode>) -> Option<Network> {
    field.get().map(|network| match network.value {
        NetworkMode::Default => Network::Default,
        NetworkMode::None => Network::None,
        NetworkMode::Host => Network::Host,
    })
}

/// Whether a command runs where things are built.
pub fn is_build(run: &spec::Run) -> bool {
    run.stage.get().is_some_and(|stage| stage.value == Stage::Build)
}

fn run(item: &Entry<spec::Run>, spec: &Spec, findings: &mut Findings) -> Option<Run> {
    outputs_fit_the_stage(item, findings);
    let script = findings.keep(script(item));
    let cache = findings.keep_all(item.cache.items().iter().map(cache));
    let secrets = findings.keep_all(item.secrets.items().iter().map(|used| secret(used, spec)));
    let env = env::entries(&item.env, findings);
    let inputs = findings.keep_all(item.inputs.items().iter().map(path::in_context));
    same_place_twice(&cache, findings);
    Some(Run {
        name: item.name.get().map(|name| name.value.0.clone()),
        script: script??,
        stage: if is_build(item) {
            RunStage::Build
        } else {
            RunStage::Image
        },
        after: after(item, findings),
        cache,
        secrets,
        ssh: ssh::agents(&item.ssh, findings),
        network: network(&item.network),
        env: env
            .into_iter()
            .map(|(name, value)| (name.value, value.value))
            .collect(),
        inputs,
        mounts: Vec::new(),
        outputs: Vec::new(),
        span: item.span,
    })
}

/// The lines to run; nothing when they could not be read.
fn script(item: &Entry<spec::Run>) -> Result<Option<Spanned<String>>, Diagnostic> {
    if let (Some(command), Some(commands)) = (item.command.key(), item.commands.key()) {
        return Err(Diagnostic::error(
            code::CONFLICT,
            commands,
            "`command` and `commands` are both given",
        )
        .related(command, "the other one")
        .hint("write all lines under `commands`"));
    }
    let script = match (item.command.get(), item.commands.get()) {
        (Some(command), _) => Spanned::new(command.value.0.clone(), command.span),
        (_, Some(commands)) => {
            let lines: Vec<&str> = commands.0.iter().map(|line| &*line.value.0).collect();
            Spanned::new(lines.join("\n"), commands.span)
        }
        _ if item.command.is_written() || item.commands.is_written() => return Ok(None),
        _ => {
            return Err(
                Diagnostic::error(code::MISSING_KEY, item.key, "this step has no `command`")
                    .hint("write `command: …`, or a list of lines under `commands`"),
            );
        }
    };
    check_script(&script)?;
    // `|` and `|-` say the same, so they give the same bytes.
    Ok(Some(script.map(|script| script.trim_end().to_string())))
}

fn check_script(script: &Spanned<String>) -> Result<(), Diagnostic> {
    let start = script.trim_start();
    let finding = |message: &str| Diagnostic::error(code::INVALID_COMMAND, script.span, message);
    if start.is_empty() {
        return Err(finding("there is nothing to run").hint("write a line of shell"));
    }
    if start.starts_with("--mount=") || start.starts_with("RUN ") {
        return Err(finding("this is Dockerfile syntax, and a command is plain shell")
            .hint("mounts are declared beside it: `{ command: …, cache: [/path], secrets: [id] }`"));
    }
    Ok(())
}

/// A command in a build stage stands on the build image alone, so it has nothing to choose.
fn after(item: &Entry<spec::Run>, findings: &mut Findings) -> RunAfter {
    if let Some(key) = item.after.key().filter(|_| is_build(item)) {
        findings.push(
            Diagnostic::error(code::CONFLICT, key, "`after` belongs to a command on the image")
                .hint("leave `after` out, or `stage: build`"),
        );
    }
    match item.after.get().map(|after| after.value) {
        Some(After::System) => RunAfter::System,
        None | Some(After::Dependencies) => RunAfter::Dependencies,
        Some(After::All) => RunAfter::All,
    }
}

fn outputs_fit_the_stage(item: &Entry<spec::Run>, findings: &mut Findings) {
    match (item.outputs.key(), item.stage.key()) {
        (Some(outputs), _) if !is_build(item) && !matches!(item.stage, Field::Bad(_)) => findings.push(
            Diagnostic::error(
                code::CONFLICT,
                outputs,
                "`outputs` belong to a command with `stage: build`",
            )
            .hint("add `stage: build`, or leave `outputs` out: on the image everything is kept"),
        ),
        (None, Some(stage)) if is_build(item) => findings.push(
            Diagnostic::warning(code::NO_EFFECT, stage, "nothing that this command makes is kept")
                .hint("name what the image keeps: `outputs: [/path]`; or leave `stage: build` out"),
        ),
        _ => {}
    }
}

fn cache(item: &Entry<spec::CacheMount>) -> Result<CacheMount, Diagnostic> {
    let Some(written) = item.path.get() else {
        return Err(missing(
            "this cache has no `path`",
            item.key,
            "write `cache: [/root/.cache]`, or `{ path: …, id: … }`",
        ));
    };
    let path = path::below_root(written, "a cache")?;
    Ok(CacheMount {
        id: item
            .id
            .get()
            .map_or_else(|| path.value.clone(), |id| id.value.0.clone()),
        path,
        sharing: match item.sharing.get().map(|sharing| sharing.value) {
            None | Some(SharingMode::Shared) => Sharing::Shared,
            Some(SharingMode::Private) => Sharing::Private,
            Some(SharingMode::Locked) => Sharing::Locked,
        },
    })
}

fn missing(message: &str, span: crate::source::Span, hint: &str) -> Diagnostic {
    Diagnostic::error(code::MISSING_KEY, span, message).hint(hint)
}

fn same_place_twice(caches: &[CacheMount], findings: &mut Findings) {
    for (at, cache) in caches.iter().enumerate() {
        if let Some(first) = caches[..at]
            .iter()
            .find(|other| other.path.value == cache.path.value)
        {
            let message = format!("`{}` is a cache twice", cache.path.value);
            findings.push(
                Diagnostic::error(code::DUPLICATE_VALUE, cache.path.span, message)
                    .related(first.path.span, "first written here"),
            );
        }
    }
}

/// A secret as a step sees it.
///
/// # Errors
/// When it has no id, or is shown in two ways.
pub fn secret(item: &Entry<spec::SecretUse>, spec: &Spec) -> Result<SecretUse, Diagnostic> {
    let Some(id) = item.id.get() else {
        return Err(missing(
            "this secret has no `id`",
            item.key,
            "write `secrets: [ID]`, or `{ id: ID, env: NAME }`",
        ));
    };
    let id = secrets::id(id)?;
    let shown_as = match (item.env.get(), item.file.get()) {
        (Some(env), Some(file)) => {
            return Err(Diagnostic::error(
                code::CONFLICT,
                file.key,
                "a secret is shown in `env` or in a `file`, not both",
            )
            .related(env.key, "the other one")
            .hint("list it twice where a command needs both"));
        }
        (Some(env), None) => SecretShown::Env(shown_env(env)?),
        (None, Some(file)) => SecretShown::File(path::below_root(file, "`file`")?.value),
        (None, None) => SecretShown::File(format!("{}/{}", defaults::SECRETS, id.value)),
    };
    let optional = item.optional.get().is_some_and(|optional| optional.value.0);
    Ok(SecretUse {
        optional: optional || secrets::is_optional(&id, spec),
        id,
        shown_as,
    })
}

fn shown_env(entry: &Entry<Text>) -> Result<String, Diagnostic> {
    let name = Spanned::new(entry.value.0.clone(), entry.span);
    env::valid_name(&name).map(|name| name.value)
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_step_has_a_command() {
        check_diagnostics(
            r#"
              run:
                - name: nothing
            #     ^^^^ error[missing-key]: this step has no `command`
            # = hint: write `command: …`, or a list of lines under `commands`
                - command: ""
            #              ^^ error[invalid-command]: there is nothing to run
            # = hint: write a line of shell
        "#,
        );
    }

    #[test]
    fn a_step_has_one_script() {
        check_diagnostics(
            r#"
              run: [{ command: a, commands: [b, c] }]
            #                     ^^^^^^^^ error[conflict]: `command` and `commands` are both given
            # = hint: write all lines under `commands`
            #         ------- the other one
        "#,
        );
    }

    #[test]
    fn mounts_are_declared() {
        check_diagnostics(
            r#"
              run:
                - "--mount=type=cache,target=/c make"
            #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-command]: this is Dockerfile syntax, and a command is plain shell
            # = hint: mounts are declared beside it: `{ command: …, cache: [/path], secrets: [id] }`
        "#,
        );
    }

    #[test]
    fn outputs_are_for_the_build_stage() {
        check_diagnostics(
            r#"
              run: [{ command: make, outputs: [/opt/app] }]
            #                        ^^^^^^^ error[conflict]: `outputs` belong to a command with `stage: build`
            # = hint: add `stage: build`, or leave `outputs` out: on the image everything is kept
        "#,
        );
    }

    #[test]
    fn a_build_step_without_outputs_does_nothing_for_the_image() {
        check_diagnostics(
            r#"
              run: [{ command: make, stage: build }]
            #                        ^^^^^ warning[no-effect]: nothing that this command makes is kept
            # = hint: name what the image keeps: `outputs: [/path]`; or leave `stage: build` out
        "#,
        );
    }

    #[test]
    fn a_cache_is_an_absolute_folder() {
        check_diagnostics(
            r#"
              run: [{ command: make, cache: [ccache, { id: x }] }]
            #                                ^^^^^^ error[invalid-path]: a cache must be an absolute path, not `ccache`
            # = hint: write `/ccache`
            #                                          ^^ error[missing-key]: this cache has no `path`
            # = hint: write `cache: [/root/.cache]`, or `{ path: …, id: … }`
        "#,
        );
    }

    #[test]
    fn a_cache_is_named_once() {
        check_diagnostics(
            r#"
              run: [{ command: make, cache: [/c, { path: /c/, id: other }] }]
            #                                            ^^^ error[duplicate-value]: `/c` is a cache twice
            #                                -- first written here
        "#,
        );
    }

    #[test]
    fn a_secret_is_shown_in_one_way() {
        check_diagnostics(
            r#"
              run: [{ command: make, secrets: [{ id: key, env: KEY, file: /key }] }]
            #                                                       ^^^^ error[conflict]: a secret is shown in `env` or in a `file`, not both
            # = hint: list it twice where a command needs both
            #                                             --- the other one
        "#,
        );
    }

    #[test]
    fn a_secret_has_an_id() {
        check_diagnostics(
            r#"
              run: [{ command: make, secrets: [{ env: KEY }, "a b"] }]
            #                                    ^^^ error[missing-key]: this secret has no `id`
            # = hint: write `secrets: [ID]`, or `{ id: ID, env: NAME }`
            #                                                ^^^^^ error[invalid-name]: `a b` is not the id of a secret
            # = hint: write an id of letters, digits, `_`, `-` and `.`; its value is given with `--secret id=ID,env=NAME` or `src=FILE`
        "#,
        );
    }

    #[test]
    fn inputs_are_in_the_context() {
        check_diagnostics(
            r#"
              run: [{ command: make, inputs: [../src] }]
            #                                 ^^^^^^ error[invalid-path]: `../src` is outside the build context
            # = hint: build with a context that holds it: a folder further up, or `--build-context NAME=PATH` and `from: NAME`
        "#,
        );
    }

    #[test]
    fn a_network_is_a_choice() {
        check_diagnostics(
            r#"
              run: [{ command: make, network: off }]
            #                                 ^^^ error[unknown-choice]: `off` is no choice for `network`
            # = hint: the choices are `default`, `none` and `host`
        "#,
        );
    }

    #[test]
    fn a_build_command_stands_on_nothing_that_it_could_choose() {
        check_diagnostics(
            r#"
              run:
                - { command: a, after: system }
                - { command: b, after: al }
            #                          ^^ error[unknown-choice]: `al` is no choice for `after`
            # = hint: did you mean `all`?
                - { command: c, stage: build, after: all, outputs: [/c] }
            #                                 ^^^^^ error[conflict]: `after` belongs to a command on the image
            # = hint: leave `after` out, or `stage: build`
        "#,
        );
    }
}
