//! The traits of declared types: they have a schema, and can be decoded and encoded.

use crate::encoder::Encoder;
use crate::names::Names;
use crate::types::Schema;
use crate::value::Value;
use crate::violations::{Path, Violation, Violations};

/// A type with a schema.
pub trait HasSchema {
    /// What a value of this type may be.
    const SCHEMA: Schema;
    /// Whether a field of this type must be present.
    const REQUIRED: bool = true;
}

/// A type that can be decoded from an input.
pub trait Decode: HasSchema + Sized {
    /// Decodes a value. Returns `None` and adds to the violations if the value breaks the schema.
    fn read(value: Value, path: &Path, violations: &mut Violations) -> Option<Self>;

    /// Returns the value of a field that is absent; for a required field this is a violation.
    fn absent(path: &Path, violations: &mut Violations) -> Option<Self> {
        violations.add(path, format!("is required: {}", Self::SCHEMA.noun()))
    }
}

/// A type that can be written to a reply.
pub trait Encode: HasSchema {
    /// Writes the value.
    fn write(&self, encoder: &mut impl Encoder);

    /// Whether there is a value; [`encode_field`](crate::encode_field) leaves a field without one out.
    fn is_present(&self) -> bool {
        true
    }
}

/// Decodes an input. The error lists all violations, up to [`VIOLATIONS_MAX`](crate::limits::VIOLATIONS_MAX), with messages that spell
/// names as the caller does.
pub fn read<T: Decode>(value: Value, names: &'static Names) -> Result<T, Vec<Violation>> {
    let mut violations = Violations::new(names);
    let input = T::read(value, &Path::Root, &mut violations);
    let violations = violations.into_list();
    input.filter(|_| violations.is_empty()).ok_or(violations)
}
