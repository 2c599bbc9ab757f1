//! What is XML-RPC, and what does one exchange look like? A method's name and its parameters in XML, posted to one address.
//!
//! It is the smallest of the XML styles: eight types, no namespaces, no attributes, no contract. The specification is one
//! page, <http://xmlrpc.com/spec.md>; what everybody added to it later (asking a server for its methods, several calls in
//! one, the numbers of faults, nil) is conventions, and `system.getCapabilities` tells which of them are kept here.
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
//! A refusal is a `fault` with a number and a text, and travels with 200 too. Two files are here that other adapters do not
//! have: `values.rs`, the codec of the one element that all data stands in, and `system.rs`, the methods about methods.

mod service;

mod client;
mod contract;
mod errors;
mod events;
mod messages;
mod parse;
mod system;
mod values;

use wire::{Adapter, Contract};

/// The adapter's name, as the door hears it.
const NAME: &str = "xmlrpc";

/// Where it is served.
const PATH: &str = "/xmlrpc";

/// The documents that describe it.
const CONTRACTS: &[Contract] = &[Contract {
    title: "List of methods",
    path: contract::PATH,
    media_type: "application/json",
    document: contract::methods,
    spelling: |operation| format!("\"name\": \"{}\"", operation.name),
}];

/// XML-RPC, both ends.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "XML-RPC",
        path: PATH,
        contracts: CONTRACTS,
        streams: events::STREAMS,
        mount: service::mount,
        client: &client::XmlRpc,
        parse_request: parse::parse_request,
    }
}
