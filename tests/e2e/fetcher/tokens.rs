//! A server of tokens, as registries name them to who asks; the registry itself judges what it signs (distribution
//! `docs/content/spec/auth/jwt.md`).

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use modelcrate_tests::registry::Registry;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::json;

/// Registries take a token for so many seconds more than it says.
const LEEWAY: u64 = 60;
/// For how many seconds a token opens.
const LIFE: u64 = 1;

/// Answers until the test ends.
pub struct Tokens {
    pub url: String,
    /// What vouches for it, in PEM.
    pub certificate: String,
    signer: Arc<Signer>,
    granted: Arc<AtomicUsize>,
}

struct Signer {
    key: EcdsaKeyPair,
    /// In base 64.
    certificate: String,
}

impl Tokens {
    pub fn start() -> Self {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let certificate = CertificateParams::default().self_signed(&pair).unwrap();
        let random = SystemRandom::new();
        let key = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let signer = Arc::new(Signer {
            key: EcdsaKeyPair::from_pkcs8(key, &pair.serialize_der(), &random).unwrap(),
            certificate: STANDARD.encode(certificate.der()),
        });
        let server = tiny_http::Server::http((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let tokens = Self {
            url: format!("http://{}/token", server.server_addr()),
            certificate: certificate.pem(),
            signer: signer.clone(),
            granted: Arc::default(),
        };
        let granted = tokens.granted.clone();
        std::thread::spawn(move || {
            for request in server.incoming_requests() {
                let shown = request
                    .headers()
                    .iter()
                    .find(|header| header.field.equiv("Authorization"));
                let shown = shown.map(|header| header.value.as_str().to_owned());
                let name = asked(request.url());
                let answer = match (name, shown == Some(Registry::authorization())) {
                    (Some(name), true) => {
                        granted.fetch_add(1, Ordering::SeqCst);
                        // Others' models are for others.
                        let actions: &[&str] = if name.starts_with("others/") {
                            &[]
                        } else {
                            &["pull"]
                        };
                        let token = signer.token(&name, actions, LIFE);
                        tiny_http::Response::from_string(json!({ "token": token }).to_string())
                    }
                    _ => tiny_http::Response::from_string("{}").with_status_code(401),
                };
                let _ = request.respond(answer);
            }
        });
        tokens
    }

    /// How many it has given.
    pub fn granted(&self) -> usize {
        self.granted.load(Ordering::SeqCst)
    }

    /// The header of who may write to a repository.
    pub fn writer(&self, name: &str) -> String {
        format!("Bearer {}", self.signer.token(name, &["pull", "push"], 3600))
    }
}

impl Signer {
    fn token(&self, name: &str, actions: &[&str], seconds: u64) -> String {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.unwrap_or(Duration::ZERO).as_secs();
        let header = json!({ "typ": "JWT", "alg": "ES256", "x5c": [self.certificate] });
        let claims = json!({
            "iss": Registry::ISSUER, "sub": Registry::USER, "aud": Registry::SERVICE,
            "nbf": now - 2 * LEEWAY, "exp": now - LEEWAY + seconds, "jti": now.to_string(),
            "access": [{ "type": "repository", "name": name, "actions": actions }],
        });
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let text = format!("{header}.{claims}");
        let signature = self.key.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The repository of `…?service=…&scope=repository%3ANAME%3Apull`.
fn asked(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let scope = query.split('&').find_map(|pair| pair.strip_prefix("scope="))?;
    let scope = percent_encoding::percent_decode_str(scope).decode_utf8().ok()?;
    let name = scope.strip_prefix("repository:")?.strip_suffix(":pull")?;
    Some(name.to_owned())
}
