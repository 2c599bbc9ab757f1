//! Who tells right proofs from wrong ones, and who counts, in these tests?

use domain::access::Secret;
use domain::guard::{Attempt, Bearer, Guard, KeptKey, NoGuard, PasswordHash};
use domain::quota::{Payer, Quota, Quotas};
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

impl Guard for Counting {
    fn hash(&self, password: Secret) -> Pending<PasswordHash> {
        NoGuard.hash(password)
    }
    fn is_password(&self, attempt: Attempt) -> Pending<bool> {
        NoGuard.is_password(attempt)
    }
    fn key_name<'k>(&self, key: &'k Secret) -> Option<&'k str> {
        NoGuard.key_name(key)
    }
    fn is_key(&self, key: &Secret, kept: &KeptKey) -> bool {
        NoGuard.is_key(key, kept)
    }
    fn issue(&self, bearer: &Bearer, now: Timestamp) -> Result<(TokenText, Timestamp), Error> {
        NoGuard.issue(bearer, now)
    }
    fn read(&self, token: &Secret, sandbox: &Sandbox, now: Timestamp) -> Result<Bearer, Error> {
        self.looked.fetch_add(1, Ordering::Relaxed);
        NoGuard.read(token, sandbox, now)
    }
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        NoGuard.digest(bytes)
    }
}

/// A quota of three, whoever asks.
#[derive(Default)]
pub struct Three(AtomicU32);

impl Quotas for Three {
    fn spend(&self, _: &Sandbox, _: Payer, per_minute: u32) -> Result<Quota, Quota> {
        let spent = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let quota = Quota { per_minute, left: 3_u32.saturating_sub(spent), wait_ms: 1_500 };
        if spent > 3 { Err(quota) } else { Ok(quota) }
    }
}
