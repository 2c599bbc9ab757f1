//! How is counted how often somebody asks? By the algorithm GCRA, for each caller and sandbox, whatever the style.

use domain::limits::RATE_PER_MINUTE_MAX;
use domain::rate_limit::{RateLimit, RateLimitKey, RateLimiter};
use domain::sandbox::Sandbox;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{NotUntil, RateLimiter as Governor};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

/// Callers whose quotas are remembered, for each rate. Beyond that, those that are whole again are forgotten.
const CALLERS_MAX: usize = 10_000;
/// Different rates that are counted by at once.
const RATES_MAX: usize = 100;

type Caller = (Sandbox, RateLimitKey);
type Limiter<C> = Governor<Caller, HashMapStateStore<Caller>, C, StateInformationMiddleware>;

/// The quotas of all callers.
pub struct Counters<C: Clock = DefaultClock> {
    clock: C,
    /// A caller has as many operations at once as there are in a minute; each comes back in its turn.
    by_rate: Mutex<HashMap<u32, Arc<Limiter<C>>>>,
}

impl Default for Counters {
    fn default() -> Self {
        Counters::with_clock(DefaultClock::default())
    }
}

impl<C: Clock + Clone> Counters<C> {
    /// Quotas by a clock.
    pub fn with_clock(clock: C) -> Self {
        Counters { clock, by_rate: Mutex::default() }
    }

    fn limiter(&self, per_minute: NonZeroU32) -> Arc<Limiter<C>> {
        let mut by_rate = self.by_rate.lock();
        if by_rate.len() >= RATES_MAX && !by_rate.contains_key(&per_minute.get()) {
            by_rate.clear();
        }
        let limiter = by_rate.entry(per_minute.get()).or_insert_with(|| {
            let quota = governor::Quota::per_minute(per_minute);
            Arc::new(Governor::new(quota, HashMapStateStore::default(), self.clock.clone()))
        });
        limiter.clone()
    }
}

impl<C: Clock + Clone + Send + Sync> RateLimiter for Counters<C>
where
    C::Instant: Send + Sync,
{
    fn acquire(&self, sandbox: &Sandbox, payer: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit> {
        let Some(rate) = NonZeroU32::new(per_minute.min(RATE_PER_MINUTE_MAX)) else {
            return Ok(RateLimit { per_minute, remaining: 0, reset_ms: 0 });
        };
        let limiter = self.limiter(rate);
        if limiter.len() >= CALLERS_MAX {
            limiter.retain_recent();
        }
        match limiter.check_key(&(sandbox.clone(), payer)) {
            Ok(snapshot) => {
                let left = snapshot.remaining_burst_capacity();
                let reset_ms = u64::from(per_minute - left.min(per_minute)) * 60_000 / u64::from(per_minute);
                Ok(RateLimit { per_minute, remaining: left, reset_ms: u32::try_from(reset_ms).unwrap_or(u32::MAX) })
            }
            Err(until) => Err(RateLimit { per_minute, remaining: 0, reset_ms: self.reset_ms(&until) }),
        }
    }
}

impl<C: Clock> Counters<C> {
    /// Whole milliseconds, rounded up: who comes back then is let in.
    fn reset_ms(&self, until: &NotUntil<C::Instant>) -> u32 {
        let wait = until.wait_time_from(self.clock.now());
        u32::try_from(wait.as_millis() + 1).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::users::UserId;
    use governor::clock::FakeRelativeClock;
    use std::time::Duration;

    #[test]
    fn a_quota_is_one_callers_in_one_sandbox_and_comes_back() {
        let clock = FakeRelativeClock::default();
        let counters = Counters::with_clock(clock.clone());
        let spend = |sandbox: &str, user| {
            let sandbox = Sandbox::parse(sandbox).expect("a name");
            counters.acquire(&sandbox, RateLimitKey::User(UserId(user)), 2)
        };
        assert_eq!(spend("a", 1), Ok(RateLimit { per_minute: 2, remaining: 1, reset_ms: 30_000 }));
        assert_eq!(spend("a", 1), Ok(RateLimit { per_minute: 2, remaining: 0, reset_ms: 60_000 }));
        assert_eq!(spend("a", 1), Err(RateLimit { per_minute: 2, remaining: 0, reset_ms: 30_001 }));
        assert!(spend("a", 2).is_ok() && spend("b", 1).is_ok());
        clock.advance(Duration::from_millis(30_001));
        assert!(spend("a", 1).is_ok() && spend("a", 1).is_err());
    }

    #[test]
    fn what_is_whole_again_is_forgotten() {
        let clock = FakeRelativeClock::default();
        let counters = Counters::with_clock(clock.clone());
        let spend = |user| counters.acquire(&Sandbox::main(), RateLimitKey::User(UserId(user)), 60).is_ok();
        assert!((0..CALLERS_MAX as i32).all(spend));
        clock.advance(Duration::from_secs(120));
        assert!(spend(-1));
        let limiter = counters.limiter(NonZeroU32::new(60).expect("not zero"));
        assert_eq!(limiter.len(), 1);
    }
}
