//! What a service says when it does not do what it was asked for, as failures of ours.

use object_store::Error;
use object_store::client::HttpError;

use crate::exit::Exit;
use crate::failure::Failure;

/// Whether the object is not there; that the whole bucket is missing is something else.
pub fn is_absent(error: &Error) -> bool {
    matches!(error, Error::NotFound { .. }) && code(&error.to_string()) != Some("NoSuchBucket")
}

/// Whether a condition (`If-None-Match`, `If-Match`) did not hold. An object that went away answers 404 to `If-Match`.
pub fn is_refused_by_a_condition(error: &Error) -> bool {
    matches!(error, Error::AlreadyExists { .. } | Error::Precondition { .. }) || is_absent(error)
}

/// Whether the service does not know what it was asked for.
pub fn is_unknown(error: &Error) -> bool {
    code(&error.to_string()) == Some("NotImplemented")
}

/// The failure that an error is. A listing's errors have no kind: their codes tell (Amazon S3 API reference, "Error responses").
pub fn failure(error: &Error, bucket: &str, endpoint: &str) -> Failure {
    let text = error.to_string();
    let said = said(&text);
    match (error, code(&text)) {
        (Error::Unauthenticated { .. } | Error::PermissionDenied { .. }, _)
        | (_, Some("AccessDenied" | "InvalidAccessKeyId" | "SignatureDoesNotMatch")) => Failure::new(
            Exit::Denied,
            format!("{endpoint} does not let these keys use the bucket `{bucket}`{said}"),
            "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and what they may do: list, read, write, delete",
        ),
        (Error::NotFound { .. }, _) | (_, Some("NoSuchBucket")) => Failure::new(
            Exit::Missing,
            format!("{endpoint} has no bucket `{bucket}`{said}"),
            "create it, or correct S3_BUCKET",
        ),
        (error, _) if is_transport(error) => Failure::new(
            Exit::Network,
            format!("{endpoint} does not answer: {}", cause(error)),
            "check S3_ENDPOINT_URL and that the service runs; IDLE_TIMEOUT says how long it may be silent",
        ),
        _ => Failure::new(
            Exit::Storage,
            format!("{endpoint} does not take or give what is asked for in the bucket `{bucket}`{said}"),
            "look into the service's log: is it full, or in trouble?",
        ),
    }
}

/// Whether no answer came, as opposed to one that says no.
fn is_transport(error: &Error) -> bool {
    chain(error).any(|cause| cause.is::<HttpError>())
}

/// The innermost cause: the others only say that there is one.
fn cause(error: &Error) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

fn chain<'a>(error: &'a Error) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    let first: &(dyn std::error::Error + 'static) = error;
    std::iter::successors(Some(first), |error| error.source())
}

/// The service's own words: code and message of its XML (Amazon S3 API reference, "Error responses"). The rest of the answer
/// may repeat what was signed.
fn said(text: &str) -> String {
    match (code(text), element(text, "Message")) {
        (Some(code), Some(message)) => format!(": {code}: {message}"),
        (Some(code), None) => format!(": {code}"),
        _ => String::new(),
    }
}

fn code(text: &str) -> Option<&str> {
    element(text, "Code")
}

fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let start = text.find(&format!("<{name}>"))? + name.len() + 2;
    let rest = text.get(start..)?;
    rest.get(..rest.find("</")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(body: &str) -> Error {
        Error::NotFound {
            path: "a".into(),
            source: body.to_owned().into(),
        }
    }

    fn generic(body: &str) -> Error {
        Error::Generic {
            store: "S3",
            source: body.to_owned().into(),
        }
    }

    #[test]
    fn a_missing_bucket_is_not_a_missing_object() {
        let object = with("<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>");
        let bucket = with("<Error><Code>NoSuchBucket</Code><Message>No bucket.</Message></Error>");
        assert!(is_absent(&object) && is_absent(&with("")));
        assert!(!is_absent(&bucket));
        let failure = failure(&bucket, "models", "http://minio:9000");
        assert_eq!(failure.exit, Exit::Missing);
        assert_eq!(
            failure.what,
            "http://minio:9000 has no bucket `models`: NoSuchBucket: No bucket."
        );
    }

    #[test]
    fn what_was_signed_is_not_repeated() {
        let error = Error::Unauthenticated {
            path: "a".into(),
            source: "<Code>SignatureDoesNotMatch</Code><Message>no</Message><StringToSign>AWS4 s3cret</StringToSign>".into(),
        };
        let failure = failure(&error, "models", "http://minio:9000");
        assert_eq!(failure.exit, Exit::Denied);
        assert!(!failure.what.contains("s3cret"), "{}", failure.what);
    }

    #[test]
    fn a_listing_without_a_bucket_or_a_right_to_it_is_told_as_that() {
        for (code, exit) in [("NoSuchBucket", Exit::Missing), ("AccessDenied", Exit::Denied)] {
            let error = generic(&format!("<Code>{code}</Code>"));
            assert_eq!(failure(&error, "models", "http://minio:9000").exit, exit);
        }
    }

    #[test]
    fn a_service_that_fails_is_storage() {
        let error = generic("500: <Code>InternalError</Code><Message>no free volumes</Message>");
        let failure = failure(&error, "models", "http://minio:9000");
        assert_eq!(failure.exit, Exit::Storage);
        assert!(
            failure.what.ends_with("InternalError: no free volumes"),
            "{}",
            failure.what
        );
    }
}
