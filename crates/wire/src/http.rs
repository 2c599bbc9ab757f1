//! Properties of HTTP, once for every style: how a request is read before routing, and how a response is sent.

pub mod middleware;

pub mod content;
pub mod control;
pub mod credentials;
pub mod forwarded;
pub mod incoming;
pub(crate) mod quoted;
pub(crate) mod received;
pub mod request;

pub mod accept;
pub mod compression;
pub mod conditional;
pub mod cors;
pub mod decompression;
pub mod event_stream;
pub mod latency;
pub mod rate_limit;
pub(crate) mod readable;
pub mod refusal;
pub mod trailers;

pub mod shutdown;
pub(crate) mod spelling;
pub(crate) mod upgrade;
