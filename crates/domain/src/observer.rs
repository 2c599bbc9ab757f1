//! The port for observers of operations: logs and metrics.

use crate::access::Caller;
use crate::error::{Error, Reason};
use crate::events::Event;
use crate::operations::Operation;
use crate::request::RequestContext;
use crate::value::Value;
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
    pub error: Option<&'a Error>,
    /// The input and the reply.
    pub values: Values,
    /// How long it took, from the pipeline's first step to the result.
    pub took: Duration,
}

/// The input and the reply of an operation, the same in every style, in a sandbox that has its exercises on. They may hold secrets.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// Whether the sandbox has its exercises on.
    pub is_wanted: bool,
    /// The input, as far as it could be read.
    pub input: Option<Value>,
    /// The reply; `None` if there is none.
    pub reply: Option<Value>,
}

/// An event that a stream delivers.
pub struct StreamedEvent<'a> {
    /// The context of the request that started the stream.
    pub request: &'a RequestContext,
    /// The event after which the stream began.
    pub began_after: i32,
    /// Whether the listener gave that event, and did not start with the newest one.
    pub is_resumed: bool,
    /// The event.
    pub event: &'a Event,
}

impl OperationRecord<'_> {
    /// The reason of the error, if the operation was refused.
    pub fn refused(&self) -> Option<Reason> {
        self.error.map(|error| error.reason)
    }
}

/// Observes operations.
pub trait Observer: Send + Sync {
    /// An operation has succeeded or was refused.
    fn record(&self, seen: &OperationRecord<'_>);
    /// A stream has started.
    fn stream_begun(&self, _protocol: &'static str) {}
    /// A stream delivers an event, in a sandbox that has its exercises on.
    fn streamed(&self, _event: &StreamedEvent<'_>) {}
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
