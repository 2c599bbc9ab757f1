//! The context of a request, and what the pipeline records for its response.

use crate::access::{Caller, Credentials};
use crate::error::Error;
use crate::faults::FaultSpec;
use crate::rate_limit::RateLimit;
use crate::sandbox::Sandbox;
use crate::spelling::{self, Spelling};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The context of a request: everything except the operation and its input.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The protocol: the adapter's name.
    pub protocol: &'static str,
    /// How the protocol spells what error messages name.
    pub spelling: &'static Spelling,
    /// The sandbox.
    pub sandbox: Sandbox,
    /// The credentials, not yet verified.
    pub credentials: Credentials,
    /// The idempotency key.
    pub idempotency_key: Option<String>,
    /// The faults to inject; see [`crate::faults`].
    pub fault: Option<String>,
    /// The id of the request in logs.
    pub request_id: Option<Arc<str>>,
    /// The address of the client.
    pub peer: Option<IpAddr>,
    /// The id of the connection, if the server counts connections.
    pub connection_id: Option<u64>,
    /// The id of the connection's stream, if it has several.
    pub stream_id: Option<u32>,
    /// Whether this is a part of an operation that is already authorized, such as a nested field.
    pub is_within: bool,
    /// What the pipeline records for the response.
    pub response: ResponseMetadata,
}

impl RequestContext {
    /// A context for a protocol and a sandbox, without anything else.
    pub fn new(protocol: &'static str, sandbox: Sandbox) -> Self {
        RequestContext {
            protocol,
            spelling: &spelling::PLAIN,
            sandbox,
            credentials: Credentials::None,
            idempotency_key: None,
            fault: None,
            request_id: None,
            peer: None,
            connection_id: None,
            stream_id: None,
            is_within: false,
            response: ResponseMetadata::default(),
        }
    }

    /// The same, with error messages in that spelling.
    pub fn spelled(self, spelling: &'static Spelling) -> Self {
        RequestContext { spelling, ..self }
    }

    /// The context for a part of the same operation.
    pub fn within(&self) -> Self {
        RequestContext { is_within: true, ..self.clone() }
    }

    /// The context for another message of the same connection: authenticated anew, with nothing recorded yet.
    pub fn another(&self) -> Self {
        RequestContext { response: ResponseMetadata::default(), ..self.clone() }
    }
}

/// What the pipeline records for the response. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct ResponseMetadata(Arc<Metadata>);

#[derive(Debug, Default)]
struct Metadata {
    caller: OnceLock<Result<Caller, Error>>,
    replayed: AtomicBool,
    has_waited: AtomicBool,
    rate_limit: Mutex<Option<RateLimit>>,
    latency: OnceLock<Latency>,
    lookups: AtomicU32,
}

/// How the response is to be delayed or cut. The pipeline only records it; the code that sends the response applies it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// The simulated time of each round trip, in milliseconds.
    pub rtt_ms: u32,
    /// The injected faults.
    pub fault: FaultSpec,
}

impl ResponseMetadata {
    /// The caller, once authenticated.
    pub fn caller(&self) -> Option<&Caller> {
        self.identified()?.as_ref().ok()
    }

    /// The caller or the error; `None` if authentication has not run yet.
    pub(crate) fn identified(&self) -> Option<&Result<Caller, Error>> {
        self.0.caller.get()
    }

    /// How the response is to be delayed or cut; `None` if it is not.
    pub fn latency(&self) -> Option<&Latency> {
        self.0.latency.get()
    }

    /// Whether a command was answered from a stored result.
    pub fn is_replayed(&self) -> bool {
        self.0.replayed.load(Ordering::Acquire)
    }

    /// The state of the rate limit, if there is one.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        *locked(&self.0.rate_limit)
    }

    /// The number of queries and transactions of the request, authentication included.
    pub fn lookups(&self) -> u32 {
        self.0.lookups.load(Ordering::Relaxed)
    }

    /// Whether a part of the request has waited in a long poll: later parts may have finished before it.
    pub fn has_waited(&self) -> bool {
        self.0.has_waited.load(Ordering::Acquire)
    }

    pub(crate) fn count_lookup(&self) {
        self.0.lookups.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn set_latency(&self, latency: Latency) {
        // Several operations of one request share a response: the first one decides.
        let _ = self.0.latency.set(latency);
    }

    pub(crate) fn set_identified(&self, caller: Result<Caller, Error>) -> Result<Caller, Error> {
        self.0.caller.get_or_init(|| caller).clone()
    }

    pub(crate) fn set_replayed(&self, replayed: bool) {
        self.0.replayed.fetch_or(replayed, Ordering::AcqRel);
    }

    /// Whether a part of the request may still wait: only one of a batch may, or the times would add up.
    pub(crate) fn may_wait(&self) -> bool {
        !self.0.has_waited.swap(true, Ordering::AcqRel)
    }

    pub(crate) fn set_rate_limit(&self, rate_limit: RateLimit) {
        *locked(&self.0.rate_limit) = Some(rate_limit);
    }
}

/// Locks a mutex. A panic leaves no value of ours half changed, so poisoning is ignored.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
