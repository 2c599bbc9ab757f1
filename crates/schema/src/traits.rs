//! What has a shape, what can be read from an input, and what can be written to a reply?

use crate::encoder::Encoder;
use crate::types::Schema;
use crate::value::Value;
use crate::violations::{Path, Violation, Violations};

/// What has a shape.
pub trait HasSchema {
    /// The shape.
    const SCHEMA: Schema;
    /// Whether a member of this type must be there.
    const REQUIRED: bool = true;
}

/// What can be read from an input.
pub trait Decode: HasSchema + Sized {
    /// The thing; or nothing, and what is wrong has been added to the violations.
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self>;

    /// What it is when the input does not say.
    fn absent(at: &Path, found: &mut Violations) -> Option<Self> {
        found.add(at, "is required")
    }
}

/// What can be written to a reply.
pub trait Encode: HasSchema {
    /// Writes it.
    fn write(&self, encoder: &mut impl Encoder);

    /// Whether there is anything to write: an absent member is left out.
    fn is_present(&self) -> bool {
        true
    }
}

/// Reads an input, or says all that is wrong with it.
pub fn read<T: Decode>(value: Value) -> Result<T, Vec<Violation>> {
    let mut found = Violations::default();
    let read = T::read(value, &Path::Root, &mut found);
    let violations = found.into_list();
    match read {
        Some(input) if violations.is_empty() => Ok(input),
        _ => Err(violations),
    }
}
