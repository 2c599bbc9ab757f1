//! Delays repeated failures to log in, per account and per address.
//!
//! An account may fail a few times in a row, then each failure doubles the wait; an address, which a
//! class may share, may fail more often. An attempt within the wait is refused before anything is hashed, also with the right
//! password: else an attacker could simply go on. Unknown accounts are counted like existing ones.

use crate::clock::Clock;
use crate::digest_of;
use crate::limits::{
    ACCOUNT_FAILURES_MAX, ADDRESS_FAILURES_MAX, FAILURE_WAIT_MS, FAILURE_WAIT_MS_MAX, FAILURES_KEPT_MAX,
    FAILURES_KEPT_MS,
};
use crate::recent::Recent;
use domain::authenticator::PasswordAttempt;
use domain::{Error, Reason};
use parking_lot::Mutex;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// Counts failures.
pub struct Throttle {
    clock: Clock,
    /// By a digest of sandbox and account: an account's name may be as long as its sender likes.
    accounts: Mutex<Recent<[u8; 32], Failures>>,
    addresses: Mutex<Recent<IpAddr, Failures>>,
}

/// How often something has failed.
#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    /// Until when the next attempt is refused.
    wait_until: Duration,
}

impl Throttle {
    /// No failure yet.
    pub fn new(clock: Clock) -> Self {
        let kept_for = Duration::from_millis(FAILURES_KEPT_MS);
        Throttle {
            clock,
            accounts: Mutex::new(Recent::new(FAILURES_KEPT_MAX, kept_for)),
            addresses: Mutex::new(Recent::new(FAILURES_KEPT_MAX, kept_for)),
        }
    }

    /// Refuses an attempt that comes too early.
    pub fn check(&self, attempt: &PasswordAttempt) -> Result<(), Error> {
        let now = self.clock.now();
        let of_account = wait(&self.accounts.lock(), &account(attempt), now);
        let of_address = address(attempt).and_then(|address| wait(&self.addresses.lock(), &address, now));
        let (wait, whose) = match (of_account, of_address) {
            (None, None) => return Ok(()),
            (Some(wait), other) if other.is_none_or(|other| other <= wait) => (wait, "for this account"),
            (_, Some(wait)) | (Some(wait), None) => (wait, "from this address"),
        };
        let ms = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX).max(1);
        Err(Error::for_now(Reason::RateLimited, format!("too many wrong passwords {whose}"), ms))
    }

    /// An attempt has failed.
    pub fn failed(&self, attempt: &PasswordAttempt) {
        let now = self.clock.now();
        count(&mut self.accounts.lock(), account(attempt), ACCOUNT_FAILURES_MAX, now);
        if let Some(address) = address(attempt) {
            count(&mut self.addresses.lock(), address, ADDRESS_FAILURES_MAX, now);
        }
    }

    /// An attempt was right: the account begins anew. The address does not, or a guesser would send a password of their own
    /// between the others.
    pub fn succeeded(&self, attempt: &PasswordAttempt) {
        self.accounts.lock().remove(&account(attempt));
    }
}

fn account(attempt: &PasswordAttempt) -> [u8; 32] {
    digest_of(&[attempt.sandbox.as_str().as_bytes(), attempt.account.as_bytes()])
}

/// The network of an attempt. A host with one IPv6 address usually has the other 2^64 of its network: they count as one.
fn address(attempt: &PasswordAttempt) -> Option<IpAddr> {
    Some(match attempt.from?.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    })
}

fn wait<K: Clone + Eq + Hash>(table: &Recent<K, Failures>, key: &K, now: Duration) -> Option<Duration> {
    let failures = table.get(key, now)?;
    failures.wait_until.checked_sub(now).filter(|wait| !wait.is_zero())
}

fn count<K: Clone + Eq + Hash>(table: &mut Recent<K, Failures>, key: K, free: u32, now: Duration) {
    let count = table.get(&key, now).map_or(0, |failures| failures.count).saturating_add(1);
    let wait_until = now + wait_after(count, free);
    table.put(key, Failures { count, wait_until }, now);
}

/// How long to wait after so many failures of which so many are free.
fn wait_after(count: u32, free: u32) -> Duration {
    let Some(doublings) = count.checked_sub(free + 1) else { return Duration::ZERO };
    let ms = FAILURE_WAIT_MS.saturating_mul(2_u64.saturating_pow(doublings));
    Duration::from_millis(ms.min(FAILURE_WAIT_MS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::tests::Hand;
    use domain::Sandbox;
    use domain::access::Secret;

    fn attempt(account: &str, from: &str) -> PasswordAttempt {
        let (sandbox, password) = (Sandbox::main(), Secret::new("x"));
        PasswordAttempt { sandbox, account: account.into(), password, stored: None, from: from.parse().ok() }
    }

    fn wait_ms(throttle: &Throttle, attempt: &PasswordAttempt) -> u32 {
        throttle.check(attempt).map_or_else(|error| error.retry_after_ms.unwrap(), |()| 0)
    }

    #[test]
    fn the_wait_doubles_once_the_free_failures_are_spent() {
        let (clock, hand) = Hand::clock();
        let throttle = Throttle::new(clock);
        let ada = attempt("ada@example.com", "192.0.2.1");
        for _ in 0..ACCOUNT_FAILURES_MAX {
            assert_eq!(wait_ms(&throttle, &ada), 0);
            throttle.failed(&ada);
        }
        assert_eq!(wait_ms(&throttle, &ada), 0);
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            throttle.failed(&ada);
            assert_eq!(wait_ms(&throttle, &ada), seconds * 1_000);
            hand.pass(u64::from(seconds) * 1_000 - 1);
            assert_eq!(wait_ms(&throttle, &ada), 1);
            hand.pass(1);
            assert_eq!(wait_ms(&throttle, &ada), 0);
        }
        assert_eq!(throttle.check(&attempt("bob@example.com", "192.0.2.1")), Ok(()));
    }

    #[test]
    fn a_success_or_a_quarter_of_an_hour_resets_an_account() {
        let (clock, hand) = Hand::clock();
        let throttle = Throttle::new(clock);
        let ada = attempt("ada@example.com", "192.0.2.1");
        let fail = |times| (0..times).for_each(|_| throttle.failed(&ada));
        fail(ACCOUNT_FAILURES_MAX + 1);
        throttle.succeeded(&ada);
        fail(ACCOUNT_FAILURES_MAX);
        assert_eq!(wait_ms(&throttle, &ada), 0);
        hand.pass(FAILURES_KEPT_MS);
        fail(ACCOUNT_FAILURES_MAX);
        assert_eq!(wait_ms(&throttle, &ada), 0);
        fail(1);
        let refused = throttle.check(&ada).unwrap_err();
        assert_eq!(refused.reason, Reason::RateLimited);
        assert_eq!(refused.message, "too many wrong passwords for this account; try again in 1 s");
    }

    #[test]
    fn an_address_waits_whatever_account_it_tries() {
        let (clock, _hand) = Hand::clock();
        let throttle = Throttle::new(clock);
        for number in 0..=ADDRESS_FAILURES_MAX {
            // The second half of an address of IPv6 is its owner's to choose.
            throttle.failed(&attempt(&number.to_string(), &format!("2001:db8::{number:x}")));
        }
        assert_eq!(wait_ms(&throttle, &attempt("ada", "2001:db8::ffff:1")), 1_000);
        assert_eq!(wait_ms(&throttle, &attempt("ada", "2001:db8:0:1::1")), 0);
        assert_eq!(wait_ms(&throttle, &attempt("1", "192.0.2.1")), 0);
    }
}
