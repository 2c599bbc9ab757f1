//! How often may somebody ask? Behind this port, whatever the algorithm.

use crate::sandbox::Sandbox;
use crate::users::UserId;
use std::net::IpAddr;

/// Whose quota an operation is taken from: one for each caller and sandbox, whatever the style.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Payer {
    /// A user.
    User(UserId),
    /// Whoever calls from an address without saying who it is.
    Address(IpAddr),
    /// Somebody of whom not even that is known.
    Unknown,
}

/// How a quota stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Operations a minute.
    pub per_minute: u32,
    /// Operations that are left now.
    pub left: u32,
    /// After how many milliseconds all of it is there again; where none is left, after how many there is one.
    pub wait_ms: u32,
}

/// Who counts.
pub trait Quotas: Send + Sync {
    /// Takes one operation from a quota, or tells how it stands if none is left.
    fn spend(&self, sandbox: &Sandbox, payer: Payer, per_minute: u32) -> Result<Quota, Quota>;
}

/// Counts nothing: what a shop has that was given nobody who does.
pub struct NoQuotas;

impl Quotas for NoQuotas {
    fn spend(&self, _: &Sandbox, _: Payer, per_minute: u32) -> Result<Quota, Quota> {
        Ok(Quota { per_minute, left: per_minute, wait_ms: 0 })
    }
}
