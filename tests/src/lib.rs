//! What do all tests of the whole house share? A real server over real TCP, somebody who talks to it in any style, and the
//! ways to look at what came back.
//!
//! There are no mocks here, nothing sleeps, and nothing depends on the clock: the shop's own stands still at [`test_server::NOW`]. The
//! exception are the tests of the round-trip dial, which is about time: what is charged together must take less than what is
//! charged one by one (`shop/protocols/graphql.rs`, `shop/protocols/websocket.rs`).

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

pub mod answer;
pub mod attacks;
pub mod committed;
pub mod conversation;
pub mod events;
pub mod frames;
pub mod harness;
pub mod protocols;
pub mod raw;
pub mod relay;
pub mod test_server;
pub mod variants;
pub mod xsd;

pub use answer::{Look, ask, given};
pub use conversation::Conversation;
pub use protocols::facts;
pub use test_server::{TestServer, runtime};
