//! An authenticator that counts, and a rate limit of three.

use domain::access::Secret;
use domain::authenticator::{Authenticator, NoAuthenticator, PasswordAttempt, PasswordHash, StoredApiKey, TokenClaims};
use domain::rate_limit::{RateLimit, RateLimitKey, RateLimiter};
use domain::store::Pending;
use domain::text::TokenText;
use domain::time::Timestamp;
use domain::{Error, Sandbox};
use std::sync::atomic::{AtomicU32, Ordering};

/// Accepts no credentials, and counts the tokens that it has read.
#[derive(Default)]
pub struct CountingAuthenticator {
    pub tokens_read: AtomicU32,
}

impl Authenticator for CountingAuthenticator {
    fn hash(&self, password: Secret) -> Pending<PasswordHash> {
        NoAuthenticator.hash(password)
    }
    fn is_password(&self, attempt: PasswordAttempt) -> Pending<bool> {
        NoAuthenticator.is_password(attempt)
    }
    fn key_name<'k>(&self, key: &'k Secret) -> Option<&'k str> {
        NoAuthenticator.key_name(key)
    }
    fn is_key(&self, key: &Secret, stored: &StoredApiKey) -> bool {
        NoAuthenticator.is_key(key, stored)
    }
    fn issue(&self, bearer: &TokenClaims, now: Timestamp) -> Result<(TokenText, Timestamp), Error> {
        NoAuthenticator.issue(bearer, now)
    }
    fn read(&self, token: &Secret, sandbox: &Sandbox, now: Timestamp) -> Result<TokenClaims, Error> {
        self.tokens_read.fetch_add(1, Ordering::Relaxed);
        NoAuthenticator.read(token, sandbox, now)
    }
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        NoAuthenticator.digest(bytes)
    }
}

/// Allows three operations, for all callers together.
#[derive(Default)]
pub struct LimitOfThree(AtomicU32);

impl RateLimiter for LimitOfThree {
    fn acquire(&self, _: &Sandbox, _: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit> {
        let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let limit = RateLimit { per_minute, remaining: 3_u32.saturating_sub(count), reset_ms: 1_500 };
        if count > 3 { Err(limit) } else { Ok(limit) }
    }
}
