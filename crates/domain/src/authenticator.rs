//! How is it proved who somebody is? Behind this port, whatever the cryptography.
//!
//! The door asks; the answer is about proofs only. What a proven user may do is the business of [`crate::access`].

use crate::error::{Error, Reason};
use crate::long_poll::Pending;
use crate::sandbox::Sandbox;
use crate::secret::Secret;
use crate::text::TokenText;
use crate::time::Timestamp;
use crate::users::UserId;
use std::future::ready;
use std::net::IpAddr;

/// What is kept of a password: nothing from which it could be told, in the PHC string format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordHash(pub String);

/// What is kept of an API key: what it is found by, and a digest to compare it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredApiKey {
    /// The part of the key that is no secret.
    pub name: String,
    /// SHA-256 of the whole key.
    pub digest: [u8; 32],
}

/// An attempt to prove by a password who one is.
#[derive(Clone, Debug)]
pub struct PasswordAttempt {
    /// In which sandbox.
    pub sandbox: Sandbox,
    /// The email, in lower case.
    pub account: String,
    /// The password.
    pub password: Secret,
    /// What is kept of the right one; nothing, if there is no such user or the user has no password.
    pub kept: Option<PasswordHash>,
    /// From where the attempt came, if that is known.
    pub from: Option<IpAddr>,
}

/// For whom a token is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenClaims {
    /// In which sandbox.
    pub sandbox: Sandbox,
    /// The user.
    pub user: UserId,
    /// Since when there has been that user: after a reset of the sandbox another one may have the number.
    pub since: Timestamp,
}

/// Who tells right proofs from wrong ones.
pub trait Authenticator: Send + Sync {
    /// What to keep of a new password. Takes its time, so that guessing does.
    fn hash(&self, password: Secret) -> Pending<PasswordHash>;
    /// Whether the password is the one that something was kept of. Takes as long if nothing was. Whoever has failed too
    /// often is told to wait.
    fn is_password(&self, attempt: PasswordAttempt) -> Pending<bool>;
    /// The part of an API key that it is found by; nothing, if it is no key of ours.
    fn key_name<'k>(&self, key: &'k Secret) -> Option<&'k str>;
    /// Whether it is the key that was kept; how long it takes does not depend on where they differ.
    fn is_key(&self, key: &Secret, kept: &StoredApiKey) -> bool;
    /// A token for a user, and until when it is good.
    fn issue(&self, bearer: &TokenClaims, now: Timestamp) -> Result<(TokenText, Timestamp), Error>;
    /// For whom a token is good, if it is good in that sandbox now.
    fn read(&self, token: &Secret, sandbox: &Sandbox, now: Timestamp) -> Result<TokenClaims, Error>;
    /// SHA-256.
    fn digest(&self, bytes: &[u8]) -> [u8; 32];
}

/// Knows nobody and lets nobody in: what a shop has that was given no other guard.
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
        // Not SHA-256, but good enough to tell two commands apart where nobody attacks: FNV-1a, four times.
        let mut digest = [0; 32];
        for (part, seed) in digest.chunks_exact_mut(8).zip(0xcbf2_9ce4_8422_2325_u64..) {
            let hash = bytes.iter().fold(seed, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
            part.copy_from_slice(&hash.to_be_bytes());
        }
        digest
    }
}

fn unguarded() -> Error {
    Error::new(Reason::CredentialsWrong, "this shop knows no credentials")
}
