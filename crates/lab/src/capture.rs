//! The capture of live traffic: the exchanges on all connections, for the subscribers of a sandbox or of all.
//!
//! While no sandbox is watched, a read or a write costs one relaxed load and nothing is stored. Otherwise [`assembler`] collects the bytes
//! of the current exchange of each connection, and of each stream of HTTP/2 ([`raw`]), [`decoder`] makes them readable, and [`buffer`]
//! holds them for the sandboxes that are watched.

mod assembler;
mod buffer;
mod decoder;
mod http2;
mod protocol;
mod raw;
mod traffic;

pub use buffer::{Delivery, View};
pub(crate) use decoder::Decoded;
pub use decoder::{Exchange, ExchangeLine};
pub use http2::Http2Connection;
pub(crate) use protocol::NO_STYLE;
pub use protocol::{Target, target_of};
pub(crate) use raw::{Call, CallDetails};
pub(crate) use traffic::ExchangeObserver;
pub use traffic::{Subscription, TrafficCapture};
