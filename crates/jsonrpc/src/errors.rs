//! How does JSON-RPC say each kind of error? By a number and a message, with the rest in `data`.
#![deny(clippy::wildcard_enum_match_arm)]

use domain::schema::Encoder;
use domain::{Error, Kind};
use wire::json::JsonEncoder;

/// Section 5.1: the JSON is no valid request object.
pub const INVALID_REQUEST: i32 = -32600;

/// The code of a kind. Section 5.1 has the first ones; those from -32000 on are ours.
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

/// The error object of a failure (section 5.1). Its code is that of the kind, or one that says more than the kind does.
pub fn error_object(code: i32, error: &Error) -> String {
    let mut encoder = JsonEncoder::default();
    encoder.begin_object();
    encoder.raw_member("code", &code.to_string());
    encoder.text_member("message", &error.message);
    encoder.raw_member("data", &wire::json::error_object(error, false));
    encoder.end_object();
    encoder.finish()
}
