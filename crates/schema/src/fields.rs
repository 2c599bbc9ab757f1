//! Reading and writing the fields of an object.

use crate::encoder::Encoder;
use crate::limits::VIOLATIONS_MAX;
use crate::names::{Names, did_you_mean, similar};
use crate::traits::{Decode, Encode};
use crate::types::Object;
use crate::value::Value;
use crate::violations::{Path, Violations};

/// The fields of an object that is being decoded. The decoder takes each field once; a field that is left over is a violation.
pub struct Fields {
    given: Vec<(String, Value)>,
    /// The names that are not fields, each with the absent field that it is likely to mean.
    unknown: Vec<(String, Option<&'static str>)>,
}

impl Fields {
    /// Opens an object. It is a violation if the value is not an object, or if it has a field of `object` twice.
    pub fn open(value: Value, object: &Object, path: &Path, violations: &mut Violations) -> Option<Self> {
        let Value::Object(given) = value else {
            let names = names_of(object, violations.names());
            return violations.add(path, format!("must be an object of {names}, got {value}"));
        };
        // Only the names of the schema are counted: `close` refuses all others, and a request can contain very many of them.
        for field in object.members {
            if given.iter().filter(|(name, _)| name == field.name).count() > 1 {
                violations.add::<()>(&Path::Field(path, field.name), "was given twice");
            }
        }
        let unknown = unknown_names(&given, object, violations.names());
        Some(Fields { given, unknown })
    }

    /// Takes a field and decodes its value. A field that an unknown name is likely to mean is not reported as absent.
    pub fn take<T: Decode>(&mut self, name: &'static str, path: &Path, violations: &mut Violations) -> Option<T> {
        let path = Path::Field(path, name);
        match self.given.iter().position(|(key, _)| key == name) {
            Some(position) => T::read(self.given.swap_remove(position).1, &path, violations),
            None if self.unknown.iter().any(|(_, meant)| *meant == Some(name)) => None,
            None => T::absent(&path, violations),
        }
    }

    /// Adds a violation for each name that is not a field of `object`.
    pub fn close(self, object: &Object, path: &Path, violations: &mut Violations) -> Option<()> {
        for (name, meant) in &self.unknown {
            let meant = did_you_mean(meant.map(violations.names().member));
            let message = format!(
                "is not a member of {}, which has {}{meant}",
                object.name,
                names_of(object, violations.names())
            );
            violations.add::<()>(&Path::Field(path, name), message);
        }
        self.unknown.is_empty().then_some(())
    }
}

/// The names that are not fields, in alphabetical order, up to [`VIOLATIONS_MAX`].
fn unknown_names(given: &[(String, Value)], object: &Object, names: &Names) -> Vec<(String, Option<&'static str>)> {
    let mut unknown: Vec<&str> =
        given.iter().map(|(name, _)| name.as_str()).filter(|name| object.member(name).is_none()).collect();
    unknown.sort_unstable();
    unknown.dedup();
    unknown.truncate(VIOLATIONS_MAX);
    if unknown.is_empty() {
        return Vec::new();
    }
    let is_absent = |name: &&str| given.iter().all(|(key, _)| key != name);
    let absent: Vec<&'static str> = object.members.iter().map(|field| field.name).filter(is_absent).collect();
    let meant = |name: &str| similar(&(names.member)(name), absent.iter().copied());
    unknown.into_iter().map(|name| (name.to_owned(), meant(name))).collect()
}

fn names_of(object: &Object, names: &Names) -> String {
    if object.members.is_empty() {
        return "no members".to_owned();
    }
    object.members.iter().map(|field| (names.member)(field.name)).collect::<Vec<_>>().join(", ")
}

/// Writes a field, unless it is absent.
pub fn encode_field(name: &'static str, value: &impl Encode, encoder: &mut impl Encoder) {
    if value.is_present() {
        encoder.field(name);
        value.write(encoder);
        encoder.end_field(name);
    }
}
