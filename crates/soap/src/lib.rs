//! SOAP 1.1 and 1.2: the contract comes first, and calls are XML envelopes posted to one address.
//!
//! A client reads `/soap?wsdl` and generates methods from it. Each method posts an envelope. The operation is the element in
//! the body, not the address and not the HTTP method:
//!
//! ```text
//! POST /soap HTTP/1.1
//! Content-Type: text/xml; charset=utf-8
//! SOAPAction: "urn:parlance:shop:v1/GetUser"
//!
//! <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
//!   <GetUser xmlns="urn:parlance:shop:v1"><id>1</id></GetUser>
//! </soap:Body></soap:Envelope>
//!
//! HTTP/1.1 200 OK
//! Content-Type: text/xml; charset=utf-8
//!
//! <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
//!   <GetUserResponse xmlns="urn:parlance:shop:v1"><user>
//!     <id>1</id><name>Ada</name><email>ada@example.com</email><role>customer</role>
//!     <createdAt>2026-11-20T19:30:00Z</createdAt><version>1</version>
//!   </user></GetUserResponse>
//! </soap:Body></soap:Envelope>
//! ```
//!
//! A refusal is a `Fault` in the same place. SOAP 1.2 has another namespace, another media type and other fault codes, and is
//! served at the same address; `envelope` holds the differences.
//!
//! Credentials (`security`: WS-Security) and the idempotency key travel in header blocks of the envelope, so they go wherever
//! the envelope goes, also over transports other than HTTP. A block may demand to be understood: a server that does not know
//! it must refuse the message and do nothing. No HTTP header can demand that.

mod service;

mod messages;

mod errors;

mod events;

mod contract;

mod client;

mod parse;

mod envelope;

mod security;

use domain::Spelling;
use domain::schema::names::Names;
use wire::names::{camel_member, pascal};
use wire::{Adapter, Address, Contract, credentials};

/// The name of the adapter.
const NAME: &str = "soap";

/// The address of the endpoint.
const PATH: &str = "/soap";

/// The namespace of the shop's own elements; the version of the contract is part of the name.
const NAMESPACE: &str = "urn:parlance:shop:v1";

/// How SOAP spells names.
const SPELLING: Spelling = Spelling {
    names: Names { member: camel_member, word: str::to_owned },
    operation: pascal,
    contract: "/soap?wsdl",
    credentials: credentials::HOW,
};

/// The documents that describe the endpoint.
const CONTRACTS: &[Contract] = &[
    document("WSDL 1.1", "/soap?wsdl", contract::wsdl),
    document("WSDL, schema inline", "/soap?singlewsdl", contract::single_wsdl),
    document("XML Schema 1.0", "/soap?xsd=shop.xsd", contract::xsd),
];

const fn document(title: &'static str, path: &'static str, document: fn(&Address) -> String) -> Contract {
    Contract { title, path, media_type: "text/xml", document, spelling: contract::spelling }
}

/// SOAP in both versions, server and client.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "SOAP 1.1 and 1.2",
        about: "A client posts an XML envelope; the element in its body names the operation. The contract comes \
             first: from the WSDL, tools generate a method for each operation. SOAP 1.1 (text/xml) and SOAP 1.2 \
             (application/soap+xml) are served at this one address. Credentials travel in the envelope, as a \
             UsernameToken of WS-Security, or in headers of HTTP.",
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
