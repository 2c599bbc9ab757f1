//! What is an adapter? One protocol, with both its ends.

use crate::address::Address;
use crate::client::Client;
use actix_web::web::ServiceConfig;

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
