//! What is an adapter? One protocol, with both its ends.

use crate::address::Address;
use crate::base;
use crate::client::Client;
use crate::refusal::only;
use crate::request_text::{ParsedCalls, RequestText};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

/// One protocol. The list of them stands in `server::protocols`; parity, contracts, the command line and the docs iterate
/// over it.
pub struct Adapter {
    /// The protocol's name: the crate's, and what the command line calls it.
    pub name: &'static str,
    /// The name as people write it.
    pub title: &'static str,
    /// Where it is served.
    pub path: &'static str,
    /// The documents that describe it; every operation occurs in each.
    pub contracts: &'static [Contract],
    /// Whether `watch_events` streams here.
    pub streams: bool,
    /// The server half: adds its routes. They find the [`domain::Shop`] in the application's data.
    pub mount: fn(&mut ServiceConfig),
    /// The client half.
    pub client: &'static dyn Client,
    /// What a pasted request asks, read by the server half's own decoder: one question, or each of a batch. Nothing, if it is
    /// not of this style.
    pub parse_request: fn(&RequestText) -> ParsedCalls,
}

/// A document that describes a protocol.
pub struct Contract {
    /// What kind of document it is.
    pub title: &'static str,
    /// Where it is served.
    pub path: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// The document, for a server at that address.
    pub document: fn(&Address) -> String,
    /// How an operation is found in it: what its name looks like there.
    pub spelling: fn(&domain::Operation) -> String,
}

impl Contract {
    /// Adds the document's route; before those of the protocol, which may take all that is below its path. A document is
    /// no part of the conversation that it describes, so whoever asks for it wrongly is told in plain JSON.
    pub fn mount(&'static self, config: &mut ServiceConfig) {
        let serve = move |request: HttpRequest| async move {
            let document = (self.document)(&base(&request));
            HttpResponse::Ok().content_type(self.media_type).body(document)
        };
        let resource = web::resource(self.path).route(web::get().to(serve)).route(web::head().to(serve));
        config.service(resource.default_service(only("GET, HEAD")));
    }
}
