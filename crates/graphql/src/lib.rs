//! GraphQL: one address, one typed graph, and a client that selects the fields it needs.
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
//! It follows the GraphQL specification (September 2025), GraphQL over HTTP, and for streams the protocols graphql-transport-ws
//! and graphql-sse. Two more files than usual: [`schema`] maps each operation to a field, and [`documents`] prepares documents,
//! because here a client writes its own queries.

mod service;
mod messages;
mod errors;
mod events;
mod contract;
mod client;
mod parse;
mod schema;
mod documents;

use contract::field_of;
use domain::schema::names::Names;
use domain::{Operation, Spelling};
use wire::names::{camel_member, upper};
use wire::{Adapter, Contract, credentials};

/// The adapter's name.
const NAME: &str = "graphql";
/// Its address.
const PATH: &str = "/graphql";
/// The WebSocket's subprotocol (RFC 6455 section 1.9).
const SUBPROTOCOL: &str = "graphql-transport-ws";

/// How GraphQL spells names. Connections name the size of a page `first`.
const SPELLING: Spelling = Spelling {
    names: Names { member: |name| if name == "limit" { "first".to_owned() } else { camel_member(name) }, word: upper },
    operation: |name| Operation::find(name).map_or_else(|| name.to_owned(), field_of),
    contract: "/graphql/schema.graphql",
    credentials: credentials::HOW,
};

/// Its contracts.
const CONTRACTS: &[Contract] = &[Contract {
    title: "GraphQL schema (SDL)",
    path: contract::PATH,
    media_type: contract::MEDIA_TYPE,
    document: |_| contract::sdl(),
    spelling: contract::spelling,
}];

/// The adapter: both ends of GraphQL.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "GraphQL",
        about: "A client posts a document that selects the fields it needs from one typed graph. One request can do \
             what takes several calls in other styles.",
        spelling: &SPELLING,
        path: PATH,
        contracts: CONTRACTS,
        streams: events::STREAMS,
        mount: service::mount,
        client: &client::Client,
        parse_request: parse::parse_request,
        dropped: |_| Some("its selection of fields: the requests below ask for all of them"),
    }
}
