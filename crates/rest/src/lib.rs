//! REST: things have addresses, and HTTP's own verbs, status codes and headers say what is done with them.
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
//! Where each operation lives stands in [`routes`], the only table of this crate; the server half mounts it, the client half
//! asks by it and the contract is written from it. [`headers`] are what only this style has room for:
//! challenges and quotas, forms to choose from, conditions, links.

mod client;
mod contract;
mod errors;
mod events;
mod headers;
mod messages;
mod parse;
mod routes;
mod service;

pub use errors::{Refusal, status};

use wire::{Adapter, Contract};

/// The adapter's name, as the door hears it.
const NAME: &str = "rest";

/// Where it is told which addresses are old.
const CHANGES: &str = "/rest/changes";

/// The documents that describe it.
const CONTRACTS: &[Contract] = &[Contract {
    title: "OpenAPI 3.1",
    path: "/rest/openapi.json",
    media_type: "application/json",
    document: contract::openapi,
    spelling: |operation| format!("\"operationId\": \"{}\"", operation.name),
}];

/// REST, both ends.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "REST",
        path: "/rest",
        contracts: CONTRACTS,
        streams: true,
        mount: service::mount,
        client: &client::RestClient,
        parse_request: parse::parse_request,
    }
}
