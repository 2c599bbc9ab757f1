//! Verifies passwords: slow hashes (Argon2id, RFC 9106), and a cache of passwords that were right a moment ago.
//!
//! HTTP Basic sends the password with every call, and 20 ms of a core per call would be too expensive. So a right password is
//! cached in memory for a few minutes: not itself, but an SHA-256 over a key that only this process has, the sandbox, the
//! account, the password and its stored hash, so that the old password is not found after a change. A wrong
//! password costs the whole hash each time, also for unknown users; and a caller that has to wait ([`Throttle`]) waits even if
//! the password is cached, or the cache would be a fast way to guess.

use crate::clock::Clock;
use crate::limits::{PASSWORD_REMEMBERED_MS, PASSWORDS_REMEMBERED_MAX};
use crate::queue::Queue;
use crate::recent::Recent;
use crate::throttle::Throttle;
use crate::{demo, digest_of, random};
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier, phc};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::Error;
use domain::access::Secret;
use domain::authenticator::{PasswordAttempt, PasswordHash};
use domain::store::Pending;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;

/// Memory that a hash takes, in KiB: 19 MiB, as OWASP's cheat sheet on password storage has it with two passes.
pub const MEMORY_KIB: u32 = 19_456;
/// Passes over that memory.
pub const PASSES: u32 = 2;
/// Lanes of it.
pub const LANES: u32 = 1;

/// Tells right passwords from wrong ones.
pub struct Passwords {
    queue: Queue,
    memory: Arc<Memory>,
}

impl Passwords {
    /// Without any memory yet. `process_key` is random.
    pub fn new(process_key: [u8; 32], clock: Clock) -> Self {
        let kept_for = Duration::from_millis(PASSWORD_REMEMBERED_MS);
        let right = Mutex::new(Recent::new(PASSWORDS_REMEMBERED_MAX, kept_for));
        let memory = Memory { throttle: Throttle::new(clock.clone()), right, process_key, clock };
        Passwords { queue: Queue::default(), memory: Arc::new(memory) }
    }

    /// What to keep of a new password.
    pub fn hash(&self, password: Secret) -> Pending<PasswordHash> {
        let queue = self.queue.clone();
        Box::pin(async move { queue.run(move || hash(&password)).await? })
    }

    /// Whether the password is the right one.
    pub fn is_right(&self, attempt: PasswordAttempt) -> Pending<bool> {
        let (queue, memory) = (self.queue.clone(), self.memory.clone());
        Box::pin(async move {
            if memory.is_known(&attempt)? {
                return Ok(true);
            }
            queue.run(move || memory.verify(&attempt)).await?
        })
    }
}

/// What is remembered of attempts.
struct Memory {
    throttle: Throttle,
    /// The passwords that were right lately, by their digests.
    right: Mutex<Recent<[u8; 32], ()>>,
    process_key: [u8; 32],
    clock: Clock,
}

impl Memory {
    /// Whether the attempt is one that was right just now. Refuses one that comes too early.
    fn is_known(&self, attempt: &PasswordAttempt) -> Result<bool, Error> {
        self.throttle.check(attempt)?;
        let Some(digest) = self.digest(attempt) else { return Ok(false) };
        let right = self.right.lock();
        let is_known = right.get(&digest, self.clock.now()).is_some();
        drop(right);
        if is_known {
            self.throttle.succeeded(attempt);
        }
        Ok(is_known)
    }

    /// Hashes the password, compares, and remembers what came of it.
    fn verify(&self, attempt: &PasswordAttempt) -> Result<bool, Error> {
        // While this one stood in line, others may have failed, or may have been right.
        if self.is_known(attempt)? {
            return Ok(true);
        }
        let is_right = is_password(&attempt.password, attempt.stored.as_ref())?;
        match self.digest(attempt).filter(|_| is_right) {
            Some(digest) => {
                self.throttle.succeeded(attempt);
                let mut right = self.right.lock();
                right.put(digest, (), self.clock.now());
            }
            None => self.throttle.failed(attempt),
        }
        Ok(is_right)
    }

    fn digest(&self, attempt: &PasswordAttempt) -> Option<[u8; 32]> {
        let PasswordAttempt { sandbox, account, password, stored, .. } = attempt;
        let stored = stored.as_ref()?.0.as_bytes();
        let claimed = [sandbox.as_str().as_bytes(), account.as_bytes(), password.reveal().as_bytes()];
        Some(digest_of(&[&self.process_key, claimed[0], claimed[1], claimed[2], stored]))
    }
}

/// What to keep of a password: a PHC string with a salt of its own.
pub(crate) fn hash(password: &Secret) -> Result<PasswordHash, Error> {
    salted(password, &random::bytes::<16>()?)
}

/// The same with a given salt.
pub(crate) fn salted(password: &Secret, salt: &[u8]) -> Result<PasswordHash, Error> {
    let hash = argon2()?.hash_password_with_salt(password.reveal().as_bytes(), salt);
    let hash: phc::PasswordHash = hash.map_err(failed)?;
    Ok(PasswordHash(hash.to_string()))
}

/// Whether a password matches the stored hash. Without a stored hash it takes equally long.
fn is_password(password: &Secret, stored: Option<&PasswordHash>) -> Result<bool, Error> {
    let demo_hash = demo::password_hash();
    let hash = stored.unwrap_or(&demo_hash);
    match argon2()?.verify_password(password.reveal().as_bytes(), hash.0.as_str()) {
        Ok(()) => Ok(stored.is_some()),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(cause) => Err(failed(cause)),
    }
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(cause: impl std::fmt::Display) -> Error {
    tracing::error!(%cause, "a password can't be hashed");
    Error::internal()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::tests::Hand;
    use crate::limits::ACCOUNT_FAILURES_MAX;
    use domain::{Reason, Sandbox};

    /// Each of these tests hashes as seldom as it can.
    async fn is_right(passwords: &Passwords, password: &str, stored: Option<PasswordHash>) -> Result<bool, Reason> {
        let (sandbox, account) = (Sandbox::main(), "ada@example.com".to_owned());
        let attempt = PasswordAttempt { sandbox, account, password: Secret::new(password), stored, from: None };
        passwords.is_right(attempt).await.map_err(|error| error.reason)
    }

    #[tokio::test]
    async fn a_right_password_is_remembered_and_a_changed_one_is_not() {
        let (clock, hand) = Hand::clock();
        let passwords = Passwords::new([7; 32], clock);
        let stored = passwords.hash(Secret::new("parlance")).await.unwrap();
        assert!(stored.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", stored.0);
        assert_ne!(stored, demo::password_hash(), "the salt is random");
        let remembered = || passwords.memory.right.lock().len();
        assert_eq!(is_right(&passwords, "parlance", Some(stored.clone())).await, Ok(true));
        assert_eq!(remembered(), 1);
        assert_eq!(is_right(&passwords, "parlance", Some(stored.clone())).await, Ok(true));
        // The stored hash has changed, so the password is hashed again, and wrong.
        let changed = PasswordHash(demo::password_hash().0.replace("DZtk", "EZtk"));
        assert_eq!(is_right(&passwords, "parlance", Some(changed)).await, Ok(false));
        hand.pass(PASSWORD_REMEMBERED_MS);
        assert_eq!(is_right(&passwords, "parlance", Some(stored)).await, Ok(true));
        assert_eq!(remembered(), 1);
    }

    #[tokio::test]
    async fn an_unknown_account_has_no_password_not_even_the_placeholder() {
        let (clock, _hand) = Hand::clock();
        let passwords = Passwords::new([7; 32], clock);
        assert_eq!(is_right(&passwords, demo::PASSWORD, None).await, Ok(false));
        let broken = PasswordHash("no PHC string".to_owned());
        assert_eq!(is_right(&passwords, "x", Some(broken)).await, Err(Reason::Internal));
    }

    #[tokio::test]
    async fn who_must_wait_is_not_looked_at() {
        let (clock, hand) = Hand::clock();
        let passwords = Passwords::new([7; 32], clock);
        let stored = Some(demo::password_hash());
        assert_eq!(is_right(&passwords, demo::PASSWORD, stored.clone()).await, Ok(true));
        let attempt = |password| {
            let (sandbox, account) = (Sandbox::main(), "ada@example.com".to_owned());
            PasswordAttempt { sandbox, account, password: Secret::new(password), stored: stored.clone(), from: None }
        };
        (0..=ACCOUNT_FAILURES_MAX).for_each(|_| passwords.memory.throttle.failed(&attempt("wrong")));
        // The right one neither, though it is remembered: else one could guess on.
        assert_eq!(is_right(&passwords, demo::PASSWORD, stored.clone()).await, Err(Reason::RateLimited));
        hand.pass(1_000);
        assert_eq!(is_right(&passwords, demo::PASSWORD, stored.clone()).await, Ok(true));
        (0..ACCOUNT_FAILURES_MAX).for_each(|_| passwords.memory.throttle.failed(&attempt("wrong")));
        assert_eq!(passwords.memory.throttle.check(&attempt("wrong")), Ok(()), "a success has reset the account");
    }
}
