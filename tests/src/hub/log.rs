//! What was asked of the hub.

/// Which of the two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The hub itself.
    Hub,
    /// Where large files come from.
    Cdn,
}

/// A request, and how it was answered. It holds no token and no signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Whom it was sent to.
    pub side: Side,
    /// `GET`, `HEAD`, ….
    pub method: String,
    /// The path as it was sent, without the query.
    pub path: String,
    /// The file that it was for: `REPOSITORY/PATH`.
    pub file: Option<String>,
    /// The header `Range`.
    pub range: Option<String>,
    /// Whether it had the header `Authorization`.
    pub authorized: bool,
    /// The answer.
    pub status: u16,
}

impl std::fmt::Display for Request {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = match self.side {
            Side::Hub => "hub",
            Side::Cdn => "cdn",
        };
        write!(to, "{side} {} {} {}", self.status, self.method, self.path)?;
        if let Some(range) = &self.range {
            write!(to, " {range}")?;
        }
        if self.authorized {
            write!(to, " (with a token)")?;
        }
        Ok(())
    }
}
