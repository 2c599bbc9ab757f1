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

use domain::{Spelling, spelling};
use routes::ROUTES;
use wire::{Adapter, Contract, credentials};

/// The name of the adapter.
const NAME: &str = "rest";

/// The address of the resources.
const PATH: &str = "/rest";

/// The page that lists the deprecated addresses.
const CHANGES: &str = "/rest/changes";

/// How error messages spell names: as the table does, and an operation as its method and address.
const SPELLING: Spelling = Spelling {
    operation: |name| {
        let route = ROUTES.iter().find(|route| route.operation.name == name);
        route.map_or_else(|| name.to_owned(), |route| format!("{} {PATH}{}", route.method.name(), route.path))
    },
    contract: "/rest/openapi.json",
    credentials: credentials::HOW,
    ..spelling::PLAIN
};

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
        about: "Every resource has an address of its own, such as /rest/users/1. The method of HTTP says what to do \
             with it; status code and headers say what became of it.",
        spelling: &SPELLING,
        path: PATH,
        contracts: CONTRACTS,
        streams: events::STREAMS,
        mount: service::mount,
        client: &client::Client,
        parse_request: parse::parse_request,
        dropped: |request| {
            request.target.contains("fields=").then_some("its choice of fields: other styles return all of them")
        },
    }
}
