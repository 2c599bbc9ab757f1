//! Optimistic locking: a version that the caller expects.

use crate::error::{Error, Reason};
use crate::limits::INTEGER_MAX;
use crate::schema::Int;

/// The version that a caller expects.
pub type ExpectedVersion = Int<1, INTEGER_MAX>;

/// Refuses the call if the resource has another version.
pub fn check_version(thing: &str, id: i32, is: i32, expected: Option<ExpectedVersion>) -> Result<(), Error> {
    match expected.map(Int::get) {
        Some(expected) if expected != is => {
            let message = format!("{thing} {id} has version {is}, not the expected version {expected}");
            Err(Error::new(Reason::StaleVersion, message))
        }
        _ => Ok(()),
    }
}
