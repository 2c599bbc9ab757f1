//! JSON-RPC 2.0: one address, and in every request the name of a method with its parameters.
//!
//! One exchange:
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
//! A method is a row of the table of operations, found by its name ([`service`]); around it stands the envelope
//! ([`envelope`]) with batches, notifications and ids, which are what this protocol is about. The same address is a WebSocket, where
//! every message is such a request ([`socket`]), and where the server can push ([`events`]).

mod client;
mod contract;
mod envelope;
mod errors;
mod events;
mod messages;
mod parse;
mod service;
mod socket;

use wire::{Adapter, Contract};

/// The adapter's name, as the door hears it.
const NAME: &str = "jsonrpc";

/// The documents that describe it.
const CONTRACTS: &[Contract] = &[Contract {
    title: "OpenRPC",
    path: "/jsonrpc/openrpc.json",
    media_type: "application/json",
    document: contract::openrpc,
    spelling: |operation| format!("\"name\": \"{}\"", operation.name),
}];

/// JSON-RPC, both ends.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "JSON-RPC 2.0",
        path: "/jsonrpc",
        contracts: CONTRACTS,
        streams: true,
        mount: service::mount,
        client: &client::JsonRpcClient,
        parse_request: parse::parse_request,
    }
}
