//! The port for observers of operations: logs and metrics.

use crate::access::Caller;
use crate::error::Reason;
use crate::operations::Operation;
use crate::request::RequestContext;
use std::time::Duration;

/// What happened to one operation. Nothing in it is secret.
pub struct OperationRecord<'a> {
    /// The request's context. Its credentials must not be shown.
    pub request: &'a RequestContext,
    /// The operation; `None` if there is none with that name.
    pub operation: Option<&'static Operation>,
    /// The caller; `None` if it was not authenticated.
    pub caller: Option<&'a Caller>,
    /// The error, if the operation was refused.
    pub refused: Option<Reason>,
    /// How long it took, from the pipeline's first step to the result.
    pub took: Duration,
}

/// Observes operations.
pub trait Observer: Send + Sync {
    /// An operation has succeeded or was refused.
    fn record(&self, seen: &OperationRecord<'_>);
    /// A stream has started.
    fn stream_begun(&self, _protocol: &'static str) {}
    /// A stream has ended.
    fn stream_ended(&self, _protocol: &'static str) {}
    /// So many commands were committed together.
    fn committed(&self, _commands: usize) {}
}

/// An observer that does nothing; the default.
pub struct NoObserver;

impl Observer for NoObserver {
    fn record(&self, _: &OperationRecord<'_>) {}
}
