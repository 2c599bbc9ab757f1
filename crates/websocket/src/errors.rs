//! Errors over WebSocket: the shop's error object, inside a message. Only a message that is too large closes the socket.
#![deny(clippy::wildcard_enum_match_arm)]

use actix_ws::CloseCode;
use domain::{Error, Kind};

/// The close code of a kind (RFC 6455 section 7.4.1), if it closes the socket.
pub const fn code(kind: Kind) -> Option<CloseCode> {
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

/// An error with its close code.
#[derive(Debug)]
pub struct Refusal {
    /// The close code, if the error closes the socket.
    pub code: Option<CloseCode>,
    /// What is refused, and why.
    pub error: Error,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal { code: code(error.kind()), error }
    }
}

impl Refusal {
    /// The error object.
    pub fn object(&self) -> String {
        wire::json::error_object(&self.error, true)
    }
}
