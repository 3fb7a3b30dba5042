//! What can go wrong between the frontend and the engine.

use bollard_buildkit_proto::google::rpc;
use buildkit_llb::Location;
use prost::Message;

/// gRPC `Unknown`: the one code that clients print without a prefix (buildkit util/grpcerrors/grpcerrors.go).
pub(super) const CODE_UNKNOWN: i32 = 2;
/// What Go's `os` package says of a path that is not there, at the end of the engine's message.
const MISSING_FILE: [&str; 2] = ["no such file or directory", "not a directory"];

/// An error of the engine, of the connection to it, or of what the user asked of either.
///
/// The engine's status is kept whole, so that its details (places, stacks, vertex digests) reach the client unchanged
/// when the error is returned.
#[derive(Debug, Clone, PartialEq)]
pub struct GatewayError {
    /// What the caller can do about it.
    pub kind: ErrorKind,
    /// What is returned to the client.
    pub status: rpc::Status,
    /// What the user can do about it, one way out each.
    pub hints: Vec<String>,
}

/// The kinds of errors that callers tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The file, folder or input is not there.
    NotFound,
    /// The engine lacks a capability.
    Unsupported,
    /// What the user gave cannot be used.
    Invalid,
    /// A source policy turned an image into this identifier, which is not an image.
    Redirected(String),
    /// The connection is gone: nothing more can be said to the client.
    Closed,
    /// Anything else the engine answered.
    Engine,
}

impl GatewayError {
    /// An error of our own, shown as `message`.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let status = rpc::Status {
            code: CODE_UNKNOWN,
            message: message.into(),
            details: Vec::new(),
        };
        Self {
            kind,
            status,
            hints: Vec::new(),
        }
    }

    /// The connection cannot be used any more; `cause` is told to its root, where the reason is.
    pub(super) fn closed(cause: &dyn std::error::Error) -> Self {
        let mut root = cause;
        while let Some(deeper) = root.source() {
            root = deeper;
        }
        Self::new(
            ErrorKind::Closed,
            format!("the connection to the engine is closed: {root}"),
        )
    }

    /// Something the user gave that cannot be used.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// Says first what was being done.
    pub fn context(mut self, doing: impl std::fmt::Display) -> Self {
        self.status.message = format!("{doing}: {}", self.status.message);
        self
    }

    /// Shows a place of the user's files with the error.
    pub fn at(mut self, place: &Location) -> Self {
        self.status.details.push(super::status::place_detail(place));
        self
    }

    /// One more way out.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The error of a call that looks for `path`: an answer that says of this path that it is not there becomes
    /// [`ErrorKind::NotFound`].
    ///
    /// The engine passes the error of the operating system on without a code, so its words are all there is. They must
    /// name the path: building the result may have failed on another file.
    pub(super) fn looking_for(mut self, path: &str) -> Self {
        let message = &self.status.message;
        let names_path = message.contains(path.trim_start_matches("./"));
        if names_path && MISSING_FILE.iter().any(|words| message.ends_with(words)) {
            self.kind = ErrorKind::NotFound;
        }
        self
    }

    /// Whether the file, folder or input is not there.
    pub fn is_not_found(&self) -> bool {
        self.kind == ErrorKind::NotFound
    }

    /// The status to return: message and hints, and every detail that the engine gave.
    pub fn into_status(self) -> rpc::Status {
        let message = self.to_string();
        rpc::Status {
            message,
            ..self.status
        }
    }
}

impl From<tonic::Status> for GatewayError {
    fn from(status: tonic::Status) -> Self {
        // Only statuses that this side made carry a cause: the transport failed, the engine did not answer.
        if let Some(cause) = std::error::Error::source(&status) {
            return Self::closed(cause);
        }
        Self {
            kind: ErrorKind::Engine,
            status: engine_status(&status),
            hints: Vec::new(),
        }
    }
}

impl std::fmt::Display for GatewayError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.status.message)?;
        self.hints.iter().try_for_each(|hint| write!(f, "\nhint: {hint}"))
    }
}

impl std::error::Error for GatewayError {}

/// The whole status travels in the trailer `grpc-status-details-bin`; without it code and message are all there is.
fn engine_status(status: &tonic::Status) -> rpc::Status {
    let bare = rpc::Status {
        code: status.code().into(),
        message: status.message().to_owned(),
        details: Vec::new(),
    };
    match rpc::Status::decode(status.details()) {
        Ok(whole) if whole.code != 0 => whole,
        _ => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_told_apart_from_other_errors() {
        let kind = |message: &str| {
            GatewayError::from(tonic::Status::unknown(message))
                .looking_for("pyproject.toml")
                .kind
        };
        assert_eq!(
            kind("open /pyproject.toml: no such file or directory"),
            ErrorKind::NotFound
        );
        assert_eq!(kind("failed to fetch remote"), ErrorKind::Engine);
        assert_eq!(kind("lstat /other: no such file or directory"), ErrorKind::Engine);
    }

    #[test]
    fn client_gateway_failed_solve_keeps_code_and_details() {
        let detail = bollard_buildkit_proto::google::protobuf::Any {
            type_url: "github.com/moby/buildkit/errdefs.Vertex+json".to_owned(),
            value: br#"{"digest":"sha256:aa"}"#.to_vec(),
        };
        let whole = rpc::Status {
            code: 8,
            message: "no space left".to_owned(),
            details: vec![detail.clone()],
        };
        let answered = tonic::Status::with_details(
            tonic::Code::ResourceExhausted,
            "no space left",
            whole.encode_to_vec().into(),
        );
        let returned = GatewayError::from(answered).context("solving").into_status();
        assert_eq!(returned.code, 8);
        assert_eq!(returned.message, "solving: no space left");
        assert_eq!(returned.details, [detail]);
    }

    #[test]
    fn hints_follow_the_message_a_line_each() {
        let error = GatewayError::invalid("no such context").hint("did you mean `base`?");
        assert_eq!(
            error.into_status().message,
            "no such context\nhint: did you mean `base`?"
        );
    }
}
