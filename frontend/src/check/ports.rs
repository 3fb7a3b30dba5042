//! `ports:`

use super::Port;
use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Spec, Text};

/// Ports by name, in the written order.
pub fn ports(spec: &Spec, findings: &mut Findings) -> Vec<Port> {
    let mut ports: Vec<Port> = Vec::new();
    for (name, written) in spec.ports.entries() {
        let Some(port) = findings.keep(port(name, written)) else {
            continue;
        };
        let same = |other: &&Port| other.number == port.number && other.protocol == port.protocol;
        match ports.iter().find(same) {
            Some(first) => findings.push(twice(&port, first, written)),
            None => ports.push(port),
        }
    }
    ports
}

fn port(name: &Spanned<String>, written: &Entry<Text>) -> Result<Port, Diagnostic> {
    let text: &str = written;
    let (number, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let finding = |message: String| Diagnostic::error(code::INVALID_PORT, written.span, message);
    let protocol = match protocol {
        "tcp" => "tcp",
        "udp" => "udp",
        other => {
            return Err(finding(format!("`{other}` is not a protocol of ports"))
                .hint("the choices are `tcp` and `udp`"));
        }
    };
    match number.parse() {
        Ok(number) if number > 0 => Ok(Port {
            name: name.clone(),
            number,
            protocol,
        }),
        _ => Err(finding(format!("`{text}` is not a port")).hint(advice(number))),
    }
}

fn advice(number: &str) -> &'static str {
    match number {
        _ if number.contains(':') => {
            "write the image's own port alone; `docker run -p HOST:PORT` publishes it"
        }
        _ if number.contains('-') => "write each port on its own",
        _ => "ports are numbers from 1 to 65535, `53/udp` for UDP",
    }
}

fn twice(port: &Port, first: &Port, written: &Entry<Text>) -> Diagnostic {
    let message = format!("port {}/{} is given twice", port.number, port.protocol);
    Diagnostic::error(code::DUPLICATE_VALUE, written.span, message)
        .related(first.name.span, "first given here")
        .hint("give each port one name")
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_port_is_a_number() {
        check_diagnostics(
            r#"
              ports: { http: 80800, dns: 53/udp, web: "8080:80", many: 8000-8010 }
            #                ^^^^^ error[invalid-port]: `80800` is not a port
            # = hint: ports are numbers from 1 to 65535, `53/udp` for UDP
            #                                         ^^^^^^^^^ error[invalid-port]: `8080:80` is not a port
            # = hint: write the image's own port alone; `docker run -p HOST:PORT` publishes it
            #                                                          ^^^^^^^^^ error[invalid-port]: `8000-8010` is not a port
            # = hint: write each port on its own
        "#,
        );
    }

    #[test]
    fn a_port_is_tcp_or_udp() {
        check_diagnostics(
            r#"
              ports: [8080/http]
            #         ^^^^^^^^^ error[invalid-port]: `http` is not a protocol of ports
            # = hint: the choices are `tcp` and `udp`
        "#,
        );
    }

    #[test]
    fn a_port_is_given_once() {
        check_diagnostics(
            r#"
              ports: { http: 80, web: 80/tcp, dns: 80/udp }
            #                         ^^^^^^ error[duplicate-value]: port 80/tcp is given twice
            # = hint: give each port one name
            #          ---- first given here
        "#,
        );
    }
}
