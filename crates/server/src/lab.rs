//! What does the page in a browser ask the server for? The table of all there is, and comparisons, which the server makes by
//! asking itself: over its own address, as any client would.

mod body;
mod compare;
mod examples;
mod page;
mod scenario;
mod table;
pub mod tell;
mod traffic;
mod translate;

pub use compare::keeper;
pub use page::{browse, is_wanted};

use crate::sandboxes::{not_so, refusal};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::access::{Credentials, Secret};
use domain::{Error, Value};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wire::Address;
use wire::client::Beside;
use wire::connection::Failure;

/// What these addresses are called where protocols have their names.
const NAME: &str = "lab";
/// Comparisons and scenarios that are made at once. Each is work without a pause, and who measures beside others measures them
/// too.
const COMPARISONS_MAX: usize = 2;
/// How long a comparison may measure: after that somebody who waits for it has gone away.
const MEASURING_MS: u64 = 10_000;

/// What the page's addresses need to know.
pub struct Lab {
    /// The server's own address, as a client on this machine uses it.
    own: Address,
    room: Arc<Semaphore>,
}

impl Lab {
    /// That of a server at this address.
    pub fn at(own: Address) -> Lab {
        Lab { own, room: Arc::new(Semaphore::new(COMPARISONS_MAX)) }
    }

    /// Room for one more comparison, or that there is none.
    fn take_room(&self) -> Result<OwnedSemaphorePermit, Error> {
        let room = self.room.clone().try_acquire_owned();
        room.map_err(|_| Error::overloaded(format!("{COMPARISONS_MAX} comparisons are being made already")))
    }

    /// The server's own address, in the sandbox that a request is for.
    fn address_for(&self, request: &HttpRequest) -> Address {
        Address { prefix: wire::base(request).prefix, ..self.own.clone() }
    }
}

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    let asked = |path| web::resource(path).default_service(web::to(|| async { not_so("POST") }));
    let looked = |path| web::resource(path).default_service(web::to(|| async { not_so("GET") }));
    let table = web::resource("/lab/table").route(web::get().to(table::tell)).route(web::head().to(table::tell));
    config
        .service(table.default_service(web::to(|| async { not_so("GET, HEAD") })))
        .service(asked("/lab/compare").route(web::post().to(compare::compare)))
        .service(asked("/lab/scenario").route(web::post().to(scenario::play)))
        .service(asked("/lab/translate").route(web::post().to(translate::translate)))
        .service(looked("/lab/wire").route(web::get().to(traffic::watch)))
        .service(looked("/lab/wire/{id}").route(web::get().to(traffic::open)))
        .service(web::scope("/lab").default_service(web::to(page::file)));
}

/// Who is to ask: the owner of the key, or else whoever asks the page.
fn beside(request: &HttpRequest, api_key: Option<String>) -> Result<Beside, Error> {
    let credentials = match api_key {
        Some(key) => Credentials::ApiKey(Secret::new(key)),
        None => wire::meta(request, NAME)?.credentials,
    };
    Ok(Beside { credentials, ..Beside::default() })
}

/// A document, or the refusal with the status that REST has for it.
fn answer(told: Result<Value, Error>) -> HttpResponse {
    match told {
        Ok(document) => HttpResponse::Ok().content_type("application/json").body(wire::json::value(&document)),
        Err(error) => refusal(&error),
    }
}

/// Why the server could not ask itself, as it is told: not now, and what happened.
fn broken_off(failure: Failure) -> Error {
    Error::overloaded(format!("the comparison was broken off: {failure}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_no_room_is_told_at_once() {
        let lab = Lab::at(Address { authority: "localhost".to_owned(), prefix: String::new() });
        let mut held: Vec<_> = (0..COMPARISONS_MAX).map(|_| lab.take_room().unwrap()).collect();
        assert_eq!(lab.take_room().unwrap_err().reason, domain::Reason::Overloaded);
        held.pop();
        assert!(lab.take_room().is_ok());
    }
}
