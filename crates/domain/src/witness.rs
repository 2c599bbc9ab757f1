//! Who watches what goes through the door? Somebody behind this port, who writes it down and counts it.

use crate::access::Caller;
use crate::error::Reason;
use crate::meta::Meta;
use crate::operations::Operation;
use std::time::Duration;

/// What was seen of one operation. Nothing in it is a secret.
pub struct Seen<'a> {
    /// What the request said of itself. Its credentials are not for showing.
    pub meta: &'a Meta,
    /// The operation; nothing, if it is none of ours.
    pub operation: Option<&'static Operation>,
    /// Who called; nothing, if that was not found out.
    pub caller: Option<&'a Caller>,
    /// What it was refused for.
    pub refused: Option<Reason>,
    /// How long it took, from the door to the answer.
    pub took: Duration,
}

/// Who watches.
pub trait Witness: Send + Sync {
    /// An operation has been answered or refused.
    fn saw(&self, seen: &Seen<'_>);
    /// A stream has begun.
    fn stream_begun(&self, _protocol: &'static str) {}
    /// It has ended.
    fn stream_ended(&self, _protocol: &'static str) {}
    /// So many commands have become durable together.
    fn committed(&self, _commands: usize) {}
}

/// Sees nothing.
pub struct NoWitness;

impl Witness for NoWitness {
    fn saw(&self, _: &Seen<'_>) {}
}
