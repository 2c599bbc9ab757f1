//! Signs tokens with Ed25519 (RFC 8032), which `jsonwebtoken` gets from here: it knows JWTs, but no cryptography.

use crate::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Error;
use ed25519_dalek::Signer as _;
use ed25519_dalek::{SECRET_KEY_LENGTH, Signature, SigningKey, VerifyingKey};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The one key.
pub struct Key {
    signing: EncodingKey,
    verifying: DecodingKey,
    header: Header,
    id: String,
}

impl Key {
    /// The key of a seed.
    pub fn new(seed: &[u8; SECRET_KEY_LENGTH]) -> Self {
        // Another server of this process has installed the same provider already.
        let _ = ED25519.install_default();
        let public = SigningKey::from_bytes(seed).verifying_key();
        let id = thumbprint(public.as_bytes());
        let header = Header { kid: Some(id.clone()), ..Header::new(Algorithm::EdDSA) };
        // What `jsonwebtoken` calls DER are the bytes that go to our own signer and verifier, below.
        let (signing, verifying) = (EncodingKey::from_ed_der(seed), DecodingKey::from_ed_der(public.as_bytes()));
        Key { signing, verifying, header, id }
    }

    /// What the header calls it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A token that claims this.
    pub fn sign(&self, claims: &impl Serialize) -> std::result::Result<String, Error> {
        encode(&self.header, claims, &self.signing).map_err(|cause| {
            tracing::error!(%cause, "a token can't be signed");
            Error::internal()
        })
    }

    /// What a token claims.
    pub fn verify<C: DeserializeOwned>(&self, token: &str, validation: &Validation) -> Result<C> {
        decode(token, &self.verifying, validation).map(|data| data.claims)
    }
}

/// RFC 7638 section 3, with the members of RFC 8037 section 2: the same key has the same id everywhere.
fn thumbprint(public: &[u8]) -> String {
    let key = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, URL_SAFE_NO_PAD.encode(public));
    URL_SAFE_NO_PAD.encode(digest(key.as_bytes()))
}

static ED25519: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    only_eddsa(algorithm)?;
    let seed = key.as_bytes().try_into().map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Hand(SigningKey::from_bytes(seed))))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    only_eddsa(algorithm)?;
    let public = key.try_get_as_bytes()?.try_into().map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Eye(VerifyingKey::from_bytes(public).map_err(|_| ErrorKind::InvalidEddsaKey)?)))
}

fn only_eddsa(algorithm: &Algorithm) -> Result<()> {
    if *algorithm == Algorithm::EdDSA { Ok(()) } else { Err(ErrorKind::InvalidAlgorithm.into()) }
}

/// Signs.
struct Hand(SigningKey);

impl Signer<Vec<u8>> for Hand {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        Ok(self.0.sign(message).to_bytes().to_vec())
    }
}

impl JwtSigner for Hand {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

/// Verifies.
struct Eye(VerifyingKey);

impl Verifier<Vec<u8>> for Eye {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        let signature = Signature::from_slice(signature).map_err(|_| signature::Error::new())?;
        // Strict: a signature that some verifiers take and others don't is refused.
        self.0.verify_strict(message, &signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Eye {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
