//! The image's ports, which its program listens on.

use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

use modelcrate_launcher::Port;

use super::finding::fix;
use super::{Check, Container, Finding};

/// A port that can be listened on: it is, for a moment.
pub fn check(port: &Port, container: &Container) -> Option<Finding> {
    let any = [
        SocketAddr::from((Ipv6Addr::UNSPECIFIED, port.number)),
        SocketAddr::from((Ipv4Addr::UNSPECIFIED, port.number)),
    ];
    let refused = any.iter().find_map(|address| refusal(*address, port.udp))?;
    let name = format!("{}/{}", port.number, if port.udp { "udp" } else { "tcp" });
    if refused == ErrorKind::AddrInUse {
        return Some(Check::Ports.finding(
            format!("port {name} is taken"),
            "the program cannot listen on it",
            fix(
                container,
                "stop what listens there, or leave out `--network host` or `--network container:…`, which share it",
                "stop what listens there: another container of the pod, or of the node with `hostNetwork: true`",
            ),
        ));
    }
    Some(Check::Ports.finding(
        format!("user {} may not listen on port {name}", container.uid),
        "the program cannot listen on it",
        fix(
            container,
            "add `--sysctl net.ipv4.ip_unprivileged_port_start=0`, or `--cap-add NET_BIND_SERVICE --user 0`",
            "add `securityContext: { sysctls: [{ name: net.ipv4.ip_unprivileged_port_start, value: \"0\" }] }` to the pod",
        ),
    ))
}

/// Why a port cannot be had, where that is the port's fault: a machine without IPv6 is no finding.
fn refusal(address: SocketAddr, udp: bool) -> Option<ErrorKind> {
    let bound: Result<(), Error> = match udp {
        true => UdpSocket::bind(address).map(drop),
        false => TcpListener::bind(address).map(drop),
    };
    let kind = bound.err()?.kind();
    matches!(kind, ErrorKind::AddrInUse | ErrorKind::PermissionDenied).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_somebody_has_is_taken() {
        let container = Container::at(std::path::Path::new("/"), &[]);
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        for (number, is_udp) in [
            (tcp.local_addr().unwrap().port(), false),
            (udp.local_addr().unwrap().port(), true),
        ] {
            let port = Port { number, udp: is_udp };
            let finding = check(&port, &container).unwrap();
            assert!(finding.what.ends_with("is taken"), "{}", finding.what);
        }
    }
}
