//! JSON-RPC 2.0: remote procedure calls as JSON objects, posted to one address.
//!
//! A request names a method, carries its parameters and an id; the response carries the result, or an error, under the same id:
//!
//! ```text
//! POST /jsonrpc HTTP/1.1
//! content-type: application/json
//!
//! {"jsonrpc":"2.0","id":1,"method":"get_user","params":{"id":1}}
//!
//! HTTP/1.1 200 OK
//! content-type: application/json
//!
//! {"jsonrpc":"2.0","result":{"id":1,"name":"Ada Lovelace",...},"id":1}
//! ```
//!
//! HTTP only carries the objects. There is one address and one HTTP method; a request that fails is answered with status 200, and
//! its `error` says what went wrong:
//!
//! ```text
//! {"jsonrpc":"2.0","error":{"code":-32004,"message":"there is no user 51",
//!     "data":{"reason":"user_not_found","kind":"not_found"}},"id":1}
//! ```
//!
//! Three things are special to this protocol, and `messages.rs` reads them: an array of requests is a **batch**, executed in its order
//! and answered by an array; a request without an id is a **notification**, executed and never answered; an **id** returns exactly as
//! it was written.
//!
//! The methods are the operations of the shop, with parameters by name or by position (`service.rs`). A WebSocket at the same address
//! carries the same objects, one per message, and there the server can send events as notifications of its own (`events.rs`).
//! The OpenRPC document is written from the table of operations (`contract.rs`).

mod service;
mod messages;
mod errors;
mod events;
mod contract;
mod client;
mod parse;

use domain::{Spelling, spelling};
use wire::{Adapter, Contract, credentials};

/// The adapter's name.
const NAME: &str = "jsonrpc";

/// Where the style is served.
const PATH: &str = "/jsonrpc";

/// How error messages spell names: as the table does.
const SPELLING: Spelling = Spelling { contract: "rpc.discover", credentials: credentials::HOW, ..spelling::PLAIN };

/// The documents that describe the style.
const CONTRACTS: &[Contract] = &[Contract {
    title: "OpenRPC",
    path: "/jsonrpc/openrpc.json",
    media_type: "application/json",
    document: contract::openrpc,
    spelling: |operation| format!("\"name\": \"{}\"", operation.name),
}];

/// JSON-RPC, server half and client half.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "JSON-RPC 2.0",
        about: "A client posts a JSON object with the name of a method, its parameters and an id; the response has \
             the result, or an error, under the same id. An array of requests is a batch. A WebSocket at the same \
             address carries the same objects.",
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
