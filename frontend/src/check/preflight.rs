//! `preflight:` and `init:`

use super::base::is_scratch;
use super::findings::Findings;
use super::{GpuPreflight, Preflight, path, size};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{self, Entry, Field, Flag, List, OrNone, Spec, Text};

/// What variables of the launcher may say.
const VARIABLES: [(&str, &[&str]); 2] = [
    ("PREFLIGHT", &["off", "warn", "strict"]),
    ("PREFLIGHT_FORMAT", &["text", "json"]),
];

/// What is looked at before the program starts; nothing unless it is asked for.
pub fn preflight(spec: &Spec, findings: &mut Findings) -> Option<Preflight> {
    let entry = spec.preflight.get()?;
    let OrNone::Some(written) = &entry.value else {
        return None;
    };
    startable(spec, "preflight", entry.key, findings);
    variables(spec, findings);
    let workspace = written.workspace.get().map(|path| workspace(path, spec));
    let shm = written.shm.get().map(memory);
    Some(Preflight {
        workspace: findings.keep(workspace.transpose()).flatten().flatten(),
        hf_home: is_on(&written.hf_home, false),
        hf_token: is_on(&written.hf_token, false),
        gpu: gpu(spec, written, findings),
        shm: findings.keep(shm.transpose()).flatten(),
        writable: writable(&written.writable, findings),
        ports: is_on(&written.ports, true),
        models: is_on(&written.models, true),
        user: is_on(&written.user, true),
        skip_for: skip_for(&written.skip_for, findings),
        span: entry.whole(),
    })
}

/// `init: true`, where it was written.
pub fn init(spec: &Spec, findings: &mut Findings) -> Option<Span> {
    let entry = spec.init.get().filter(|init| init.value.0)?;
    startable(spec, "init", entry.key, findings);
    let signal = spec.stop.get().and_then(|stop| stop.signal.get());
    if let Some(signal) = signal.filter(|signal| signal.value.to_uppercase().contains("RTMIN")) {
        let message = format!(
            "`init` does not pass real-time signals such as `{}` on",
            &signal.value.0
        );
        findings.push(
            Diagnostic::error(code::CONFLICT, signal.span, message)
                .related(entry.key, "this puts it between the engine and the program")
                .hint("choose another signal, or leave `init` out: the program then is the first process itself"),
        );
    }
    Some(entry.whole())
}

fn is_on(field: &Field<Flag>, when_absent: bool) -> bool {
    field.get().map_or(when_absent, |flag| flag.value.0)
}

/// Without a base there is no program but the spec's own.
pub(super) fn startable(spec: &Spec, name: &str, key: Span, findings: &mut Findings) {
    let is_named = spec.entrypoint.is_written() || spec.cmd.is_written();
    if is_scratch(spec) && !is_named {
        let message = format!("`{name}` is for the start of a program, and this image has none");
        findings.push(
            Diagnostic::error(code::MISSING_KEY, key, message)
                .hint("write `entrypoint: [PROGRAM]`, or `cmd`"),
        );
    }
}

fn variables(spec: &Spec, findings: &mut Findings) {
    for (name, value) in spec.env.entries() {
        let choices = VARIABLES.iter().find(|(variable, _)| *variable == name.value);
        if let Some((_, choices)) = choices.filter(|(_, choices)| !choices.contains(&&*value.value)) {
            let message = format!("`{}` is no choice for `{}`", &value.value.0, name.value);
            findings.push(
                Diagnostic::error(code::UNKNOWN_CHOICE, value.span, message)
                    .hint(format!("the choices are {}", crate::diagnostic::listed(choices))),
            );
        }
    }
}

/// A size in bytes that is a demand.
fn memory(entry: &Entry<Text>) -> Result<u64, Diagnostic> {
    let size = size::size(entry)?;
    if size.value == 0 {
        return Err(
            Diagnostic::error(code::INVALID_SIZE, entry.span, "`shm` cannot be zero").hint("leave it out"),
        );
    }
    Ok(size.value)
}

/// A path, `true` for the working directory, or `false`.
fn workspace(entry: &Entry<Text>, spec: &Spec) -> Result<Option<Spanned<String>>, Diagnostic> {
    match &*entry.value {
        "false" => Ok(None),
        "true" => match spec.workdir.get() {
            Some(workdir) => path::below_root(workdir, "`workdir`").map(Some),
            None if spec.workdir.is_written() => Ok(None),
            None => Err(Diagnostic::error(
                code::MISSING_KEY,
                entry.span,
                "`workspace: true` means the working directory, and there is no `workdir`",
            )
            .hint("write the folder, such as `workspace: /workspace`")),
        },
        _ => path::below_root(entry, "`workspace`").map(Some),
    }
}

/// A GPU is needed where it is asked for, or where the image has CUDA; a target with `cuda: none` needs none.
fn gpu(spec: &Spec, written: &spec::Preflight, findings: &mut Findings) -> Option<GpuPreflight> {
    let without_cuda = spec.cuda.get().is_some_and(|cuda| cuda.value == OrNone::None);
    match &written.gpu {
        Field::Absent => spec.cuda.some().map(|_| GpuPreflight::default()),
        _ => written.gpu.some().map(|gpu| GpuPreflight {
            skip_for: skip_for(&gpu.skip_for, findings),
        }),
    }
    .filter(|_| !without_cuda)
}

/// Words with single spaces between them.
fn skip_for(written: &Field<List<Text>>, findings: &mut Findings) -> Vec<String> {
    let one = |item: &Entry<Text>| {
        let words: Vec<&str> = item.value.split_whitespace().collect();
        let finding =
            |message: &str| Diagnostic::error(code::INVALID_COMMAND, item.span, message.to_string());
        match words.as_slice() {
            [] => Err(finding("an item of `skip_for` has no words")
                .hint("write the first arguments of a command, such as `config validate`, or an option")),
            [option, _, ..] if option.starts_with('-') => {
                Err(finding(&format!("`{}` is an option and more", &item.value.0))
                    .hint("an option stands alone and counts anywhere; write its value nowhere"))
            }
            words => Ok(words.join(" ")),
        }
    };
    findings.keep_all(written.items().iter().map(one))
}

fn writable(written: &Field<List<Text>>, findings: &mut Findings) -> Vec<Spanned<String>> {
    let mut folders: Vec<Spanned<String>> = Vec::new();
    for item in written.items() {
        let Some(folder) = findings.keep(path::below_root(item, "a folder of `writable`")) else {
            continue;
        };
        match folders.iter().find(|other| other.value == folder.value) {
            Some(first) => findings.push(
                Diagnostic::warning(
                    code::DUPLICATE_ITEM,
                    folder.span,
                    format!("`{}` is looked at twice", folder.value),
                )
                .related(first.span, "first written here"),
            ),
            None => folders.push(folder),
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_size_has_a_unit() {
        check_diagnostics(
            r#"
              preflight: { shm: 256 }
            #                   ^^^ error[invalid-size]: `256` is not a size
            # = hint: write a number and `kB`, `MB`, `GB` (powers of ten), `KiB`, `MiB` or `GiB` (powers of two): `10GB`
        "#,
        );
    }

    #[test]
    fn dockers_letter_alone_is_not_a_unit() {
        check_diagnostics(
            r#"
              preflight: { shm: 256m }
            #                   ^^^^ error[invalid-size]: `256m` is not a size
            # = hint: write `256MB` for powers of ten, `256MiB` for powers of two
        "#,
        );
    }

    #[test]
    fn no_memory_at_all_is_no_demand() {
        check_diagnostics(
            r#"
              preflight: { shm: 0MiB }
            #                   ^^^^ error[invalid-size]: `shm` cannot be zero
            # = hint: leave it out
        "#,
        );
    }

    #[test]
    fn a_workspace_is_an_absolute_path() {
        check_diagnostics(
            r#"
              preflight: { workspace: work }
            #                         ^^^^ error[invalid-path]: `workspace` must be an absolute path, not `work`
            # = hint: write `/work`
        "#,
        );
    }

    #[test]
    fn the_working_directory_must_be_written_to_be_meant() {
        check_diagnostics(
            r#"
              preflight: { workspace: true }
            #                         ^^^^ error[missing-key]: `workspace: true` means the working directory, and there is no `workdir`
            # = hint: write the folder, such as `workspace: /workspace`
        "#,
        );
    }

    #[test]
    fn folders_that_are_written_to_are_absolute_and_named_once() {
        check_diagnostics(
            r#"
              preflight: { writable: [data, /, /tmp, /tmp/] }
            #                         ^^^^ error[invalid-path]: a folder of `writable` must be an absolute path, not `data`
            # = hint: write `/data`
            #                               ^ error[invalid-path]: a folder of `writable` cannot be `/`, the whole image
            # = hint: name a folder, such as `/data`
            #                                        ^^^^^ warning[duplicate-item]: `/tmp` is looked at twice
            #                                  ---- first written here
        "#,
        );
    }

    #[test]
    fn arguments_that_skip_are_words_or_one_option() {
        check_diagnostics(
            r#"
              preflight: { skip_for: [" "], gpu: { skip_for: ["--device cpu", config validate] } }
            #                         ^^^ error[invalid-command]: an item of `skip_for` has no words
            # = hint: write the first arguments of a command, such as `config validate`, or an option
            #                                                 ^^^^^^^^^^^^^^ error[invalid-command]: `--device cpu` is an option and more
            # = hint: an option stands alone and counts anywhere; write its value nowhere
        "#,
        );
    }

    #[test]
    fn a_switch_is_on_or_off() {
        check_diagnostics(
            r#"
              preflight: { hf_home: /hf, gpu: all }
            #                       ^^^ error[wrong-type]: `hf_home` must be `true` or `false`, not `/hf`
            #                                 ^^^ error[wrong-type]: `gpu` must be a mapping with `skip_for`, not `all`
        "#,
        );
    }

    #[test]
    fn a_check_that_is_not_known_has_a_near_one() {
        check_diagnostics(
            r#"
              preflight: { hf-token: true, workspce: /w }
            #              ^^^^^^^^ error[unknown-key]: unknown key `hf-token`
            # = hint: did you mean `hf_token`?
            #                              ^^^^^^^^ error[unknown-key]: unknown key `workspce`
            # = hint: did you mean `workspace`?
        "#,
        );
    }

    #[test]
    fn a_check_is_for_a_program() {
        check_diagnostics(
            r#"
              base: scratch
              preflight: true
            # ^^^^^^^^^ error[missing-key]: `preflight` is for the start of a program, and this image has none
            # = hint: write `entrypoint: [PROGRAM]`, or `cmd`
              init: true
            # ^^^^ error[missing-key]: `init` is for the start of a program, and this image has none
            # = hint: write `entrypoint: [PROGRAM]`, or `cmd`
        "#,
        );
    }

    #[test]
    fn a_mode_in_the_environment_is_one_of_three() {
        check_diagnostics(
            r#"
              preflight: true
              env: { PREFLIGHT: error, PREFLIGHT_FORMAT: json }
            #                   ^^^^^ error[unknown-choice]: `error` is no choice for `PREFLIGHT`
            # = hint: the choices are `off`, `warn` and `strict`
        "#,
        );
    }

    #[test]
    fn real_time_signals_do_not_pass_the_first_process() {
        check_diagnostics(
            r#"
              init: true
            # ---- this puts it between the engine and the program
              stop: SIGRTMIN+3
            #       ^^^^^^^^^^ error[conflict]: `init` does not pass real-time signals such as `SIGRTMIN+3` on
            # = hint: choose another signal, or leave `init` out: the program then is the first process itself
        "#,
        );
    }

    #[test]
    fn a_target_switches_it_off() {
        check_diagnostics(
            r#"
              preflight: false
              init: false
              stop: SIGRTMIN+3
        "#,
        );
    }
}
