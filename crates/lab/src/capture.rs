//! The capture of live traffic: the exchanges on all connections, for the subscribers of a sandbox.
//!
//! Without subscribers, a read or a write costs one relaxed load and nothing is stored. Otherwise [`assembler`] collects the bytes
//! of the current exchange of each connection, [`decoder`] makes them readable, and [`buffer`] holds them for the sandboxes that are
//! watched.

mod assembler;
mod buffer;
mod decoder;
mod protocol;
mod traffic;

pub use buffer::Delivery;
pub use decoder::{Exchange, ExchangeLine};
pub use protocol::{Target, target_of};
pub use traffic::{Subscription, TrafficCapture};
