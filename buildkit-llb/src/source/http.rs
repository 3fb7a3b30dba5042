use std::collections::BTreeMap;

use super::Attributes;
use crate::capability::Capability;
use crate::digest;
use crate::error::{Fault, Problem};
use crate::meta::Meta;
use crate::output::Output;
use crate::vertex::Draft;

/// The request headers that can be set; BuildKit drops others silently (buildkit `source/http/source.go`).
const HEADERS: [&str; 2] = ["accept", "user-agent"];

/// A file over HTTP, alone in a directory (buildkit `client/llb/source.go: HTTP`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Http {
    /// The file's `https://` or `http://` URL.
    pub url: String,
    /// The file's `sha256:` digest. With it a known file is not asked for again, from whatever URL.
    pub checksum: Option<String>,
    /// The file's name in the directory; by default the server's or the URL's.
    pub filename: Option<String>,
    /// The permission bits, 1 to 0o777; 0o600 by default.
    pub perm: Option<u32>,
    /// The owner's id; 0 by default.
    pub uid: Option<u32>,
    /// The group's id; 0 by default.
    pub gid: Option<u32>,
    /// The id of the secret with the whole value of the `Authorization` header.
    pub auth_header_secret: Option<String>,
    /// Request headers: `accept` and `user-agent`, in lower case.
    pub headers: BTreeMap<String, String>,
}

impl Http {
    /// The directory with the file.
    pub fn output(self, meta: Meta) -> Output {
        Output::of(self.draft(), meta)
    }

    fn draft(self) -> Result<Draft, Fault> {
        self.check()?;
        let mut attributes = Attributes::new(Capability::SOURCE_HTTP);
        attributes.set_with(Capability::SOURCE_HTTP_CHECKSUM, "http.checksum", self.checksum);
        attributes.set("http.filename", self.filename);
        attributes.set_with(
            Capability::SOURCE_HTTP_PERM,
            "http.perm",
            self.perm.map(|perm| format!("0{perm:o}")),
        );
        attributes.set_with(Capability::SOURCE_HTTP_UID_GID, "http.uid", not_root(self.uid));
        attributes.set_with(Capability::SOURCE_HTTP_UID_GID, "http.gid", not_root(self.gid));
        attributes.set_with(
            Capability::SOURCE_HTTP_AUTH,
            "http.authheadersecret",
            self.auth_header_secret,
        );
        for (name, value) in self.headers {
            attributes.set_with(
                Capability::SOURCE_HTTP_HEADER,
                &format!("http.header.{name}"),
                Some(value),
            );
        }
        Ok(attributes.draft(self.url, false))
    }

    fn check(&self) -> Result<(), Problem> {
        if !["https://", "http://"]
            .iter()
            .any(|scheme| self.url.strip_prefix(scheme).is_some_and(|url| !url.is_empty()))
        {
            return Err(Problem::Url(self.url.clone()));
        }
        if let Some(checksum) = self
            .checksum
            .as_ref()
            .filter(|checksum| !digest::is_sha256(checksum))
        {
            return Err(Problem::Checksum(checksum.clone()));
        }
        if let Some(mode) = self.perm.filter(|perm| !(1..=0o777).contains(perm)) {
            return Err(Problem::Mode {
                path: self.url.clone(),
                mode,
            });
        }
        match self.headers.keys().find(|name| !HEADERS.contains(&name.as_str())) {
            Some(name) => Err(Problem::Header(name.clone())),
            None => Ok(()),
        }
    }
}

fn not_root(id: Option<u32>) -> Option<String> {
    id.filter(|id| *id != 0).map(|id| id.to_string())
}
