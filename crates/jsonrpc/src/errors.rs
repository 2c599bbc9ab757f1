//! Errors in JSON-RPC: a number, a message, and everything else in `data`.
#![deny(clippy::wildcard_enum_match_arm)]

use domain::schema::Encoder;
use domain::{Error, Kind};
use wire::json::JsonEncoder;

/// JSON that is no valid request object (section 5.1).
const INVALID_REQUEST: i32 = -32600;

/// The code of a kind. Section 5.1 defines the first five; those from -32000 on are ours.
pub const fn code(kind: Kind) -> i32 {
    match kind {
        Kind::Unreadable => -32700,
        Kind::TooLarge => INVALID_REQUEST,
        Kind::UnknownOperation => -32601,
        Kind::Invalid => -32602,
        Kind::Internal => -32603,
        Kind::Unauthenticated => -32001,
        Kind::Forbidden => -32003,
        Kind::NotFound => -32004,
        Kind::RateLimited => -32005,
        Kind::Unavailable => -32006,
        Kind::Conflict => -32009,
        Kind::RuleBroken => -32010,
        Kind::Gone => -32011,
    }
}

/// An error with its code.
#[derive(Debug)]
pub struct Refusal {
    /// The number.
    pub code: i32,
    /// What is refused, and why.
    pub error: Error,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal { code: code(error.kind()), error }
    }
}

impl Refusal {
    /// Readable JSON that is not a request.
    pub fn invalid_request(error: Error) -> Self {
        Refusal { code: INVALID_REQUEST, error }
    }

    /// The error object (section 5.1).
    pub fn object(&self) -> String {
        let mut encoder = JsonEncoder::default();
        encoder.begin_object();
        encoder.raw_member("code", &self.code.to_string());
        encoder.text_member("message", &self.error.message);
        encoder.raw_member("data", &wire::json::error_object(&self.error, false));
        encoder.end_object();
        encoder.finish()
    }
}
