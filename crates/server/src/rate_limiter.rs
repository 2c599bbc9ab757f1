//! Rate limiting per caller and sandbox, by the generic cell rate algorithm (GCRA), for all styles together.

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

/// Callers that are remembered for each rate. Beyond that, those whose whole quota is back are forgotten.
const CALLERS_MAX: usize = 10_000;
/// Different rates at the same time.
const RATES_MAX: usize = 100;

type Caller = (Sandbox, RateLimitKey);
type Limiter<C> = Governor<Caller, HashMapStateStore<Caller>, C, StateInformationMiddleware>;

/// The quotas of all callers, in memory.
pub struct GcraLimiter<C: Clock = DefaultClock> {
    clock: C,
    /// A caller may use the operations of a whole minute at once; they come back one by one.
    by_rate: Mutex<HashMap<u32, Arc<Limiter<C>>>>,
}

impl Default for GcraLimiter {
    fn default() -> Self {
        GcraLimiter::with_clock(DefaultClock::default())
    }
}

impl<C: Clock + Clone> GcraLimiter<C> {
    /// A limiter with this clock.
    pub fn with_clock(clock: C) -> Self {
        GcraLimiter { clock, by_rate: Mutex::default() }
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

impl<C: Clock + Clone + Send + Sync> RateLimiter for GcraLimiter<C>
where
    C::Instant: Send + Sync,
{
    fn acquire(&self, sandbox: &Sandbox, key: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit> {
        let Some(rate) = NonZeroU32::new(per_minute.min(RATE_PER_MINUTE_MAX)) else {
            return Ok(RateLimit { per_minute, remaining: 0, reset_ms: 0 });
        };
        let limiter = self.limiter(rate);
        if limiter.len() >= CALLERS_MAX {
            limiter.retain_recent();
        }
        match limiter.check_key(&(sandbox.clone(), key)) {
            Ok(snapshot) => {
                let left = snapshot.remaining_burst_capacity();
                let reset_ms = u64::from(per_minute - left.min(per_minute)) * 60_000 / u64::from(per_minute);
                Ok(RateLimit { per_minute, remaining: left, reset_ms: u32::try_from(reset_ms).unwrap_or(u32::MAX) })
            }
            Err(until) => Err(RateLimit { per_minute, remaining: 0, reset_ms: self.reset_ms(&until) }),
        }
    }
}

impl<C: Clock> GcraLimiter<C> {
    /// Milliseconds until the next operation is allowed, rounded up.
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
    fn each_caller_has_a_quota_in_each_sandbox_and_it_comes_back() {
        let clock = FakeRelativeClock::default();
        let limiter = GcraLimiter::with_clock(clock.clone());
        let acquire = |sandbox: &str, user| {
            let sandbox = Sandbox::parse(sandbox).expect("a name");
            limiter.acquire(&sandbox, RateLimitKey::User(UserId(user)), 2)
        };
        assert_eq!(acquire("a", 1), Ok(RateLimit { per_minute: 2, remaining: 1, reset_ms: 30_000 }));
        assert_eq!(acquire("a", 1), Ok(RateLimit { per_minute: 2, remaining: 0, reset_ms: 60_000 }));
        assert_eq!(acquire("a", 1), Err(RateLimit { per_minute: 2, remaining: 0, reset_ms: 30_001 }));
        assert!(acquire("a", 2).is_ok() && acquire("b", 1).is_ok());
        clock.advance(Duration::from_millis(30_001));
        assert!(acquire("a", 1).is_ok() && acquire("a", 1).is_err());
    }

    #[test]
    fn callers_with_their_whole_quota_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let limiter = GcraLimiter::with_clock(clock.clone());
        let acquire = |user| limiter.acquire(&Sandbox::main(), RateLimitKey::User(UserId(user)), 60).is_ok();
        assert!((0..CALLERS_MAX as i32).all(acquire));
        clock.advance(Duration::from_secs(120));
        assert!(acquire(-1));
        let limiter = limiter.limiter(NonZeroU32::new(60).expect("not zero"));
        assert_eq!(limiter.len(), 1);
    }
}
