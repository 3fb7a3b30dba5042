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
