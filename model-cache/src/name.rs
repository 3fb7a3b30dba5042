//! Names of models, buckets and folders: what may go into a URL or an object's key, and nothing else.

/// The most letters of each part of a model's name, as the hub counts them (huggingface_hub `validate_repo_id`).
const LONGEST: usize = 96;

/// Whether this names a model: `name` or `owner/name`, as the hub allows (huggingface_hub `validate_repo_id`).
pub fn is_model(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    parts.len() <= 2 && parts.iter().all(|part| is_part(part))
}

fn is_part(part: &str) -> bool {
    let starts = part.starts_with(|c: char| c.is_ascii_alphanumeric());
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let pairs = part.contains("--") || part.contains("..");
    starts && part.len() <= LONGEST && part.chars().all(letters) && !pairs && !part.ends_with(['.', '-'])
}

/// Whether this names a bucket (Amazon S3 user guide, "General purpose bucket naming rules").
pub fn is_bucket(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let letters = |c: char| edge(c) || matches!(c, '.' | '-');
    let address = text.split('.').count() == 4 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    (3..=63).contains(&text.len())
        && text.chars().all(letters)
        && text.starts_with(edge)
        && text.ends_with(edge)
        && !text.contains("..")
        && !address
}

/// A folder in a bucket with one `/` at its end; `None` when it leads elsewhere. The bucket itself is empty.
pub fn prefix(text: &str) -> Option<String> {
    let path = text.trim_end_matches('/');
    if path.is_empty() {
        return (!text.starts_with('/')).then(String::new);
    }
    let fine = |part: &str| !matches!(part, "" | "." | "..") && part.chars().all(is_of_a_key);
    path.split('/').all(fine).then(|| format!("{path}/"))
}

/// Characters that are safe in keys (Amazon S3 user guide, "Naming Amazon S3 objects").
fn is_of_a_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '!' | '-' | '_' | '.' | '*' | '\'' | '(' | ')')
}

/// Whether this names a revision: a branch, tag or commit (git-check-ref-format(1)).
pub fn is_revision(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    let parts = text
        .split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.'));
    text.len() <= 255 && text.chars().all(letters) && parts && !text.contains("..") && !text.starts_with('-')
}

/// Whether this names a region of a service (`us-east-1`; others call theirs as they like).
pub fn is_region(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (1..=64).contains(&text.len()) && text.chars().all(letters)
}

/// The address of a service without a `/` at its end; `None` for anything but `http[s]://HOST[:PORT][/PATH]`.
pub fn endpoint(text: &str) -> Option<String> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.strip_prefix('[') {
        Some(address) => address.split_once(']')?,
        None => authority
            .find(':')
            .map_or((authority, ""), |at| authority.split_at(at)),
    };
    let port = port.strip_prefix(':').map_or(port.is_empty(), |port| {
        port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    let in_path = |c: char| is_of_a_key(c) || c == '/';
    let fine = !host.is_empty()
        && host.chars().all(letters)
        && port
        && path.chars().all(in_path)
        && !path.contains("..");
    fine.then(|| text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_has_a_name_that_leads_nowhere_else() {
        for name in [
            "gpt2",
            "nvidia/Nemotron-3-Nano-30B-A3B",
            "openai/clip-vit-base-patch32",
            "a.b/c_d",
        ] {
            assert!(is_model(name), "{name}");
        }
        for name in [
            "", "/", "a/b/c", "../a", "a/..", "a//b", "-a", "a--b", "a b", "a/b?x=1", "a/b#c", "a/b.", "ä/b",
        ] {
            assert!(!is_model(name), "{name}");
        }
        assert!(!is_model(&"a".repeat(97)));
    }

    #[test]
    fn a_bucket_has_a_bucket_name() {
        for name in ["models", "my-models.example", "123"] {
            assert!(is_bucket(name), "{name}");
        }
        for name in [
            "",
            "ab",
            "Models",
            "-models",
            "models-",
            "a..b",
            "192.168.0.1",
            "a/b",
            "a_b",
        ] {
            assert!(!is_bucket(name), "{name}");
        }
        assert!(!is_bucket(&"a".repeat(64)));
    }

    #[test]
    fn a_prefix_stays_in_its_bucket() {
        assert_eq!(prefix("models").as_deref(), Some("models/"));
        assert_eq!(prefix("a/b//").as_deref(), Some("a/b/"));
        assert_eq!(prefix("").as_deref(), Some(""));
        for text in [
            "/", "/models", "../x", "a/../b", "a//b", "./a", "a b", "a?b", "a\nb",
        ] {
            assert_eq!(prefix(text), None, "{text}");
        }
    }

    #[test]
    fn a_revision_is_a_name_of_git() {
        for text in [
            "main",
            "refs/pr/1",
            "v1.0",
            "0123456789abcdef0123456789abcdef01234567",
        ] {
            assert!(is_revision(text), "{text}");
        }
        for text in ["", "a..b", "/main", "main/", "a b", "-x", "main?x", ".hidden"] {
            assert!(!is_revision(text), "{text}");
        }
    }

    #[test]
    fn an_endpoint_is_an_address_without_credentials() {
        assert_eq!(
            endpoint("https://s3.example.com/").as_deref(),
            Some("https://s3.example.com")
        );
        assert_eq!(
            endpoint("http://127.0.0.1:9000").as_deref(),
            Some("http://127.0.0.1:9000")
        );
        assert_eq!(
            endpoint("http://[::1]:9000").as_deref(),
            Some("http://[::1]:9000")
        );
        for text in [
            "",
            "s3.example.com",
            "ftp://a",
            "https://",
            "https://me:key@a",
            "https://a?x=1",
            "https://a:b",
            "https://a:0",
            "https://a/../b",
        ] {
            assert_eq!(endpoint(text), None, "{text}");
        }
    }
}
