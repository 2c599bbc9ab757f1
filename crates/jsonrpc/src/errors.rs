//! How does JSON-RPC say each kind of error? By a number and a message, with the rest in `data`.
#![deny(clippy::wildcard_enum_match_arm)]

use domain::{Error, Kind};
use jsonrpsee::types::ErrorObjectOwned;
use serde_json::value::RawValue;

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

/// The error object of a failure.
pub fn error_object(error: &Error) -> ErrorObjectOwned {
    with_code(code(error.kind()), error)
}

/// The same under a code that says more than the kind does.
pub fn with_code(code: i32, error: &Error) -> ErrorObjectOwned {
    let data = RawValue::from_string(wire::json::error_object(error, false)).ok();
    ErrorObjectOwned::owned(code, error.message.clone(), data)
}
