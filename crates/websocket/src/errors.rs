//! How does WebSocket say each kind of error? By the error object itself: inside a message, kinds need no other grammar.
//! Before there is a socket, HTTP says it by a status, with the same message as body.
#![deny(clippy::wildcard_enum_match_arm)]

use crate::messages::failure;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_ws::CloseCode;
use domain::{Error, Kind};

/// The response to a request that does not become a socket.
pub fn refusal(status: StatusCode, error: &Error) -> HttpResponse {
    HttpResponse::build(status).content_type("application/json").body(failure(None, error))
}

/// With which code a socket ends after a mistake that ends it (RFC 6455 section 7.4.1); most do not.
pub fn close_code(kind: Kind) -> Option<CloseCode> {
    match kind {
        Kind::TooLarge => Some(CloseCode::Size),
        Kind::Unreadable
        | Kind::UnknownOperation
        | Kind::Invalid
        | Kind::Unauthenticated
        | Kind::Forbidden
        | Kind::NotFound
        | Kind::Conflict
        | Kind::RuleBroken
        | Kind::Gone
        | Kind::RateLimited
        | Kind::Unavailable
        | Kind::Internal => None,
    }
}
