//! What does a request say of itself, beside the operation and its input, and what does the door note on it?

use crate::access::{Caller, Credentials};
use crate::error::Error;
use crate::faults::FaultSpec;
use crate::rate_limit::RateLimit;
use crate::sandbox::Sandbox;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// What a request says of itself.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The protocol that it came by: the adapter's name.
    pub protocol: &'static str,
    /// Which copy of the shop it is for.
    pub sandbox: Sandbox,
    /// Who its sender claims to be.
    pub credentials: Credentials,
    /// The key under which its command is to happen once.
    pub idempotency_key: Option<String>,
    /// What it wishes would go wrong; see [`crate::faults`].
    pub fault: Option<String>,
    /// What it is called in logs.
    pub request_id: Option<Arc<str>>,
    /// Where it came from.
    pub peer: Option<IpAddr>,
    /// The number of the connection that it came over, if somebody counts them.
    pub line: Option<u64>,
    /// Whether it is a part of an operation that has been let in: a field within a field.
    pub is_within: bool,
    /// What the door notes, for whoever writes the answer.
    pub response: ResponseMetadata,
}

impl RequestContext {
    /// A request over a protocol, for a sandbox, which says nothing more of itself.
    pub fn new(protocol: &'static str, sandbox: Sandbox) -> Self {
        RequestContext {
            protocol,
            sandbox,
            credentials: Credentials::None,
            idempotency_key: None,
            fault: None,
            request_id: None,
            peer: None,
            line: None,
            is_within: false,
            response: ResponseMetadata::default(),
        }
    }

    /// The same for a part of the operation that it asks for.
    pub fn within(&self) -> Self {
        RequestContext { is_within: true, ..self.clone() }
    }

    /// The same for another message of a connection: who it is from is asked anew, and nothing is noted yet.
    pub fn another(&self) -> Self {
        RequestContext { response: ResponseMetadata::default(), ..self.clone() }
    }
}

/// What the door notes on a request while it lets it in. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct ResponseMetadata(Arc<Metadata>);

#[derive(Debug, Default)]
struct Metadata {
    caller: OnceLock<Result<Caller, Error>>,
    replayed: AtomicBool,
    has_waited: AtomicBool,
    rate_limit: Mutex<Option<RateLimit>>,
    pace: OnceLock<Latency>,
    lookups: AtomicU32,
}

/// How an answer is to come, where that is not at once and whole. The door refuses nobody for it, so it only notes it; who
/// sends the answer sees to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// What each round trip is charged with, in milliseconds.
    pub rtt_ms: u32,
    /// What was wished would go wrong.
    pub fault: FaultSpec,
}

impl ResponseMetadata {
    /// Who called, once that was found out.
    pub fn caller(&self) -> Option<&Caller> {
        self.identified()?.as_ref().ok()
    }

    /// Who called, or why that was not found out; nothing, if nobody has asked yet.
    pub(crate) fn identified(&self) -> Option<&Result<Caller, Error>> {
        self.0.caller.get()
    }

    /// How the answer is to come; nothing, if at once and whole.
    pub fn latency(&self) -> Option<&Latency> {
        self.0.pace.get()
    }

    /// Whether a command of the request had happened before, and was only answered again.
    pub fn is_replayed(&self) -> bool {
        self.0.replayed.load(Ordering::Acquire)
    }

    /// How the caller's quota stands, if there is one.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        *locked(&self.0.rate_limit)
    }

    /// How often the store was asked for the request: to look, to change something, or who it is from.
    pub fn lookups(&self) -> u32 {
        self.0.lookups.load(Ordering::Relaxed)
    }

    /// Whether a part of the request has waited for news: then it was overtaken by the others.
    pub fn has_waited(&self) -> bool {
        self.0.has_waited.load(Ordering::Acquire)
    }

    pub(crate) fn count_lookup(&self) {
        self.0.lookups.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn set_latency(&self, pace: Latency) {
        // Of several operations in one request the first has set it; they are answered together.
        let _ = self.0.pace.set(pace);
    }

    pub(crate) fn set_identified(&self, caller: Result<Caller, Error>) -> Result<Caller, Error> {
        self.0.caller.get_or_init(|| caller).clone()
    }

    pub(crate) fn set_replayed(&self, replayed: bool) {
        self.0.replayed.fetch_or(replayed, Ordering::AcqRel);
    }

    /// Whether a part of the request may still wait: of a batch one may, or they would wait one after the other.
    pub(crate) fn may_wait(&self) -> bool {
        !self.0.has_waited.swap(true, Ordering::AcqRel)
    }

    pub(crate) fn set_rate_limit(&self, rate_limit: RateLimit) {
        *locked(&self.0.rate_limit) = Some(rate_limit);
    }
}

/// What a lock holds. Nothing of ours is left half done where a thread may panic.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
