//! How are the members of a record read and written?

use crate::limits::VIOLATIONS_MAX;
use crate::shape::Record;
use crate::sink::Sink;
use crate::traits::{Readable, Writable};
use crate::value::Value;
use crate::violations::{Path, Violations};

/// The members of a record while it is read: each may be taken once, and none may be left.
pub struct Members(Vec<(String, Value)>);

impl Members {
    /// The members, if the value is a record. A member that came twice is a violation.
    pub fn open(value: Value, record: &Record, at: &Path, found: &mut Violations) -> Option<Self> {
        let Value::Record(members) = value else {
            return found.add(at, format!("must be a record of {}, was {value}", names_of(record)));
        };
        // What is no member of the thing is refused anyway, however often it came; and a stranger can send very many.
        for member in record.members {
            let given = members.iter().filter(|(name, _)| name == member.name).count();
            if given > 1 {
                found.add::<()>(&Path::Member(at, member.name), "was given twice");
            }
        }
        Some(Members(members))
    }

    /// Takes and reads one member.
    pub fn take<T: Readable>(&mut self, name: &'static str, at: &Path, found: &mut Violations) -> Option<T> {
        let place = Path::Member(at, name);
        match self.0.iter().position(|(key, _)| key == name) {
            Some(position) => T::read(self.0.swap_remove(position).1, &place, found),
            None => T::absent(&place, found),
        }
    }

    /// What was not taken is not a member of the thing.
    pub fn close(self, record: &Record, at: &Path, found: &mut Violations) -> Option<()> {
        let unknown = self.0.iter().filter(|(name, _)| record.member(name).is_none());
        let mut unknown: Vec<&String> = unknown.map(|(name, _)| name).collect();
        unknown.sort_unstable();
        unknown.dedup();
        for name in unknown.iter().take(VIOLATIONS_MAX) {
            let known = names_of(record);
            found.add::<()>(&Path::Member(at, name), format!("is not a member of {}, which has {known}", record.name));
        }
        unknown.is_empty().then_some(())
    }
}

fn names_of(record: &Record) -> String {
    if record.members.is_empty() {
        return "no members".to_owned();
    }
    record.members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ")
}

/// Writes a member, unless it is absent.
pub fn write_member(name: &'static str, value: &impl Writable, sink: &mut impl Sink) {
    if value.is_present() {
        sink.member(name);
        value.write(sink);
        sink.end_member(name);
    }
}
