//! What is a property of HTTP, once for every style: how a request is read before it is routed, and how an answer goes out.

pub mod middleware;

pub mod content;
pub mod credentials;
pub mod forwarded;
pub(crate) mod received;
pub mod request;

pub mod accept;
pub mod compression;
pub mod conditional;
pub mod cors;
pub mod decompression;
pub mod latency;
pub mod refusal;

pub mod shutdown;
pub(crate) mod spelling;
pub(crate) mod upgrade;
