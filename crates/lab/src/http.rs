//! What does the page in a browser ask the server for? The table of all there is, and comparisons, which the server makes by
//! asking itself: over its own address, as any client would.

pub(crate) mod again;
mod body;
mod compare;
pub(crate) mod follow;
mod scenario;
pub(crate) mod send;
mod stream;
pub(crate) mod table;
mod traffic;
pub(crate) mod translate;

use crate::capture::Tap;
use crate::report::us;
use actix_web::http::header;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::access::{Credentials, Secret};
use domain::{Error, Reason};
use serde::Serialize;
use std::sync::{Arc, LazyLock};
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
#[cfg(test)]
use ts_rs::TS;
use wire::client::CallOptions;
use wire::connection::Failure;
use wire::refusal::{self, only};
use wire::{Adapter, Address, Refused};

/// What these addresses are called where protocols have their names.
const NAME: &str = "lab";
/// Comparisons and scenarios that are made at once. Each is work without a pause, and who measures beside others measures them
/// too.
const COMPARISONS_MAX: usize = 2;
/// How long a comparison may measure: after that somebody who waits for it has gone away.
const MEASURING_MS: u64 = 10_000;
/// How long a scenario may begin further ways. At the slowest dial the longest way takes 11 s, and all those of `retry` nearly three
/// minutes: so long nobody waits, and others wait for the room.
const PLAYING_MS: u64 = 30_000;

/// What the server that has a lab tells it.
pub struct Setting {
    /// The server's own address, as a client on this machine uses it.
    pub own: Address,
    /// Every style that it serves.
    pub styles: &'static [Adapter],
    /// Whom one may be.
    pub people: Vec<Person>,
    /// Who may manage the throw-away copies of a locked shop.
    pub keeper: Credentials,
    /// Where a browser tries a style out, if this build has such a page.
    pub explorer: fn(&str) -> Option<&'static str>,
    /// What sees the traffic; nothing, in a house where nobody may look.
    pub tap: Option<Arc<Tap>>,
}

/// Somebody of the demo shop, whom one may be.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Person {
    /// The user's id.
    pub user_id: i32,
    /// The name.
    pub name: String,
    /// What the user is in the shop.
    pub role: &'static str,
    /// The address to log in with.
    pub email: String,
    /// The password, which is no secret.
    pub password: &'static str,
    /// The API key, which is none either.
    pub api_key: String,
}

/// What the page's addresses need to know.
pub struct Lab {
    setting: Setting,
    room: Arc<Semaphore>,
    followers: Arc<Semaphore>,
}

impl Lab {
    /// That of a server.
    pub fn new(setting: Setting) -> Lab {
        let room = |max| Arc::new(Semaphore::new(max));
        Lab { setting, room: room(COMPARISONS_MAX), followers: room(follow::FOLLOWERS_MAX) }
    }

    /// Room for one more comparison, or that there is none.
    fn take_room(&self) -> Result<OwnedSemaphorePermit, Error> {
        let room = self.room.clone().try_acquire_owned();
        room.map_err(|_| Error::overloaded(format!("{COMPARISONS_MAX} comparisons are being made already")))
    }

    /// The server's own address, in the sandbox that a request is for.
    fn address_for(&self, request: &HttpRequest) -> Address {
        let here = wire::base(request);
        here.sandbox().map_or_else(|| self.setting.own.clone(), |name| self.setting.own.in_sandbox(name))
    }
}

/// Adds the routes to the application. They find the [`Lab`] and the [`domain::Shop`] in its data.
pub fn mount(config: &mut ServiceConfig) {
    let asked = |path| web::resource(path).default_service(only("POST"));
    let looked = |path| web::resource(path).default_service(only("GET"));
    let table = web::resource("/lab/table").route(web::get().to(table::tell)).route(web::head().to(table::tell));
    config
        .service(table.default_service(only("GET, HEAD")))
        .service(asked("/lab/compare").route(web::post().to(compare::compare)))
        .service(asked("/lab/scenario").route(web::post().to(scenario::play)))
        .service(asked("/lab/send").route(web::post().to(send::send)))
        .service(asked("/lab/again").route(web::post().to(again::read)))
        .service(asked("/lab/translate").route(web::post().to(translate::translate)))
        .service(looked("/lab/follow").route(web::get().to(follow::follow)))
        .service(looked("/lab/wire").route(web::get().to(traffic::watch)))
        .service(looked("/lab/wire/{id}").route(web::get().to(traffic::open)));
}

/// Who is to ask: the owner of the key, or else whoever asks the page.
fn options(request: &HttpRequest, api_key: Option<String>) -> Result<CallOptions, Error> {
    let credentials = match api_key {
        Some(key) => Credentials::ApiKey(Secret::new(key)),
        None => wire::request_context(request, NAME)?.credentials,
    };
    Ok(CallOptions { credentials, ..CallOptions::default() })
}

/// When that was by the server's clock, in microseconds: so that what one address tells can be compared with what another does.
fn by_the_clock(at: Instant) -> f64 {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    // It begins at the first use, which may be after what is told.
    let begun = *BEGUN;
    if at < begun { -us(begun - at) } else { us(at - begun) }
}

/// A document, or the refusal with the status that REST has for it.
fn answer(request: &HttpRequest, told: Result<impl Serialize, Error>) -> HttpResponse {
    match told.and_then(|document| serde_json::to_string(&document).map_err(|_| Error::internal())) {
        Ok(document) => HttpResponse::Ok().content_type("application/json").body(document),
        Err(error) => refused(request, &error),
    }
}

/// A refusal with the status that REST has for it. RFC 9110 section 15.5.2 asks for a challenge; here it is never Basic: to that,
/// Chromium opens its login dialog for a `fetch` and for an `EventSource` too, before the page that asked can say a word.
fn refused(request: &HttpRequest, error: &Error) -> HttpResponse {
    let Ok(meta) = wire::request_context(request, NAME) else { return refusal::refusal(error) };
    let mut response = refusal::refused(&meta, error);
    let challenges: Vec<_> = response.headers_mut().remove(header::WWW_AUTHENTICATE).collect();
    for challenge in challenges.into_iter().filter(|challenge| !challenge.as_bytes().starts_with(b"Basic")) {
        response.headers_mut().append(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Why the server could not ask itself, as it is told: the shop's own refusal, or that it was broken off.
fn broken_off(failure: Failure) -> Error {
    match failure {
        Failure::Refused(refused) => error_of(*refused),
        Failure::Broken(_) | Failure::DecodeError(_) | Failure::Closed(..) => {
            tracing::error!("a comparison or a scenario was broken off: {failure}");
            Error { message: "it was broken off".to_owned(), ..Error::internal() }
        }
    }
}

/// What was refused, as an error of the shop's.
fn error_of(refused: Refused) -> Error {
    let reason = refused.reason.as_deref().and_then(Reason::find);
    Error {
        errors: refused.errors,
        retry_after_ms: refused.retry_after_ms.and_then(|ms| u32::try_from(ms).ok()),
        ..Error::new(reason.unwrap_or(Reason::Internal), refused.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_no_room_is_told_at_once() {
        let lab = Lab::new(Setting {
            own: Address { tls: false, authority: "localhost".to_owned(), prefix: String::new() },
            styles: &[],
            people: Vec::new(),
            keeper: Credentials::None,
            explorer: |_| None,
            tap: None,
        });
        let mut held: Vec<_> = (0..COMPARISONS_MAX).map(|_| lab.take_room().unwrap()).collect();
        assert_eq!(lab.take_room().unwrap_err().reason, Reason::Overloaded);
        held.pop();
        assert!(lab.take_room().is_ok());
    }

    #[test]
    fn what_went_wrong_inside_is_not_told_and_a_refusal_is() {
        let error = broken_off(Failure::Broken("127.0.0.1:9: nobody is there".to_owned()));
        assert_eq!((error.reason, error.message.as_str()), (Reason::Internal, "it was broken off"));
        let said = Error::overloaded("there are 500 sandboxes");
        let heard = wire::json::read_reply(wire::json::error_object(&said, true).as_bytes()).unwrap();
        assert_eq!(broken_off(Failure::Refused(Box::new(wire::json::refused(&heard)))), said);
    }
}
