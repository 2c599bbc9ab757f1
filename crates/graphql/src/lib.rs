//! GraphQL: one address, one typed graph, and the client says which members of it it wants: just those come back.
//!
//! One exchange:
//!
//! ```text
//! POST /graphql HTTP/1.1
//! content-type: application/json
//! accept: application/graphql-response+json
//!
//! {"query":"query GetUser($id: ID!) { user(id: $id) { id name } }","variables":{"id":"1"}}
//!
//! HTTP/1.1 200 OK
//! content-type: application/graphql-response+json; charset=utf-8
//!
//! {"data":{"user":{"id":"1","name":"Ada Lovelace"}},"extensions":{"cost":3,"costMax":50000,"lookups":1}}
//! ```
//!
//! It follows the GraphQL specification (September 2025), GraphQL over HTTP, and for what lasts the protocols graphql-transport-ws
//! and graphql-sse. Two more files than usual: [`schema`] says which field is each operation, and [`documents`] which documents are
//! answered at all, since here a client writes its own questions.

mod client;
mod contract;
mod documents;
mod errors;
mod events;
mod messages;
mod parse;
mod schema;
mod service;

use wire::{Adapter, Contract};

/// The adapter's name, as the door hears it.
const NAME: &str = "graphql";
/// Where it is served.
const PATH: &str = "/graphql";
/// The WebSocket's subprotocol (RFC 6455 section 1.9).
const SUBPROTOCOL: &str = "graphql-transport-ws";

/// The documents that describe it.
const CONTRACTS: &[Contract] = &[Contract {
    title: "GraphQL schema (SDL)",
    path: contract::PATH,
    media_type: contract::MEDIA_TYPE,
    document: |_| contract::sdl(),
    spelling: contract::spelling,
}];

/// GraphQL, both ends.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "GraphQL",
        path: PATH,
        contracts: CONTRACTS,
        streams: true,
        mount: service::mount,
        client: &client::GraphqlClient,
        parse_request: parse::parse_request,
    }
}
