//! What a rule gets in addition to its input, and the reply of operations that return nothing.

use crate::access::Caller;
use crate::output;
use crate::time::Timestamp;

/// What a rule knows about the call.
#[derive(Clone, Debug)]
pub struct Context {
    /// The caller.
    pub caller: Caller,
    /// The time of the call.
    pub now: Timestamp,
}

output! {
    /// An empty reply.
    pub struct Nothing {}
}
