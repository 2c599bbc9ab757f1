//! WebSocket: a connection that stays open, with messages in both directions.
//!
//! HTTP opens it (the handshake of RFC 6455, with the subprotocol `shop.v1.json`); from then on every line here is a text message of
//! the client (`>`) or of the server (`<`):
//!
//! ```text
//! > {"id":"1","op":"get_user","params":{"id":1}}
//! < {"id":"1","ok":{"id":1,"name":"Ada Lovelace",...}}
//! > {"id":"2","op":"watch_events","params":{}}
//! < {"id":"2","ok":{}}
//! < {"id":"2","event":{"seq":42,"kind":"order.placed",...}}
//! > {"id":"3","op":"stop","params":{"id":"2"}}
//! < {"id":"3","ok":{}}
//! < {"id":"2","end":{}}
//! > {"id":"4","op":"authenticate","params":{"api_key":"parlance_..."}}
//! < {"id":"4","ok":{"user_id":1,"name":"Ada Lovelace",...}}
//! > {"id":"5","op":"place_order","params":{...},"idempotency_key":"8e03978e"}
//! < {"id":"5","ok":{"id":201,...},"replayed":true}
//! ```
//!
//! WebSocket itself defines frames, not calls: ids, operations and errors are this shop's own format (`messages.rs`), which is what a
//! team that chooses WebSocket has to design. Three decisions of ours:
//!
//! - **Order.** Calls are executed at the same time, and the first one that is ready is answered first. A client that wants one call
//!   to follow another waits for its reply.
//! - **Identity.** The credentials of the handshake apply to all messages until `authenticate` or `log_in` replaces them; messages sent
//!   after that reply come from the new user (`service.rs`).
//! - **Options.** Each message has its own `idempotency_key` and `fault`. A key of the handshake is ignored, because all orders of the
//!   socket would be one order.
//!
//! A stream is a call that is answered many times, each time under its id (`events.rs`). The AsyncAPI document is written from the
//! table of operations (`contract.rs`).
//!
//! One file more than other adapters have: `echo.rs` returns every message, for testing clients.

mod service;
mod messages;
mod errors;
mod events;
mod contract;
mod client;
mod parse;
mod echo;

use domain::{Spelling, spelling};
use wire::{Adapter, Contract};

/// The adapter's name.
const NAME: &str = "websocket";

/// Where the style is served.
const PATH: &str = "/ws";

/// The subprotocol (RFC 6455 section 1.9). A client that offers none is served too.
const SUBPROTOCOL: &str = "shop.v1.json";

/// How credentials are sent, for error messages.
const HOW: &str = "send an API key or a token by the operation authenticate, or an email and a password by log_in";

/// How error messages spell names: as the table does.
const SPELLING: Spelling = Spelling { contract: "/ws/asyncapi.json", credentials: HOW, ..spelling::PLAIN };

/// The documents that describe the style.
const CONTRACTS: &[Contract] = &[Contract {
    title: "AsyncAPI 3",
    path: "/ws/asyncapi.json",
    media_type: "application/json",
    document: contract::asyncapi,
    spelling: |operation| format!("\"const\": \"{}\"", operation.name),
}];

/// WebSocket, server half and client half.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "WebSocket",
        about: "A client opens one connection and keeps it. Messages go in both directions: the id of a message says \
             which call a reply belongs to, and the server can send events at any time. The subprotocol is \
             shop.v1.json.",
        spelling: &SPELLING,
        path: PATH,
        contracts: CONTRACTS,
        streams: events::STREAMS,
        mount: service::mount,
        client: &client::Client,
        parse_request: parse::parse_request,
        dropped: |_| None,
    }
}
