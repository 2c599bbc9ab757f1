//! What every adapter shares, whatever its protocol. This crate does not know which adapters there are.
//!
//! - [`adapter`]: the type that every adapter provides.
//! - `http/`: what a request passes before it is routed ([`middleware`]), its context ([`request`], [`content`], [`credentials`],
//!   [`conditional`], [`accept`], [`forwarded`], [`incoming`]), and what happens to the response ([`compression`], [`event_stream`], [`latency`], [`cors`],
//!   [`rate_limit`], [`trailers`], [`shutdown`]); [`refusal`] is for refusals outside the styles.
//! - `client/`: the other end. A [`Client`] encodes a call and decodes a response, [`connection`] carries them over the
//!   observed stream of [`io`] to a [`recorder`], [`http2`] reads frames, [`measure`] splits headers, body and framing,
//!   [`request_text`] reads pasted requests.
//! - `formats/`: the JSON of REST, JSON-RPC and WebSocket ([`json`]), the strict reader and the writer of XML ([`xml`]).
//! - [`socket`]: the server half of a WebSocket.

pub mod adapter;
pub mod address;
pub mod client;
pub mod examples;
mod formats;
mod http;
pub mod limits;
pub mod socket;

pub use self::http::{
    accept, compression, conditional, content, control, cors, credentials, decompression, event_stream, forwarded,
    incoming, latency, middleware, rate_limit, refusal, request, shutdown, trailers,
};
pub use client::{connection, http2, io, measure, recorder, request_text};
pub use formats::{json, names, xml};

pub use adapter::{Adapter, Contract};
pub use address::Address;
pub use client::{CallRequest, Client, DecodeError, Outcome, Refused, WireRequest, WireResponse};
pub use content::{MediaType, body};
pub use forwarded::Proxy;
pub use incoming::IncomingRequest;
pub use request::{base, request_context};
