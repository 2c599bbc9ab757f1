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
//! > {"id":"4","op":"authenticate","params":{"api_key":"parlance_..."}}
//! < {"id":"4","ok":{"user_id":1,"name":"Ada Lovelace",...}}
//! > {"id":"5","op":"place_order","params":{...},"idempotency_key":"8e03978e"}
//! < {"id":"5","ok":{"id":201,...},"replayed":true}
//! ```
//!
//! Messages are worked on at once, and whatever is ready first is answered first: whoever wants one to follow another waits
//! for its answer. So it is with `authenticate` and `log_in`: messages that come after the answer are from that user. Each
//! message is a request of its own at the door, with its own key and its own wish (`fault`). Of the handshake's headers the
//! credentials go for every message until others are said, and so does a wish; a key does not, as all orders of the socket
//! would be one order.
//!
//! One more file than usual: [`socket`] is the life of one connection.

mod client;
mod contract;
mod errors;
mod events;
mod messages;
mod parse;
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
        parse_request: parse::parse_request,
    }
}
