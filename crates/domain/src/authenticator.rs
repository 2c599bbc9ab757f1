//! The port for authentication, whatever the cryptography behind it.
//!
//! It only verifies credentials. What an authenticated user may do is decided in [`crate::access`].

use crate::error::{Error, Reason};
use crate::long_poll::Pending;
use crate::sandbox::Sandbox;
use crate::secret::Secret;
use crate::text::TokenText;
use crate::time::Timestamp;
use crate::users::UserId;
use std::future::ready;
use std::net::IpAddr;

/// The stored hash of a password, in the PHC string format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordHash(pub String);

/// A stored API key: the part that it is found by, and a digest to compare it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredApiKey {
    /// The public part of the key.
    pub name: String,
    /// SHA-256 of the whole key.
    pub digest: [u8; 32],
}

/// An attempt to log in with a password.
#[derive(Clone, Debug)]
pub struct PasswordAttempt {
    /// The sandbox.
    pub sandbox: Sandbox,
    /// The email, in lower case.
    pub account: String,
    /// The password.
    pub password: Secret,
    /// The stored hash; `None` if there is no such user or the user has no password.
    pub stored: Option<PasswordHash>,
    /// The address of the client, if known.
    pub from: Option<IpAddr>,
}

/// What a token says about its bearer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenClaims {
    /// The sandbox.
    pub sandbox: Sandbox,
    /// The user.
    pub user: UserId,
    /// When the user was created: after a reset of the sandbox another user may have the same id.
    pub since: Timestamp,
}

/// Verifies credentials and issues tokens.
pub trait Authenticator: Send + Sync {
    /// Hashes a new password. Slow on purpose, so that guessing is slow.
    fn hash(&self, password: Secret) -> Pending<PasswordHash>;
    /// Returns whether the password matches the stored hash. Takes as long without a stored hash. After too many failures it
    /// is refused with `rate_limited`.
    fn is_password(&self, attempt: PasswordAttempt) -> Pending<bool>;
    /// The public part of an API key; `None` if the text is no API key of this server.
    fn key_name<'k>(&self, key: &'k Secret) -> Option<&'k str>;
    /// Returns whether the key is the stored one, in constant time.
    fn is_key(&self, key: &Secret, stored: &StoredApiKey) -> bool;
    /// Issues a token for a user; returns it with its expiry.
    fn issue(&self, bearer: &TokenClaims, now: Timestamp) -> Result<(TokenText, Timestamp), Error>;
    /// Verifies a token for a sandbox at a time, and returns what it says.
    fn read(&self, token: &Secret, sandbox: &Sandbox, now: Timestamp) -> Result<TokenClaims, Error>;
    /// SHA-256.
    fn digest(&self, bytes: &[u8]) -> [u8; 32];
}

/// An authenticator that refuses all credentials; the default.
pub struct NoAuthenticator;

impl Authenticator for NoAuthenticator {
    fn hash(&self, _: Secret) -> Pending<PasswordHash> {
        Box::pin(ready(Err(unguarded())))
    }
    fn is_password(&self, _: PasswordAttempt) -> Pending<bool> {
        Box::pin(ready(Err(unguarded())))
    }
    fn key_name<'k>(&self, _: &'k Secret) -> Option<&'k str> {
        None
    }
    fn is_key(&self, _: &Secret, _: &StoredApiKey) -> bool {
        false
    }
    fn issue(&self, _: &TokenClaims, _: Timestamp) -> Result<(TokenText, Timestamp), Error> {
        Err(unguarded())
    }
    fn read(&self, _: &Secret, _: &Sandbox, _: Timestamp) -> Result<TokenClaims, Error> {
        Err(unguarded())
    }
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        // Not SHA-256 but FNV-1a, four times: enough to tell two commands apart where nothing is attacked.
        let mut digest = [0; 32];
        for (part, seed) in digest.chunks_exact_mut(8).zip(0xcbf2_9ce4_8422_2325_u64..) {
            let hash = bytes.iter().fold(seed, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
            part.copy_from_slice(&hash.to_be_bytes());
        }
        digest
    }
}

fn unguarded() -> Error {
    Error::new(Reason::CredentialsWrong, "this server accepts no credentials")
}
