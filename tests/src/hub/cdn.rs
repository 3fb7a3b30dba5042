//! The server that large files come from: it knows signatures, not tokens.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base16ct::lower::encode_string;
use sha2::{Digest as _, Sha256};

use super::answer;
use super::asked::Asked;
use super::fault::{Fault, Stage};
use super::file::File;
use super::site::{Answer, State};

/// How long a signed address is good for.
const LIFETIME: Duration = Duration::from_secs(3600);

/// An address that the hub gave out.
pub(super) struct Signed {
    path: String,
    /// Seconds since 1970.
    expires: u64,
    repository: String,
    file: File,
    uses: Option<u32>,
}

impl State {
    /// A path of the CDN that gives this file, with a signature that was never given before.
    pub(super) fn sign(&mut self, repository: &str, file: &File) -> String {
        let uses = match self
            .faults
            .play(repository, &file.path, Stage::Sign)
            .map(|played| played.fault)
        {
            Some(Fault::Expires { uses }) => Some(uses),
            _ => None,
        };
        let sha256 = file.lfs.as_ref().map_or(&file.oid, |pointer| &pointer.sha256);
        let path = format!("/repos/{}/{}/{sha256}", &sha256[..2], &sha256[2..4]);
        let expires = now() + LIFETIME.as_secs();
        let signature = encode_string(&Sha256::digest(format!(
            "{} {path} {expires}",
            crate::nonce::nonce()
        )));
        let address = format!("{path}?Expires={expires}&Signature={signature}&Key-Pair-Id=KTEST");
        let signed = Signed {
            path,
            expires,
            repository: repository.to_owned(),
            file: file.clone(),
            uses,
        };
        self.signed.insert(signature, signed);
        address
    }

    /// The CDN's answer.
    pub(super) fn of_cdn(&mut self, asked: &Asked<'_>) -> Answer {
        let signature = asked.parameter("Signature").unwrap_or_default();
        let Some(signed) = self.signed.get_mut(signature) else {
            return (answer::refused(403), None);
        };
        let name = format!("{}/{}", signed.repository, signed.file.path);
        let expires = asked
            .parameter("Expires")
            .and_then(|expires| expires.parse().ok());
        if signed.path != asked.path || expires != Some(signed.expires) || !signed.good() {
            return (answer::refused(403), Some(name));
        }
        let file = signed.file.clone();
        let played = match asked.method.as_str() {
            "GET" => self.faults.play(&signed.repository, &file.path, Stage::Send),
            _ => None,
        };
        (answer::send(&file, asked, played, &self.sent), Some(name))
    }
}

impl Signed {
    /// Whether it is still good, and counts the use.
    fn good(&mut self) -> bool {
        match &mut self.uses {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                self.expires > now()
            }
            None => self.expires > now(),
        }
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("a clock that is set").as_secs()
}
