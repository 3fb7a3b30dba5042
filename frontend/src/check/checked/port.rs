//! Ports.

use crate::source::Spanned;

/// A port that the image serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// `http` in `ports: { http: 8091 }`.
    pub name: Spanned<String>,
    /// The number.
    pub number: u16,
    /// `tcp` or `udp`.
    pub protocol: &'static str,
}
