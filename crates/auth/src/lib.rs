//! Who is it, really? Passwords, API keys, tokens and OAuth: the cryptography behind the domain's guard.
//!
//! The [`LocalAuthenticator`] is the guard that the door asks ([`domain::authenticator::Authenticator`]). [`passwords`] are slow to try, by design;
//! [`throttle`] lets those wait who fail too often; [`keys`] and [`tokens`] are fast, as they can't be guessed. [`oauth`] is
//! what there is of OAuth 2.0 without HTTP: who the clients are, and the codes that are good once. [`demo`] has the
//! credentials that everybody may know. Every bound is in [`limits`].

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
