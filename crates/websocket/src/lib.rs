//! WebSocket: one connection that stays open, and messages both ways, each on its own.
//!
//! One exchange, after the handshake of RFC 6455 with the subprotocol `shop.v1.json`; every line is one text message:
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
//! ```
//!
//! One more file than usual: [`socket`] is the life of one connection.

mod client;
mod contract;
mod errors;
mod events;
mod messages;
mod service;
mod socket;

use wire::{Adapter, Contract};

/// The adapter's name, as the door hears it.
const NAME: &str = "websocket";

/// The subprotocol (RFC 6455 section 1.9). A client that offers none is served too.
const SUBPROTOCOL: &str = "shop.v1.json";

/// The documents that describe it.
const CONTRACTS: &[Contract] = &[Contract {
    title: "AsyncAPI 3",
    path: "/ws/asyncapi.json",
    media_type: "application/json",
    document: contract::asyncapi,
    spelling: |operation| format!("\"const\": \"{}\"", operation.name),
}];

/// WebSocket, both ends.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "WebSocket",
        path: "/ws",
        contracts: CONTRACTS,
        streams: true,
        mount: service::mount,
        client: &client::WebSocketClient,
    }
}
