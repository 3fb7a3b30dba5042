//! Tokens and keys written out in text, found by the shapes that their issuers gave them.

use crate::source::Span;

/// A secret that stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is, "a Hugging Face token".
    pub kind: &'static str,
    /// The secret part.
    pub span: Span,
}

/// A shape: a fixed beginning and at least so many characters of an alphabet after it.
struct Shape {
    kind: &'static str,
    prefix: &'static str,
    least: usize,
    alphabet: fn(char) -> bool,
}

/// Beginnings and lengths as the issuers document them (GitHub "About authentication", GitLab "Token overview", AWS "IAM
/// identifiers", Slack "Token types", npm "About access tokens"); the lengths are lower bounds, issuers have grown them.
const SHAPES: [Shape; 19] = [
    shape("a Hugging Face token", "hf_", 30, alphanumeric),
    shape("a Hugging Face token", "api_org_", 30, alphanumeric),
    shape("an AWS access key", "AKIA", 16, upper),
    shape("an AWS access key", "ASIA", 16, upper),
    shape("a GitHub token", "ghp_", 30, alphanumeric),
    shape("a GitHub token", "gho_", 30, alphanumeric),
    shape("a GitHub token", "ghu_", 30, alphanumeric),
    shape("a GitHub token", "ghs_", 30, alphanumeric),
    shape("a GitHub token", "ghr_", 30, alphanumeric),
    shape("a GitHub token", "github_pat_", 22, word),
    shape("a GitLab token", "glpat-", 20, dashed),
    shape("a Slack token", "xoxb-", 10, dashed),
    shape("a Slack token", "xoxp-", 10, dashed),
    shape("an API key", "sk-", 20, dashed),
    shape("an NVIDIA API key", "nvapi-", 30, dashed),
    shape("a Google API key", "AIza", 35, dashed),
    shape("an npm token", "npm_", 36, alphanumeric),
    shape("a PyPI token", "pypi-AgEI", 30, dashed),
    shape("a Docker access token", "dckr_pat_", 20, dashed),
];

const fn shape(kind: &'static str, prefix: &'static str, least: usize, alphabet: fn(char) -> bool) -> Shape {
    Shape {
        kind,
        prefix,
        least,
        alphabet,
    }
}

/// Every token in `text`, in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = shaped(text);
    found.extend(private_keys(text));
    found.extend(passwords(text));
    found.sort_by_key(|token| (token.span.start, std::cmp::Reverse(token.span.end)));
    found.dedup_by(|later, earlier| later.span.start < earlier.span.end);
    found
}

/// `text` with every token drawn as stars; as many bytes as before, on as many lines.
pub fn masked(text: &str) -> String {
    mask(text, tokens(text).iter().map(|token| token.span))
}

/// `text` with the bytes of `spans` drawn as stars, line ends kept.
pub fn mask(text: &str, spans: impl IntoIterator<Item = Span>) -> String {
    let mut drawn = text.to_string();
    for span in spans {
        if let Some(secret) = text.get(span.start..span.end) {
            drawn.replace_range(span.start..span.end, &stars(secret));
        }
    }
    drawn
}

fn stars(secret: &str) -> String {
    let star = |c: char| {
        if c == '\n' || c == '\r' {
            c.to_string()
        } else {
            "*".repeat(c.len_utf8())
        }
    };
    secret.chars().map(star).collect()
}

/// What tokens of issuers begin with.
pub fn prefixes() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().map(|shape| shape.prefix)
}

/// Every token of an issuer in `text`.
pub fn shaped(text: &str) -> Vec<Token> {
    SHAPES
        .iter()
        .flat_map(|shape| text.match_indices(shape.prefix).map(move |(at, _)| (shape, at)))
        .filter_map(|(shape, at)| shape.at(text, at))
        .collect()
}

impl Shape {
    fn at(&self, text: &str, start: usize) -> Option<Token> {
        let inside_a_word = text[..start]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        let body = &text[start + self.prefix.len()..];
        let body = &body[..body.find(|c| !(self.alphabet)(c)).unwrap_or(body.len())];
        let is_token = !inside_a_word && body.len() >= self.least && looks_random(body);
        is_token.then(|| Token {
            kind: self.kind,
            span: Span::new(start, start + self.prefix.len() + body.len()),
        })
    }
}

/// `xxxxxxxx` and `your-key-goes-here` are placeholders: a real token has a digit and many different characters.
fn looks_random(body: &str) -> bool {
    let mut seen: Vec<char> = body.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len() > 5 && (body.chars().any(|c| c.is_ascii_digit()) || mixes_cases(body))
}

fn mixes_cases(body: &str) -> bool {
    body.chars().filter(char::is_ascii_uppercase).count() > 2
        && body.chars().filter(char::is_ascii_lowercase).count() > 2
}

/// PEM blocks: from `-----BEGIN … PRIVATE KEY-----` to the matching end, or to the end of the text.
fn private_keys(text: &str) -> Vec<Token> {
    const END: &str = "PRIVATE KEY-----";
    text.match_indices("-----BEGIN ")
        .filter_map(|(start, _)| {
            let header = text[start..].lines().next()?;
            header.contains(END).then(|| {
                let body = start + header.find(END).unwrap_or_default() + END.len();
                let end = text[body..]
                    .find(END)
                    .map_or(text.len(), |at| body + at + END.len());
                Token {
                    kind: "a private key",
                    span: Span::new(start, end),
                }
            })
        })
        .collect()
}

/// The password of `scheme://user:password@host`, unless it is a `${…}`, a `$NAME`, a `<…>` or already stars.
fn passwords(text: &str) -> Vec<Token> {
    text.match_indices("://")
        .filter_map(|(at, mark)| password(text, at + mark.len()))
        .collect()
}

fn password(text: &str, start: usize) -> Option<Token> {
    let rest = &text[start..];
    let authority = &rest[..rest
        .find(|c: char| c.is_whitespace() || "/?#\"'`".contains(c))
        .unwrap_or(rest.len())];
    let (credentials, _) = authority.rsplit_once('@')?;
    let (user, password) = credentials.split_once(':')?;
    let placeholder = password.starts_with(['$', '<', '*', '{']) || password.is_empty();
    let start = start + user.len() + 1;
    (!placeholder).then(|| Token {
        kind: "a password in a URL",
        span: Span::new(start, start + password.len()),
    })
}

fn alphanumeric(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn upper(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit()
}

fn word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn dashed(c: char) -> bool {
    word(c) || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A body that looks random; tokens in tests are put together here, so that no scanner takes this file for a leak.
    fn body(length: usize) -> String {
        "aB3dE5gH7jK9".chars().cycle().take(length).collect()
    }

    fn kinds(text: &str) -> Vec<&'static str> {
        tokens(text).into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn every_shape_is_found() {
        for shape in &SHAPES {
            let body = match shape.prefix {
                "AKIA" | "ASIA" => body(16).to_uppercase(),
                _ => body(40),
            };
            assert_eq!(kinds(&format!("x: {}{body} # y", shape.prefix)), [shape.kind]);
        }
    }

    #[test]
    fn names_and_placeholders_are_not_tokens() {
        for text in [
            "token: hf_token",
            "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "task-aaaaaaaaaaaaaaaaaaaaaaaa1",
            "sk-your-own-key-goes-in-here",
            "https://${USER}:${PASSWORD}@host/simple",
            "https://user@host/simple",
            "http://localhost:8080/a@b",
        ] {
            assert_eq!(kinds(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_password_in_a_url_is_masked_and_the_rest_stays() {
        let text = "url: https://me:s3cret@host/simple";
        assert_eq!(masked(text), "url: https://me:******@host/simple");
    }

    #[test]
    fn a_private_key_is_masked_to_its_end_line_by_line() {
        let text = format!(
            "a: |\n  -----BEGIN RSA {0}\n  abc\n  -----END RSA {0}\nb: 1\n",
            "PRIVATE KEY-----"
        );
        let drawn = masked(&text);
        assert!(!drawn.contains("abc"), "{drawn}");
        assert!(drawn.ends_with("\nb: 1\n"), "{drawn}");
        assert_eq!(drawn.len(), text.len());
    }
}
