//! Who watches what goes through the door? Somebody behind this port, who writes it down and counts it.

use crate::access::Caller;
use crate::error::Reason;
use crate::operations::Operation;
use crate::request::RequestContext;
use std::time::Duration;

/// What was seen of one operation. Nothing in it is a secret.
pub struct OperationRecord<'a> {
    /// What the request said of itself. Its credentials are not for showing.
    pub meta: &'a RequestContext,
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
pub trait Observer: Send + Sync {
    /// An operation has been answered or refused.
    fn record(&self, seen: &OperationRecord<'_>);
    /// A stream has begun.
    fn stream_begun(&self, _protocol: &'static str) {}
    /// It has ended.
    fn stream_ended(&self, _protocol: &'static str) {}
    /// So many commands have become durable together.
    fn committed(&self, _commands: usize) {}
}

/// Sees nothing.
pub struct NoObserver;

impl Observer for NoObserver {
    fn record(&self, _: &OperationRecord<'_>) {}
}
