//! The environment, read once and as a whole: every mistake in it is told at once, and no value of a secret ever is.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::name;

/// What the environment asks for. It does not show its secrets.
#[derive(PartialEq, Eq)]
pub struct Environment {
    /// `owner/name` on the hub.
    pub model: String,
    /// Branch, tag or commit.
    pub revision: String,
    /// Address of the hub.
    pub hub: String,
    /// Token for the hub.
    pub token: Option<Hidden>,
    /// The bucket.
    pub bucket: String,
    /// Folder in the bucket, with a `/` at its end unless it is empty.
    pub prefix: String,
    /// Address of the service that has the bucket.
    pub endpoint: String,
    /// Region that requests are signed for.
    pub region: String,
    /// Id and secret of its key.
    pub keys: (Hidden, Hidden),
    /// What comes with keys that are lent for a time.
    pub session: Option<Hidden>,
    /// How long a service may be silent before it is asked again.
    pub idle: Duration,
    /// Folder for files on their way; `None` streams them.
    pub download_dir: Option<PathBuf>,
    /// Whether bars may be drawn.
    pub progress: bool,
}

/// A value that is never shown.
#[derive(PartialEq, Eq)]
pub struct Hidden(String);

/// Something that is wrong with a variable.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub hint: &'static str,
}

/// The variables, and what was found wrong with them so far.
struct Reader<'a> {
    variables: &'a BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Environment {
    /// Reads the variables.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn read(variables: &BTreeMap<String, String>) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader {
            variables,
            problems: Vec::new(),
        };
        let environment = reader.environment();
        match environment {
            Some(environment) if reader.problems.is_empty() => Ok(environment),
            _ => Err(reader.problems),
        }
    }
}

impl Reader<'_> {
    /// Every variable is looked at, whatever was wrong with those before.
    fn environment(&mut self) -> Option<Environment> {
        let model = self.required("MODEL_NAME", "name a model of the hub: `owner/name`", |text| {
            name::is_model(text).then(|| text.to_owned())
        });
        let bucket = self.required(
            "S3_BUCKET",
            "name a bucket: 3 to 63 lower-case letters, digits, `-` and `.`",
            |text| name::is_bucket(text).then(|| text.to_owned()),
        );
        let endpoint = self.required(
            "S3_ENDPOINT_URL",
            "write `https://HOST[:PORT]`; credentials have variables of their own",
            name::endpoint,
        );
        let id = self.secret("AWS_ACCESS_KEY_ID");
        let key = self.secret("AWS_SECRET_ACCESS_KEY");
        let (id, key) = (
            self.needed("AWS_ACCESS_KEY_ID", id),
            self.needed("AWS_SECRET_ACCESS_KEY", key),
        );
        let prefix = self.optional(
            "S3_PREFIX",
            "models/",
            "write a folder without `/` in front and without `..`: `models/`",
            name::prefix,
        );
        let hub = self.optional(
            "HF_ENDPOINT",
            "https://huggingface.co",
            "write `https://HOST[:PORT]`",
            name::endpoint,
        );
        let revision = self.optional("REVISION", "main", "write a branch, tag or commit", |text| {
            name::is_revision(text).then(|| text.to_owned())
        });
        let progress = self.optional("DISABLE_PROGRESS", "false", "write `true` or `false`", |text| {
            switch(text).map(|disabled| !disabled)
        });
        let region = self.optional("AWS_REGION", "us-east-1", "write a region: `us-east-1`", |text| {
            name::is_region(text).then(|| text.to_owned())
        });
        let idle = self.optional("IDLE_TIMEOUT", "60", "write seconds: 1 to 3600", |text| {
            let seconds = text.parse().ok().filter(|seconds| (1..=3600).contains(seconds));
            seconds.map(Duration::from_secs)
        });
        let download_dir = self.download_dir();
        let session = self.secret("AWS_SESSION_TOKEN");
        let token = self.secret("HF_TOKEN");
        Some(Environment {
            model: model?,
            revision: revision?,
            hub: hub?,
            token,
            bucket: bucket?,
            prefix: prefix?,
            endpoint: endpoint?,
            region: region?,
            keys: (id?, key?),
            session,
            idle: idle?,
            download_dir,
            progress: progress?,
        })
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    fn required<T>(&mut self, name: &str, hint: &'static str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        match self
            .value(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
        {
            Some(value) => self.read(name, &value, hint, read),
            None => self.problem(format!("`{name}` is not set"), hint),
        }
    }

    /// An empty variable is one that is not set, but for a prefix: that may be empty.
    fn optional<T>(
        &mut self,
        name: &str,
        default: &str,
        hint: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self
            .value(name)
            .filter(|value| !value.is_empty() || name == "S3_PREFIX");
        let value = value.unwrap_or(default).to_owned();
        self.read(name, &value, hint, read)
    }

    fn read<T>(
        &mut self,
        name: &str,
        value: &str,
        hint: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let found = read(value);
        if found.is_some() {
            return found;
        }
        self.problem(format!("`{name}` cannot be {}", shown(value)), hint)
    }

    /// Credentials are one word; a line break at the end comes from a file and would break a header.
    fn secret(&mut self, name: &str) -> Option<Hidden> {
        let value = self.value(name).filter(|value| !value.is_empty())?;
        if value.chars().all(|c| c.is_ascii_graphic()) {
            return Some(Hidden(value.to_owned()));
        }
        self.problem(
            format!("`{name}` has blanks, line breaks or other characters that no key has"),
            "check where it comes from: a file often ends with a line break",
        )
    }

    fn needed(&mut self, name: &str, secret: Option<Hidden>) -> Option<Hidden> {
        if self.value(name).is_none_or(str::is_empty) {
            return self.problem(
                format!("`{name}` is not set"),
                "give the key of the bucket's service",
            );
        }
        secret
    }

    fn download_dir(&mut self) -> Option<PathBuf> {
        let value = self.value("DOWNLOAD_DIR").unwrap_or("/tmp").to_owned();
        if value.is_empty() {
            return None;
        }
        if !value.starts_with('/') {
            return self.problem(
                format!("`DOWNLOAD_DIR` cannot be {}", shown(&value)),
                "write an absolute path, or leave it empty to stream without a disk",
            );
        }
        Some(PathBuf::from(value))
    }

    fn problem<T>(&mut self, what: String, hint: &'static str) -> Option<T> {
        self.problems.push(Problem { what, hint });
        None
    }
}

/// A value as a message may show it: one line, not too long, and nothing that looks like credentials in an address.
fn shown(value: &str) -> String {
    if value.contains('@') || value.contains('?') {
        return "this address: it has credentials or parameters in it".to_owned();
    }
    let short: String = value.chars().take(100).flat_map(char::escape_debug).collect();
    format!("`{short}`")
}

fn switch(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at {} from {} to {}/{}/{}{}",
            self.model, self.revision, self.hub, self.endpoint, self.bucket, self.prefix, self.model
        )?;
        match &self.download_dir {
            Some(folder) => write!(f, " by way of {}", folder.display()),
            None => f.write_str(" without a disk"),
        }
    }
}

impl Hidden {
    /// The value, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: [(&str, &str); 5] = [
        ("MODEL_NAME", "nvidia/Nemotron"),
        ("S3_BUCKET", "models"),
        ("S3_ENDPOINT_URL", "http://minio:9000/"),
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "s3cret"),
    ];

    fn read(more: &[(&str, &str)]) -> Result<Environment, Vec<Problem>> {
        let pairs = FINE.iter().chain(more);
        let variables = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Environment::read(&variables.collect())
    }

    fn problems(more: &[(&str, &str)]) -> Vec<String> {
        match read(more) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.into_iter().map(|problem| problem.what).collect(),
        }
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let Ok(environment) = read(&[]) else {
            panic!("it is fine")
        };
        assert_eq!(
            environment.to_string(),
            "nvidia/Nemotron at main from https://huggingface.co to http://minio:9000/models/models/nvidia/Nemotron by way of /tmp"
        );
        assert!(environment.progress);
        assert!(environment.token.is_none());
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let Err(found) = Environment::read(&BTreeMap::new()) else {
            panic!("nothing is set")
        };
        let names: Vec<&str> = found
            .iter()
            .filter_map(|problem| problem.what.split('`').nth(1))
            .collect();
        assert_eq!(
            names,
            [
                "MODEL_NAME",
                "S3_BUCKET",
                "S3_ENDPOINT_URL",
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY"
            ]
        );
        assert_eq!(
            problems(&[
                ("MODEL_NAME", "../etc"),
                ("S3_PREFIX", "/x"),
                ("DISABLE_PROGRESS", "maybe"),
                ("DOWNLOAD_DIR", "tmp")
            ]),
            [
                "`MODEL_NAME` cannot be `../etc`",
                "`S3_PREFIX` cannot be `/x`",
                "`DISABLE_PROGRESS` cannot be `maybe`",
                "`DOWNLOAD_DIR` cannot be `tmp`"
            ]
        );
    }

    #[test]
    fn an_empty_folder_streams_and_an_empty_prefix_is_the_bucket() {
        let Ok(environment) = read(&[("DOWNLOAD_DIR", ""), ("S3_PREFIX", ""), ("DISABLE_PROGRESS", "1")])
        else {
            panic!("it is fine")
        };
        assert_eq!(
            (environment.download_dir, environment.prefix.as_str()),
            (None, "")
        );
        assert!(!environment.progress);
    }

    #[test]
    fn no_secret_is_shown() {
        let wrong = problems(&[
            ("HF_TOKEN", "hf_secret\n"),
            ("AWS_SECRET_ACCESS_KEY", "s3 cret"),
            ("S3_ENDPOINT_URL", "https://me:s3cret@minio"),
        ]);
        assert_eq!(wrong.len(), 3);
        assert!(
            wrong
                .iter()
                .all(|line| !line.contains("cret@") && !line.contains("hf_")),
            "{wrong:?}"
        );
        let Ok(environment) = read(&[("HF_TOKEN", "hf_secret")]) else {
            panic!("it is fine")
        };
        assert!(!format!("{environment} {:?} {:?}", environment.token, environment.keys).contains("secret"));
    }
}
