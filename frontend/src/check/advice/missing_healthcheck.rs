//! A server that nobody asks whether it is well.

use super::Checked;
use crate::diagnostic::{Diagnostic, code};

/// Ports that are served over TCP, and no word about a health check.
pub(super) fn find(checked: &Checked) -> Vec<Diagnostic> {
    let served = checked.ports.iter().find(|port| port.protocol == "tcp");
    let Some(port) = served.filter(|_| checked.healthcheck.is_none()) else {
        return Vec::new();
    };
    let message = format!(
        "the image serves port {}, and nothing asks whether the server is well",
        port.number
    );
    vec![
        Diagnostic::warning(code::MISSING_HEALTHCHECK, port.name.span, message)
            .hint(format!(
                "write `healthcheck: http://localhost:{}/health`, or `healthcheck: tcp:{}`",
                port.number, port.number
            ))
            .hint("where something else asks: `healthcheck: none`"),
    ]
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_server_without_a_health_check_is_a_warning() {
        check_diagnostics(
            r#"
              ports: { dns: 5353/udp, http: 8000 }
            #                         ^^^^ warning[missing-healthcheck]: the image serves port 8000, and nothing asks whether the server is well
            # = hint: write `healthcheck: http://localhost:8000/health`, or `healthcheck: tcp:8000`
            # = hint: where something else asks: `healthcheck: none`
        "#,
        );
    }

    #[test]
    fn a_health_check_can_be_declined() {
        check_diagnostics(
            r#"
              ports: { http: 8000 }
              healthcheck: none
        "#,
        );
    }
}
