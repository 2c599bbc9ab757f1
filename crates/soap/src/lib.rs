//! What is SOAP, and what does one exchange look like? A contract that comes first, and XML in envelopes after it.
//!
//! A client reads `/soap?wsdl`, generates methods from it, and from then on posts envelopes to one address. The
//! operation is the element in the body, not the address and not the HTTP method:
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
//! A refusal is a `Fault` in the same place. The next version, 1.2, has another namespace, another media type and other
//! fault codes, and is served at the same address; `envelope.rs` is the file where the two differ.
//!
//! What rides beside an operation stands in the envelope's header, in blocks: who asks, by WS-Security (`security.rs`),
//! and the key under which a command happens once. So it goes where the envelope goes, also over what is not HTTP. A
//! block can demand to be understood: a server that does not know it must refuse the message and do nothing. No header of
//! HTTP can do that.

mod service;

mod client;
mod contract;
mod envelope;
mod errors;
mod events;
mod messages;
mod parse;
mod security;

use wire::{Adapter, Contract};

/// The namespace of the shop's own elements: the version of the contract is part of the name.
const NAMESPACE: &str = "urn:parlance:shop:v1";

/// Where it is served.
const PATH: &str = "/soap";

/// SOAP, both versions, with both ends.
pub fn adapter() -> Adapter {
    Adapter {
        name: "soap",
        title: "SOAP 1.1 and 1.2",
        path: PATH,
        contracts: &[
            Contract {
                title: "WSDL 1.1",
                path: "/soap?wsdl",
                media_type: "text/xml",
                document: contract::wsdl,
                spelling: contract::spelling,
            },
            Contract {
                title: "WSDL, schema inline",
                path: "/soap?singlewsdl",
                media_type: "text/xml",
                document: contract::single_wsdl,
                spelling: contract::spelling,
            },
            Contract {
                title: "XML Schema 1.0",
                path: "/soap?xsd=shop.xsd",
                media_type: "text/xml",
                document: contract::xsd,
                spelling: contract::spelling,
            },
        ],
        streams: events::STREAMS,
        mount: service::mount,
        client: &client::Soap,
        parse_request: parse::parse_request,
    }
}
