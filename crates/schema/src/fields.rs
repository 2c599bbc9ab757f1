//! Reading and writing the fields of an object.

use crate::encoder::Encoder;
use crate::limits::VIOLATIONS_MAX;
use crate::traits::{Decode, Encode};
use crate::types::Object;
use crate::value::Value;
use crate::violations::{Path, Violations};

/// The fields of an object that is being decoded. The decoder takes each field once; a field that is left over is a violation.
pub struct Fields(Vec<(String, Value)>);

impl Fields {
    /// Opens an object. It is a violation if the value is not an object, or if it has a field of `object` twice.
    pub fn open(value: Value, object: &Object, path: &Path, violations: &mut Violations) -> Option<Self> {
        let Value::Object(given) = value else {
            return violations.add(path, format!("must be an object of {}, got {value}", names_of(object)));
        };
        // Only the names of the schema are counted: `close` refuses all others, and a request can contain very many of them.
        for field in object.members {
            if given.iter().filter(|(name, _)| name == field.name).count() > 1 {
                violations.add::<()>(&Path::Field(path, field.name), "was given twice");
            }
        }
        Some(Fields(given))
    }

    /// Takes a field and decodes its value.
    pub fn take<T: Decode>(&mut self, name: &'static str, path: &Path, violations: &mut Violations) -> Option<T> {
        let path = Path::Field(path, name);
        match self.0.iter().position(|(key, _)| key == name) {
            Some(position) => T::read(self.0.swap_remove(position).1, &path, violations),
            None => T::absent(&path, violations),
        }
    }

    /// Adds a violation for each name that is not a field of `object`.
    pub fn close(self, object: &Object, path: &Path, violations: &mut Violations) -> Option<()> {
        let mut unknown: Vec<&String> =
            self.0.iter().map(|(name, _)| name).filter(|name| object.member(name).is_none()).collect();
        unknown.sort_unstable();
        unknown.dedup();
        for name in unknown.iter().take(VIOLATIONS_MAX) {
            let message = format!("is not a member of {}, which has {}", object.name, names_of(object));
            violations.add::<()>(&Path::Field(path, name), message);
        }
        unknown.is_empty().then_some(())
    }
}

fn names_of(object: &Object) -> String {
    if object.members.is_empty() {
        return "no members".to_owned();
    }
    object.members.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
}

/// Writes a field, unless it is absent.
pub fn encode_field(name: &'static str, value: &impl Encode, encoder: &mut impl Encoder) {
    if value.is_present() {
        encoder.field(name);
        value.write(encoder);
        encoder.end_field(name);
    }
}
