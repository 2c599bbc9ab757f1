//! Who tells right proofs from wrong ones, and who counts, in these tests?

use domain::access::Secret;
use domain::authenticator::{Authenticator, NoAuthenticator, PasswordAttempt, PasswordHash, StoredApiKey, TokenClaims};
use domain::rate_limit::{RateLimit, RateLimitKey, RateLimiter};
use domain::store::Pending;
use domain::text::TokenText;
use domain::time::Timestamp;
use domain::{Error, Sandbox};
use std::sync::atomic::{AtomicU32, Ordering};

/// Lets nobody in, and counts the tokens that it has looked at.
#[derive(Default)]
pub struct Counting {
    pub looked: AtomicU32,
}

impl Authenticator for Counting {
    fn hash(&self, password: Secret) -> Pending<PasswordHash> {
        NoAuthenticator.hash(password)
    }
    fn is_password(&self, attempt: PasswordAttempt) -> Pending<bool> {
        NoAuthenticator.is_password(attempt)
    }
    fn key_name<'k>(&self, key: &'k Secret) -> Option<&'k str> {
        NoAuthenticator.key_name(key)
    }
    fn is_key(&self, key: &Secret, kept: &StoredApiKey) -> bool {
        NoAuthenticator.is_key(key, kept)
    }
    fn issue(&self, bearer: &TokenClaims, now: Timestamp) -> Result<(TokenText, Timestamp), Error> {
        NoAuthenticator.issue(bearer, now)
    }
    fn read(&self, token: &Secret, sandbox: &Sandbox, now: Timestamp) -> Result<TokenClaims, Error> {
        self.looked.fetch_add(1, Ordering::Relaxed);
        NoAuthenticator.read(token, sandbox, now)
    }
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        NoAuthenticator.digest(bytes)
    }
}

/// A quota of three, whoever asks.
#[derive(Default)]
pub struct Three(AtomicU32);

impl RateLimiter for Three {
    fn acquire(&self, _: &Sandbox, _: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit> {
        let spent = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let quota = RateLimit { per_minute, remaining: 3_u32.saturating_sub(spent), reset_ms: 1_500 };
        if spent > 3 { Err(quota) } else { Ok(quota) }
    }
}
