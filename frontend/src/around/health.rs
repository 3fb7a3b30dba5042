//! What a health check asks, for systems that ask by themselves.

use url::Url;

use crate::check::{HealthTest, Healthcheck};
use crate::yaml;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// A path of a port, over HTTP.
    Http {
        /// The port.
        port: u16,
        /// Path and query.
        path: String,
    },
    /// Whether a port takes connections.
    Tcp(u16),
    /// A command inside the container.
    Command(Vec<String>),
}

impl Asked {
    /// What a check asks; `none` asks nothing.
    pub fn of(check: &Healthcheck) -> Option<Self> {
        match &check.test {
            HealthTest::None => None,
            HealthTest::Command(words) => Some(Self::Command(words.clone())),
            HealthTest::Shell(line) => Some(Self::Command(["/bin/sh", "-c", line].map(str::to_owned).into())),
            HealthTest::Url(url) => match url.strip_prefix("tcp:") {
                Some(port) => port.rsplit(':').next()?.parse().ok().map(Self::Tcp),
                None => Self::http(url),
            },
        }
    }

    fn http(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Some(Self::Http {
            port: url.port_or_known_default()?,
            path: format!("{}{query}", url.path()),
        })
    }

    /// The same as a probe of Kubernetes, one line of YAML.
    pub fn probe(&self) -> String {
        match self {
            Self::Http { port, path } => format!("httpGet: {{ path: {}, port: {port} }}", yaml::word(path)),
            Self::Tcp(port) => format!("tcpSocket: {{ port: {port} }}"),
            Self::Command(words) => format!("exec: {{ command: {} }}", yaml::list(words)),
        }
    }
}
