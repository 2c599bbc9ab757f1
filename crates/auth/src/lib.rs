//! Authentication: passwords, API keys, tokens and OAuth. The cryptography behind the domain's port.
//!
//! [`LocalAuthenticator`] implements [`domain::authenticator::Authenticator`]. [`passwords`] are slow to verify, on purpose;
//! [`throttle`] delays callers that fail too often; [`keys`] and [`tokens`] are fast, as they cannot be guessed. [`oauth`] is
//! OAuth 2.0 without HTTP: the registered clients, and authorization codes. [`demo`] has the public credentials of the demo
//! users. Every limit is in [`limits`].

mod authenticator;
pub mod clock;
pub mod demo;
pub mod keys;
pub mod limits;
pub mod oauth;
pub mod passwords;
mod queue;
mod random;
pub mod recent;
pub mod throttle;
pub mod tokens;

pub use authenticator::LocalAuthenticator;
pub use clock::Clock;

use sha2::{Digest, Sha256};

/// SHA-256.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of several parts. Each says its length first, so that no two lists of parts are the same bytes.
pub(crate) fn digest_of(parts: &[&[u8]]) -> [u8; 32] {
    let mut all = Sha256::new();
    for part in parts {
        all.update((part.len() as u64).to_be_bytes());
        all.update(part);
    }
    all.finalize().into()
}
