//! The adapter: one protocol, with its server half and its client half.

use crate::address::Address;
use crate::base;
use crate::client::Client;
use crate::refusal::only;
use crate::request_text::{ParsedCalls, RequestText};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::Spelling;

/// One protocol. `server::protocols` has the list; parity tests, contracts, the command line and the documents iterate
/// over it.
pub struct Adapter {
    /// The protocol's name: that of the crate and of the command line.
    pub name: &'static str,
    /// The title, as people write it.
    pub title: &'static str,
    /// What it is, in a few sentences, for the page at its address.
    pub about: &'static str,
    /// How it spells what error messages name.
    pub spelling: &'static Spelling,
    /// The address of its endpoint.
    pub path: &'static str,
    /// The documents that describe it; each has every operation.
    pub contracts: &'static [Contract],
    /// Whether `watch_events` is pushed.
    pub streams: bool,
    /// The server half: adds its routes. They find the [`domain::Shop`] in the application's data.
    pub mount: fn(&mut ServiceConfig),
    /// The client half.
    pub client: &'static dyn Client,
    /// The calls of a pasted request, read by the server half's own decoder: one, or each of a batch. `None` if the request is
    /// not of this style.
    pub parse_request: fn(&RequestText) -> ParsedCalls,
    /// What a pasted request of this style says that has no place in other styles.
    pub dropped: fn(&RequestText) -> Option<&'static str>,
}

/// A document that describes a protocol.
pub struct Contract {
    /// The title of the document.
    pub title: &'static str,
    /// Its address.
    pub path: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// The document, for a server at that address.
    pub document: fn(&Address) -> String,
    /// How an operation is found in it: its name there.
    pub spelling: fn(&domain::Operation) -> String,
}

impl Contract {
    /// Adds the document's route, before those of the protocol, which may match everything below its path. A document is
    /// not part of the style, so another method is refused with plain JSON.
    pub fn mount(&'static self, config: &mut ServiceConfig) {
        let serve = move |request: HttpRequest| async move {
            let document = (self.document)(&base(&request));
            HttpResponse::Ok().content_type(self.media_type).body(document)
        };
        let resource = web::resource(self.path).route(web::get().to(serve)).route(web::head().to(serve));
        config.service(resource.default_service(only("GET, HEAD")));
    }
}
