//! `stop:`

use super::findings::Findings;
use super::{Stop, duration};
use crate::diagnostic::{Diagnostic, closest, code};
use crate::source::Spanned;
use crate::spec::{Entry, Spec, Text};

/// Signals of Linux (`signal(7)`), without `SIG`.
const SIGNALS: [&str; 32] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
    "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
    "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS", "RTMIN",
];

/// How the image stops.
pub fn stop(spec: &Spec, findings: &mut Findings) -> Stop {
    let Some(written) = spec.stop.get() else {
        return Stop::default();
    };
    let grace = written
        .grace
        .get()
        .map(|grace| duration::duration(grace, "grace"))
        .transpose();
    let signal = written.signal.get().map(signal).transpose();
    Stop {
        signal: findings.keep(signal).flatten(),
        grace: findings.keep(grace).flatten(),
    }
}

/// `SIGTERM`, `TERM`, `SIGRTMIN+3` or a number, as `SIGTERM`.
fn signal(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text = entry.value.to_uppercase();
    let name = text.strip_prefix("SIG").unwrap_or(&text);
    let number: Option<usize> = name.parse().ok();
    let real_time = name
        .strip_prefix("RTMIN+")
        .is_some_and(|number| number.parse::<u32>().is_ok_and(|number| number <= 30));
    if SIGNALS.contains(&name) || real_time {
        return Ok(Spanned::new(format!("SIG{name}"), entry.span));
    }
    if let Some(number) = number.filter(|number| (1..=31).contains(number)) {
        return Ok(Spanned::new(format!("SIG{}", SIGNALS[number - 1]), entry.span));
    }
    let message = format!("`{}` is not a signal", entry.value.0);
    let finding = Diagnostic::error(code::INVALID_SIGNAL, entry.span, message);
    Err(match closest(name, SIGNALS) {
        Some(near) => finding.hint(format!("did you mean `SIG{near}`?")),
        None => finding.hint("write a name such as `SIGTERM` or `SIGINT`; a time goes under `grace`"),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_signal_is_one_of_linux() {
        check_diagnostics(
            r#"
              stop: SIGTREM
            #       ^^^^^^^ error[invalid-signal]: `SIGTREM` is not a signal
            # = hint: did you mean `SIGTERM`?
        "#,
        );
    }

    #[test]
    fn a_time_is_not_a_signal() {
        check_diagnostics(
            r#"
              stop: 30s
            #       ^^^ error[invalid-signal]: `30s` is not a signal
            # = hint: write a name such as `SIGTERM` or `SIGINT`; a time goes under `grace`
        "#,
        );
    }

    #[test]
    fn a_grace_is_a_time() {
        check_diagnostics(
            r#"
              stop: { signal: int, grace: 30 }
            #                             ^^ error[invalid-duration]: `30` is not a duration
            # = hint: write `30s` for seconds
        "#,
        );
    }
}
