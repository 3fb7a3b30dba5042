//! Whom we trust: the web's roots, which the program carries, and the certificates of a file.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::Error;

pub(super) fn config(certificates: Option<&Path>) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    if let Some(file) = certificates {
        add(&mut roots, file)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn add(roots: &mut RootCertStore, file: &Path) -> Result<(), Error> {
    let bad = |problem: String| Error::Usage {
        problem: format!(
            "the certificates in `{}` cannot be read: {problem}",
            file.display()
        ),
        fix: "let `SSL_CERT_FILE` name a file of certificates in PEM".into(),
    };
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| bad(error.to_string()))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| bad(error.to_string()))?;
        // A bundle may hold certificates that rustls cannot use; others do not, and the rest counts.
        let _ = roots.add(certificate);
    }
    Ok(())
}

fn unusable(error: &rustls::Error) -> Error {
    Error::Usage {
        problem: format!("no TLS can be had: {error}"),
        fix: "this is a bug in modelcrate".into(),
    }
}
