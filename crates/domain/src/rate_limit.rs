//! The port for rate limiting. The algorithm is the implementation's.

use crate::sandbox::Sandbox;
use crate::users::UserId;
use std::net::IpAddr;

/// The key that a rate limit is counted by: one per caller and sandbox, shared by all styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateLimitKey {
    /// An authenticated user.
    User(UserId),
    /// An anonymous caller, by IP address.
    Address(IpAddr),
    /// An anonymous caller whose address is unknown.
    Unknown,
}

/// The state of a rate limit after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Operations per minute.
    pub per_minute: u32,
    /// Operations that remain.
    pub remaining: u32,
    /// Milliseconds until the limit is full again; if none remains, until the next operation is possible.
    pub reset_ms: u32,
}

/// Counts operations.
pub trait RateLimiter: Send + Sync {
    /// Takes one operation from the limit; `Err` with the state if none remains.
    fn acquire(&self, sandbox: &Sandbox, key: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit>;
}

/// A limiter that never refuses; the default.
pub struct Unlimited;

impl RateLimiter for Unlimited {
    fn acquire(&self, _: &Sandbox, _: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit> {
        Ok(RateLimit { per_minute, remaining: per_minute, reset_ms: 0 })
    }
}
