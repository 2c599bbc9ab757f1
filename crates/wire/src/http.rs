//! What is a property of HTTP, once for every style: how a request is read before it is routed, and how an answer goes out.

pub mod front;

pub(crate) mod arrived;
pub mod content;
pub mod credentials;
pub mod forwarded;
pub mod meta;

pub mod accept;
pub mod conditional;
pub mod cors;
pub mod pace;
pub mod packing;
pub mod refusal;
pub mod unpacking;

pub mod drain;
pub(crate) mod spelling;
pub(crate) mod upgrade;
