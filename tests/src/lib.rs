//! What the tests share: a real server over real TCP, a client for any style, and access to the replies.
//!
//! There are no mocks, nothing sleeps, and nothing depends on the time: the shop's clock stands still at [`test_server::NOW`]. The
//! exception are the tests of the simulated round-trip time: what is delayed together must take less than what is
//! delayed one by one (`shop/protocols/graphql.rs`, `shop/protocols/websocket.rs`).

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

pub mod answer;
pub mod attacks;
pub mod committed;
pub mod conversation;
pub mod events;
pub mod frames;
pub mod harness;
pub mod http2;
pub mod protocols;
pub mod raw;
pub mod relay;
pub mod slips;
pub mod test_server;
pub mod variants;
pub mod xsd;

pub use answer::{ValueAccess, call_request, given};
pub use conversation::Conversation;
pub use protocols::facts;
pub use test_server::{TestServer, runtime};
