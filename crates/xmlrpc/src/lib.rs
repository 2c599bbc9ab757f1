//! XML-RPC: a method's name and its parameters in XML, posted to one address.
//!
//! It is the smallest of the XML styles: eight types, no namespaces, no attributes, no contract. The specification is one page,
//! <http://xmlrpc.com/spec.md>. One exchange:
//!
//! ```text
//! POST /xmlrpc HTTP/1.1
//! Content-Type: text/xml
//!
//! <?xml version="1.0"?>
//! <methodCall><methodName>get_user</methodName><params>
//!   <param><value><struct><member><name>id</name><value><int>1</int></value></member></struct></value></param>
//! </params></methodCall>
//!
//! HTTP/1.1 200 OK
//! Content-Type: text/xml; charset=utf-8
//!
//! <?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><struct>
//!   <member><name>id</name><value><int>1</int></value></member>
//!   <member><name>name</name><value><string>Ada Lovelace</string></value></member>
//!   <member><name>created_at</name><value><dateTime.iso8601>20261120T19:30:00</dateTime.iso8601></value></member> ...
//! </struct></value></param></params></methodResponse>
//! ```
//!
//! The type is written with every value, so a client in a dynamic language gets its own integers, dictionaries and dates without a
//! schema. An error is a `<fault>` with a number and a text, with status 200 too (`errors.rs`).
//!
//! Everything else is conventions of later years: introspection, several calls in one request, numbers of faults, nil.
//! `system.getCapabilities` lists those that this server follows.
//!
//! Two files more than other adapters have: `values.rs`, the codec of `<value>`, the one element that holds all data; and
//! `system.rs`, the methods about methods.

mod service;
mod messages;
mod errors;
mod events;
mod contract;
mod client;
mod parse;
mod system;
mod values;

use domain::{Spelling, spelling};
use wire::{Adapter, Contract, credentials};

/// The adapter's name.
const NAME: &str = "xmlrpc";

/// Where the style is served.
const PATH: &str = "/xmlrpc";

/// How error messages spell names: as the table does.
const SPELLING: Spelling =
    Spelling { contract: "system.listMethods", credentials: credentials::HOW, ..spelling::PLAIN };

/// The documents that describe the style.
const CONTRACTS: &[Contract] = &[Contract {
    title: "List of methods",
    path: "/xmlrpc/methods.json",
    media_type: "application/json",
    document: contract::methods,
    spelling: |operation| format!("\"name\": \"{}\"", operation.name),
}];

/// XML-RPC, server half and client half.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "XML-RPC",
        about: "A client posts the name of a method and its parameters as XML, with the type of every value. It is \
             the smallest of the XML styles: eight types, no namespaces, no schema.",
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
