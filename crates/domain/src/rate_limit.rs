//! How often may somebody ask? Behind this port, whatever the algorithm.

use crate::sandbox::Sandbox;
use crate::users::UserId;
use std::net::IpAddr;

/// Whose quota an operation is taken from: one for each caller and sandbox, whatever the style.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateLimitKey {
    /// A user.
    User(UserId),
    /// Whoever calls from an address without saying who it is.
    Address(IpAddr),
    /// Somebody of whom not even that is known.
    Unknown,
}

/// How a quota stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Operations a minute.
    pub per_minute: u32,
    /// Operations that are left now.
    pub remaining: u32,
    /// After how many milliseconds all of it is there again; where none is left, after how many there is one.
    pub reset_ms: u32,
}

/// Who counts.
pub trait RateLimiter: Send + Sync {
    /// Takes one operation from a quota, or tells how it stands if none is left.
    fn acquire(&self, sandbox: &Sandbox, payer: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit>;
}

/// Counts nothing: what a shop has that was given nobody who does.
pub struct Unlimited;

impl RateLimiter for Unlimited {
    fn acquire(&self, _: &Sandbox, _: RateLimitKey, per_minute: u32) -> Result<RateLimit, RateLimit> {
        Ok(RateLimit { per_minute, remaining: per_minute, reset_ms: 0 })
    }
}
