//! Files by patterns, in the sense of the hub's own client (`allow_patterns` and `ignore_patterns` of `snapshot_download`).
//!
//! A pattern is one of Python's `fnmatch`: `*` takes anything with slashes, `?` one character, `[a-z]` and `[!a-z]` one of a
//! set; a pattern that ends in `/` takes the folder (`huggingface_hub/utils/_paths.py`).

/// Which files of a source are taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// A file must match one of these; every file does where there are none.
    pub include: Vec<String>,
    /// A file must match none of these.
    pub exclude: Vec<String>,
}

impl Selection {
    /// Whether a path is taken.
    pub fn takes(&self, path: &str) -> bool {
        let any = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, path));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }

    /// The patterns of `include` that match no path: likely misspelt.
    pub fn idle<'a>(&'a self, paths: &[&str]) -> Vec<&'a str> {
        let idle = |pattern: &&String| !paths.iter().any(|path| matches(pattern, path));
        self.include.iter().filter(idle).map(String::as_str).collect()
    }
}

/// Whether a pattern takes a path.
pub fn matches(pattern: &str, path: &str) -> bool {
    let mut pattern: Vec<char> = pattern.chars().collect();
    if pattern.last() == Some(&'/') {
        pattern.push('*');
    }
    let path: Vec<char> = path.chars().collect();
    glob(&pattern, &path)
}

/// Matches with one place to come back to, the last `*`: time is at most the product of the lengths.
fn glob(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            last_star = Some((p, t));
            p += 1;
        } else if let Some(length) = one(&pattern[p..], text[t]) {
            p += length;
            t += 1;
        } else if let Some((star, taken)) = last_star {
            last_star = Some((star, taken + 1));
            p = star + 1;
            t = taken + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Length of the pattern's first item, when it takes this character.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '[' => match set(pattern) {
            Some(set) => set.takes(c).then_some(set.length),
            None => (c == '[').then_some(1),
        },
        literal => (*literal == c).then_some(1),
    }
}

/// `[…]` at the start of a pattern.
struct Set<'a> {
    members: &'a [char],
    negated: bool,
    length: usize,
}

fn set(pattern: &[char]) -> Option<Set<'_>> {
    let negated = pattern.get(1) == Some(&'!');
    let start = if negated { 2 } else { 1 };
    // A `]` that comes first is a member.
    let close = pattern.iter().skip(start + 1).position(|c| *c == ']')? + start + 1;
    Some(Set {
        members: pattern.get(start..close)?,
        negated,
        length: close + 1,
    })
}

impl Set<'_> {
    fn takes(&self, c: char) -> bool {
        let mut rest = self.members;
        let mut found = false;
        while let [first, tail @ ..] = rest {
            if let ['-', last, after @ ..] = tail {
                found |= (*first..=*last).contains(&c);
                rest = after;
            } else {
                found |= *first == c;
                rest = tail;
            }
        }
        found != self.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_fnmatch_says() {
        // Each line was given to Python's `fnmatch.fnmatchcase`.
        for (pattern, path, expected) in [
            ("*.safetensors", "a/b/model.safetensors", true),
            ("*.safetensors", "model.safetensors.index.json", false),
            ("*", "", true),
            ("model-0000?-of-*", "model-00001-of-00002.safetensors", true),
            ("[ab]*", "b/c", true),
            ("[!ab]*", "b/c", false),
            ("[a-c]x", "bx", true),
            ("[a-c]x", "dx", false),
            ("[]]", "]", true),
            ("[", "[", true),
            ("[a", "[a", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b-d", false),
            ("Model", "model", false),
            ("onnx/", "onnx/model.onnx", true),
            ("onnx/", "onnx", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_hard_pattern_takes_no_time() {
        assert!(!matches(&"*a".repeat(200), &"a".repeat(199).replace("aa", "ab")));
    }

    #[test]
    fn excluded_files_are_left_out_and_idle_patterns_named() {
        let selection = Selection {
            include: vec!["*.json".into(), "*.ggfu".into()],
            exclude: vec!["tok*".into()],
        };
        assert!(selection.takes("config.json"));
        assert!(!selection.takes("tokenizer.json"));
        assert_eq!(selection.idle(&["config.json", "m.gguf"]), ["*.ggfu"]);
        assert!(Selection::default().takes("anything"));
    }
}
