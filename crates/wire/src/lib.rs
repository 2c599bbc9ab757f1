//! What every adapter shares, whatever its protocol. It does not know which adapters there are.
//!
//! - [`adapter`]: what an adapter is.
//! - `http/`: what a request passes before it is routed ([`front`]), what it says of itself ([`meta`], [`content`], [`credentials`],
//!   [`conditional`], [`accept`], [`forwarded`]), and what happens to the answer ([`packing`], [`pace`], [`cors`], [`drain`]); [`refusal`] is
//!   how HTTP says no where no style does.
//! - `client/`: the other end. A [`Client`] makes bytes of a call and an outcome of bytes, [`connection`] carries them over the
//!   observed stream of [`io`], [`measure`] tells headers, body and framing apart, [`pasted`] reads what was only shown.
//! - `formats/`: the one JSON of REST, JSON-RPC and WebSocket ([`json`]), the strict reader and the writer of XML ([`xml`]).
//! - [`socket`]: the life of a WebSocket on the server's side.

pub mod adapter;
pub mod address;
pub mod client;
pub mod examples;
mod formats;
mod http;
pub mod limits;
pub mod socket;
#[cfg(feature = "testing")]
pub mod testing;

pub use self::http::{
    accept, compression, conditional, content, cors, credentials, decompression, forwarded, latency, middleware,
    refusal, request, shutdown,
};
pub use client::{connection, io, measure, request_text};
pub use formats::{json, names, xml};

pub use adapter::{Adapter, Contract};
pub use address::Address;
pub use client::{CallRequest, Client, DecodeError, Outcome, Refused, WireRequest, WireResponse};
pub use content::{MediaType, body};
pub use forwarded::Proxy;
pub use request::{base, request_context};
