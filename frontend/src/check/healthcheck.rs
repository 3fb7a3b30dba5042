//! `healthcheck:`

use super::findings::Findings;
use super::{HealthTest, Healthcheck, duration, url};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{self, Command, Entry, Field, OrNone, Spec, Text};

/// The health check of the image; `None` inherits the base's.
pub fn healthcheck(spec: &Spec, findings: &mut Findings) -> Option<Healthcheck> {
    let entry = spec.healthcheck.get()?;
    let span = entry.whole();
    let OrNone::Some(written) = &entry.value else {
        return Some(none(span));
    };
    let test = findings.keep(test(written, entry.key));
    let mut time = |field: &Field<Text>, key: &str| {
        findings
            .keep(field.get().map(|time| duration::duration(time, key)).transpose())
            .flatten()
    };
    let interval = time(&written.interval, "interval");
    let timeout = time(&written.timeout, "timeout");
    let start_period = time(&written.start_period, "start_period");
    let start_interval = time(&written.start_interval, "start_interval");
    let retries = written.retries.get();
    if let Some(retries) = retries.filter(|retries| retries.value.0 == 0) {
        findings.push(
            Diagnostic::error(code::WRONG_TYPE, retries.span, "`retries` must be 1 or more")
                .hint("leave it out for the engine's own number, 3"),
        );
    }
    Some(Healthcheck {
        test: test??,
        interval,
        timeout,
        start_period,
        start_interval,
        retries: retries.map(|retries| retries.value.0),
        span,
    })
}

fn none(span: Span) -> Healthcheck {
    Healthcheck {
        test: HealthTest::None,
        interval: None,
        timeout: None,
        start_period: None,
        start_interval: None,
        retries: None,
        span,
    }
}

/// What is asked; nothing when it could not be read.
fn test(written: &spec::Healthcheck, key: Span) -> Result<Option<HealthTest>, Diagnostic> {
    if let (Some(url), Some(command)) = (written.url.key(), written.command.key()) {
        return Err(Diagnostic::error(
            code::CONFLICT,
            command,
            "a health check asks a `url` or runs a `command`, not both",
        )
        .related(url, "the other one")
        .hint("leave one of them out"));
    }
    if let Some(url) = written.url.get() {
        return address(url).map(|url| Some(HealthTest::Url(url)));
    }
    let Some(command) = written.command.get() else {
        let silent = !written.url.is_written() && !written.command.is_written();
        return match silent {
            true => Err(Diagnostic::error(
                code::MISSING_KEY,
                key,
                "`healthcheck` needs a `url` or a `command`",
            )
            .hint("write `url: http://localhost:8080/health`; the image needs no curl for it")),
            false => Ok(None),
        };
    };
    let empty = Diagnostic::error(code::INVALID_COMMAND, command.key, "there is no command to run");
    match &command.value {
        Command::Shell(line) if line.trim().is_empty() => Err(empty),
        Command::Shell(line) => Ok(Some(HealthTest::Shell(line.clone()))),
        Command::Args(args) if args.0.is_empty() => Err(empty),
        Command::Args(args) => {
            let args = args.0.iter().map(|arg| arg.value.0.clone()).collect();
            Ok(Some(HealthTest::Command(args)))
        }
    }
}

/// `http://HOST:PORT/PATH` or `tcp:PORT`: what the launcher can ask.
fn address(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let finding = |message: String| Diagnostic::error(code::INVALID_URL, entry.span, message);
    if let Some(port) = text.strip_prefix("tcp:") {
        return match port.parse::<u16>() {
            Ok(number) if number > 0 => Ok(Spanned::new(text.to_string(), entry.span)),
            _ => Err(finding(format!("`{port}` is not a port")).hint("write `tcp:8080`")),
        };
    }
    if let Some(rest) = text.strip_prefix("http://") {
        return http(rest)
            .map(|()| Spanned::new(text.to_string(), entry.span))
            .map_err(|reason| {
                finding(format!("`{text}` cannot be asked: {reason}"))
                    .hint("write `http://localhost:8080/health`")
            });
    }
    let finding = finding(format!("`{text}` cannot be asked"));
    Err(match text {
        _ if text.starts_with("https://") => {
            finding.hint("inside the container plain `http://` is enough; for TLS write a `command`")
        }
        _ if text.starts_with('/') => finding.hint(format!("write `http://localhost:8080{text}`")),
        _ if text.contains("://")
            || text.contains(char::is_whitespace)
            || !text.contains([':', '/', '.']) =>
        {
            finding.hint("write `http://localhost:8080/health` or `tcp:8080`; a command goes under `command`")
        }
        _ => finding.hint(format!("write `http://{text}`")),
    })
}

fn http(rest: &str) -> Result<(), &'static str> {
    let host = url::host(rest);
    let port = host
        .rsplit_once(':')
        .map(|(_, port)| port)
        .filter(|port| !port.contains(']'));
    match port {
        _ if rest.contains(char::is_whitespace) => Err("there is a space in it"),
        _ if host.is_empty() || host.starts_with(':') => Err("it has no host"),
        Some(port) if port.parse::<u16>().is_err() => Err("its port is not a number from 1 to 65535"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_check_asks_something() {
        check_diagnostics(
            r#"
              healthcheck: { interval: 30s }
            # ^^^^^^^^^^^ error[missing-key]: `healthcheck` needs a `url` or a `command`
            # = hint: write `url: http://localhost:8080/health`; the image needs no curl for it
        "#,
        );
    }

    #[test]
    fn a_check_asks_in_one_way() {
        check_diagnostics(
            r#"
              healthcheck: { url: "tcp:80", command: "true" }
            #                               ^^^^^^^ error[conflict]: a health check asks a `url` or runs a `command`, not both
            # = hint: leave one of them out
            #                --- the other one
        "#,
        );
    }

    #[test]
    fn a_time_has_a_unit() {
        check_diagnostics(
            r#"
              healthcheck: { url: "tcp:80", interval: 30, timeout: 0s, start_period: soon }
            #                                         ^^ error[invalid-duration]: `30` is not a duration
            # = hint: write `30s` for seconds
            #                                                      ^^ error[invalid-duration]: `timeout` cannot be zero
            # = hint: leave it out for the engine's own time
            #                                                                        ^^^^ error[invalid-duration]: `soon` is not a duration
            # = hint: write `30s`, `5m`, `1m30s` or `500ms`
        "#,
        );
    }

    #[test]
    fn a_url_has_a_scheme() {
        check_diagnostics(
            r#"
              healthcheck: localhost:8080/health
            #              ^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `localhost:8080/health` cannot be asked
            # = hint: write `http://localhost:8080/health`
        "#,
        );
    }

    #[test]
    fn a_path_is_not_a_url() {
        check_diagnostics(
            r#"
              healthcheck: /health
            #              ^^^^^^^ error[invalid-url]: `/health` cannot be asked
            # = hint: write `http://localhost:8080/health`
        "#,
        );
    }

    #[test]
    fn the_launcher_speaks_plain_http() {
        check_diagnostics(
            r#"
              healthcheck: https://localhost/health
            #              ^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://localhost/health` cannot be asked
            # = hint: inside the container plain `http://` is enough; for TLS write a `command`
        "#,
        );
    }

    #[test]
    fn a_port_of_a_url_is_a_number() {
        check_diagnostics(
            r#"
              healthcheck: http://localhost:http/
            #              ^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `http://localhost:http/` cannot be asked: its port is not a number from 1 to 65535
            # = hint: write `http://localhost:8080/health`
        "#,
        );
    }

    #[test]
    fn retries_are_at_least_one() {
        check_diagnostics(
            r#"
              healthcheck: { url: "tcp:80", retries: 0 }
            #                                        ^ error[wrong-type]: `retries` must be 1 or more
            # = hint: leave it out for the engine's own number, 3
        "#,
        );
    }

    #[test]
    fn a_command_is_not_empty() {
        check_diagnostics(
            r#"
              healthcheck: { command: [] }
            #                ^^^^^^^ error[invalid-command]: there is no command to run
        "#,
        );
    }

    #[test]
    fn no_check_at_all_is_fine() {
        check_diagnostics(
            r#"
              healthcheck: none
        "#,
        );
    }
}
