//! REST: resources have addresses; HTTP methods, status codes and headers say what happens to them.
//!
//! One exchange:
//!
//! ```text
//! GET /rest/users/1 HTTP/1.1
//!
//! HTTP/1.1 200 OK
//! content-type: application/json
//!
//! {"id":1,"name":"Ada Lovelace","email":"ada@example.com","role":"customer",...}
//! ```
//!
//! [`routes`] is the table of addresses and methods: the server half mounts it, the client half calls by it, and the OpenAPI
//! document is generated from it. [`forms`] are the media types of a reply, of which the client selects one.

mod service;
mod messages;
mod errors;
mod events;
mod contract;
mod client;
mod parse;
mod routes;
mod forms;

pub use errors::{Refusal, code as status};

use wire::{Adapter, Contract};

/// The name of the adapter.
const NAME: &str = "rest";

/// The address of the resources.
const PATH: &str = "/rest";

/// The page that lists the deprecated addresses.
const CHANGES: &str = "/rest/changes";

/// The documents that describe the API.
const CONTRACTS: &[Contract] = &[Contract {
    title: "OpenAPI 3.1",
    path: "/rest/openapi.json",
    media_type: "application/json",
    document: contract::openapi,
    spelling: |operation| format!("\"operationId\": \"{}\"", operation.name),
}];

/// REST, server and client.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "REST",
        path: PATH,
        contracts: CONTRACTS,
        streams: events::STREAMS,
        mount: service::mount,
        client: &client::Client,
        parse_request: parse::parse_request,
    }
}
