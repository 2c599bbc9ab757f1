//! Has the caller seen the thing as it is now?

use crate::error::{Error, Reason};
use crate::limits::INTEGER_MAX;
use crate::schema::Int;

/// The version that a caller believes a thing to have.
pub type ExpectedVersion = Int<1, INTEGER_MAX>;

/// Refuses a caller who has seen another version.
pub fn check_version(thing: &str, id: i32, is: i32, expected: Option<ExpectedVersion>) -> Result<(), Error> {
    match expected.map(Int::get) {
        Some(expected) if expected != is => {
            let message = format!("{thing} {id} is at version {is}, expected was {expected}");
            Err(Error::new(Reason::StaleVersion, message))
        }
        _ => Ok(()),
    }
}
