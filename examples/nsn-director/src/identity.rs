//! The key by which other nodes know this one.

use std::fmt;
use std::path::{Path, PathBuf};

use openssl::error::ErrorStack;
use openssl::pkey::{Id, PKey, Private};
use openssl::sign::Signer;

/// An Ed25519 key pair.
pub struct Identity {
    key: PKey<Private>,
    public: String,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The file cannot be read.
    #[error("cannot read the node key `{}`: {error}", .path.display())]
    Read {
        /// As given.
        path: PathBuf,
        /// The system's reason.
        error: std::io::Error,
    },
    /// The file holds something else.
    #[error("`{}` holds no Ed25519 key: `openssl genpkey -algorithm ed25519` makes one", .0.display())]
    Kind(PathBuf),
    /// The library refuses.
    #[error("the node key cannot be used: {0}")]
    Library(#[from] ErrorStack),
}

impl Identity {
    /// The key in a PEM file, or a new one.
    ///
    /// # Errors
    /// When the file cannot be read or holds no such key.
    pub fn load(file: Option<&Path>) -> Result<Self, IdentityError> {
        let key = match file {
            Some(path) => from_pem(path)?,
            None => PKey::generate_ed25519()?,
        };
        let public = hex(&key.raw_public_key()?);
        Ok(Self { key, public })
    }

    /// The public key in hexadecimal: the node's id.
    pub fn id(&self) -> &str {
        &self.public
    }

    /// The signature of `message`, in hexadecimal.
    ///
    /// # Errors
    /// When the library refuses.
    pub fn sign(&self, message: &[u8]) -> Result<String, ErrorStack> {
        let signature = Signer::new_without_digest(&self.key)?.sign_oneshot_to_vec(message)?;
        Ok(hex(&signature))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.public)
    }
}

fn from_pem(path: &Path) -> Result<PKey<Private>, IdentityError> {
    let text = std::fs::read(path).map_err(|error| IdentityError::Read {
        path: path.to_owned(),
        error,
    })?;
    match PKey::private_key_from_pem(&text) {
        Ok(key) if key.id() == Id::ED25519 => Ok(key),
        _ => Err(IdentityError::Kind(path.to_owned())),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_from_a_file_is_the_same_at_every_start() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(
            &file,
            PKey::generate_ed25519()
                .unwrap()
                .private_key_to_pem_pkcs8()
                .unwrap(),
        )
        .unwrap();
        let load = || Identity::load(Some(file.path())).unwrap();
        assert_eq!(load().id(), load().id());
        assert_eq!(load().sign(b"hello").unwrap(), load().sign(b"hello").unwrap());
    }

    #[test]
    fn another_kind_of_key_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(
            &file,
            PKey::generate_x25519()
                .unwrap()
                .private_key_to_pem_pkcs8()
                .unwrap(),
        )
        .unwrap();
        let error = Identity::load(Some(file.path())).unwrap_err();
        assert!(matches!(error, IdentityError::Kind(_)), "{error}");
    }
}
