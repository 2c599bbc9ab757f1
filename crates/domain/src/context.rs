//! What does a rule get beside its input, and what does it give that has nothing to give?

use crate::access::Caller;
use crate::output;
use crate::time::Timestamp;

/// What a rule may know beside its input.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who calls.
    pub caller: Caller,
    /// The time of the call.
    pub now: Timestamp,
}

output! {
    /// Done, and nothing to say.
    pub struct Nothing {}
}
