//! How are the members of a record read and written?

use crate::encoder::Encoder;
use crate::limits::VIOLATIONS_MAX;
use crate::traits::{Decode, Encode};
use crate::types::Object;
use crate::value::Value;
use crate::violations::{Path, Violations};

/// The members of a record while it is read: each may be taken once, and none may be left.
pub struct Fields(Vec<(String, Value)>);

impl Fields {
    /// The members, if the value is a record. A member that came twice is a violation.
    pub fn open(value: Value, record: &Object, at: &Path, found: &mut Violations) -> Option<Self> {
        let Value::Object(members) = value else {
            return found.add(at, format!("must be a record of {}, was {value}", names_of(record)));
        };
        // What is no member of the thing is refused anyway, however often it came; and a stranger can send very many.
        for member in record.members {
            let given = members.iter().filter(|(name, _)| name == member.name).count();
            if given > 1 {
                found.add::<()>(&Path::Field(at, member.name), "was given twice");
            }
        }
        Some(Fields(members))
    }

    /// Takes and reads one member.
    pub fn take<T: Decode>(&mut self, name: &'static str, at: &Path, found: &mut Violations) -> Option<T> {
        let place = Path::Field(at, name);
        match self.0.iter().position(|(key, _)| key == name) {
            Some(position) => T::read(self.0.swap_remove(position).1, &place, found),
            None => T::absent(&place, found),
        }
    }

    /// What was not taken is not a member of the thing.
    pub fn close(self, record: &Object, at: &Path, found: &mut Violations) -> Option<()> {
        let unknown = self.0.iter().filter(|(name, _)| record.member(name).is_none());
        let mut unknown: Vec<&String> = unknown.map(|(name, _)| name).collect();
        unknown.sort_unstable();
        unknown.dedup();
        for name in unknown.iter().take(VIOLATIONS_MAX) {
            let known = names_of(record);
            found.add::<()>(&Path::Field(at, name), format!("is not a member of {}, which has {known}", record.name));
        }
        unknown.is_empty().then_some(())
    }
}

fn names_of(record: &Object) -> String {
    if record.members.is_empty() {
        return "no members".to_owned();
    }
    record.members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ")
}

/// Writes a member, unless it is absent.
pub fn encode_field(name: &'static str, value: &impl Encode, encoder: &mut impl Encoder) {
    if value.is_present() {
        encoder.field(name);
        value.write(encoder);
        encoder.end_field(name);
    }
}
