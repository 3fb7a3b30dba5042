//! Ports that need a privilege that the image's user has not.

use super::Checked;
use crate::check::User;
use crate::diagnostic::{Diagnostic, code};

/// The first port that any user may open (Linux `ip_unprivileged_port_start`).
const FIRST_FREE: u16 = 1024;

/// Ports below 1024 of an image that does not run as root.
pub(super) fn find(checked: &Checked) -> Vec<Diagnostic> {
    if matches!(checked.user, User::Root(_)) {
        return Vec::new();
    }
    let low = checked.ports.iter().filter(|port| port.number < FIRST_FREE);
    let found = low.map(|port| {
        let message = format!(
            "port {} is below {FIRST_FREE}, and the image does not run as root",
            port.number
        );
        Diagnostic::warning(code::PRIVILEGED_PORT, port.name.span, message)
            .hint(format!(
                "serve a higher one and publish it as you like: `docker run -p {}:{}`",
                port.number,
                higher(port.number)
            ))
            .hint("Docker opens low ports to all users; Kubernetes and rootless engines do not")
    });
    found.collect()
}

/// 80 as 8080, 443 as 8443.
fn higher(port: u16) -> u16 {
    match port {
        443 => 8443,
        port => 8000 + port,
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_low_port_of_a_user_is_a_warning() {
        check_diagnostics(
            r#"
              ports: { http: 80 }
            #          ^^^^ warning[privileged-port]: port 80 is below 1024, and the image does not run as root
            # = hint: serve a higher one and publish it as you like: `docker run -p 80:8080`
            # = hint: Docker opens low ports to all users; Kubernetes and rootless engines do not
              healthcheck: tcp:80
        "#,
        );
    }
}
