//! What does every adapter need, whatever its protocol?
//!
//! [`adapter`] says what an adapter is; [`front`] is the layer that every request passes before it is routed (sandbox,
//! body); [`meta`] reads what a request says of itself, [`forwarded`] what a proxy says of it, [`credentials`] who it claims to be from; [`pace`] is the round-trip
//! dial and the wished-for delay. [`json`] is the one JSON of REST, JSON-RPC and WebSocket, [`xml`]
//! the strict reader and the writer of the XML styles. [`client`] and [`connection`] are the other end, over [`io`], the
//! stream that counts; [`measure`] tells headers, body and framing apart;
//! [`accept`] is what a client would rather have, [`conditional`] what it has already, and [`packing`] makes an answer smaller;
//! [`pasted`] is a request that somebody only shows, [`refusal`] is how HTTP says no where no style does, and [`examples`] are the calls that every contract and page shows.

pub mod accept;
pub mod adapter;
pub mod address;
pub mod client;
pub mod conditional;
pub mod connection;
pub mod content;
pub mod cors;
pub mod credentials;
pub mod drain;
pub mod examples;
pub mod forwarded;
pub mod front;
pub mod io;
pub mod json;
pub mod limits;
pub mod measure;
pub mod meta;
pub mod names;
pub mod pace;
pub mod packing;
pub mod pasted;
pub mod refusal;
pub mod socket;
mod spelling;
#[cfg(feature = "testing")]
pub mod testing;
pub mod unpacking;
mod upgrade;
pub mod xml;

pub use adapter::{Adapter, Contract};
pub use address::Address;
pub use client::{Ask, Client, Garbled, Heard, Incoming, Outgoing, Refused};
pub use content::{MediaType, body};
pub use forwarded::Proxy;
pub use meta::{base, meta};
