//! What does a thing look like after a list of steps (RFC 6902), and what of it has changed?
//!
//! The steps are done one after the other on a copy of the thing, so either all of them or none: what is different then is the
//! input of the one operation that updates it.

use super::pointer::{add, find, find_mut, remove, steps};
use crate::routes::Route;
use domain::{Error, Reason, Value};

/// Steps of one patch: a thing has at most a dozen members, and each may be tested, moved away and set.
pub const STEPS_MAX: usize = 100;
/// How large a thing may become between two steps, in bytes of its texts and in values times sixteen: copies of copies grow fast,
/// and what may be said in a whole thing is far below that.
pub const PATCHED_BYTES_MAX: usize = 64 * 1024;

/// A list of steps.
#[derive(Debug)]
pub struct Patch(Vec<Step>);

/// One of them: what is done, where, and with what.
#[derive(Debug)]
struct Step {
    deed: Deed,
    path: Vec<String>,
}

#[derive(Debug)]
enum Deed {
    Add(Value),
    Remove,
    Replace(Value),
    Move(Vec<String>),
    Copy(Vec<String>),
    Test(Value),
}

impl Patch {
    /// The steps that a document says, or where it is none.
    pub fn read(document: Value) -> Result<Patch, Error> {
        let Value::List(items) = document else {
            return Err(Error::invalid("", format!("must be a list of steps, was {document}")));
        };
        if items.len() > STEPS_MAX {
            return Err(Error::invalid("", format!("must have at most {STEPS_MAX} steps, had {}", items.len())));
        }
        items.iter().enumerate().map(|(number, item)| Step::read(item, number)).collect::<Result<_, _>>().map(Patch)
    }

    /// The thing after all steps.
    pub fn applied_to(&self, thing: &Value) -> Result<Value, Error> {
        let mut thing = thing.clone();
        for (number, step) in self.0.iter().enumerate() {
            step.apply(&mut thing, number)?;
            if weight(&thing) > PATCHED_BYTES_MAX {
                return Err(Error::too_large("bytes of a patched thing", PATCHED_BYTES_MAX));
            }
        }
        Ok(thing)
    }
}

impl Step {
    /// RFC 6902 section 4: a member that the deed has no use for is passed over, one that it needs must be there.
    fn read(item: &Value, number: usize) -> Result<Step, Error> {
        let wrong = |member: &str, message: String| Error::invalid(&format!("/{number}{member}"), message);
        let Value::Record(_) = item else {
            return Err(wrong("", format!("must be a step, was {item}")));
        };
        let said = |member: &str| match item.get(member) {
            Some(value) => Ok(value),
            None => Err(wrong(&format!("/{member}"), "is required".to_owned())),
        };
        let path = |member: &str| {
            let value = said(member)?;
            let steps = value.as_text().and_then(steps);
            let message = || format!("must be a path by RFC 6901, was {value}");
            steps.ok_or_else(|| wrong(&format!("/{member}"), message()))
        };
        let value = || said("value").cloned();
        let deed = match said("op")?.as_text().unwrap_or_default() {
            "add" => Deed::Add(value()?),
            "remove" => Deed::Remove,
            "replace" => Deed::Replace(value()?),
            "move" => Deed::Move(path("from")?),
            "copy" => Deed::Copy(path("from")?),
            "test" => Deed::Test(value()?),
            _ => {
                let message = format!("must be one of add, remove, replace, move, copy, test, was {}", said("op")?);
                return Err(wrong("/op", message));
            }
        };
        Ok(Step { deed, path: path("path")? })
    }

    fn apply(&self, thing: &mut Value, number: usize) -> Result<(), Error> {
        let nowhere = |member: &str, path: &[String]| {
            let shown = domain::value::shown(&path.join("/"));
            Error::invalid(&format!("/{number}/{member}"), format!("leads nowhere, was \"/{shown}\""))
        };
        let no_path = || nowhere("path", &self.path);
        let done = match &self.deed {
            Deed::Add(value) => add(thing, &self.path, value.clone()),
            Deed::Remove => remove(thing, &self.path).map(drop),
            // RFC 6902 section 4.3: what is replaced must be there.
            Deed::Replace(value) => find_mut(thing, &self.path).map(|found| *found = value.clone()),
            Deed::Test(value) => {
                let found = find(thing, &self.path).ok_or_else(no_path)?;
                return if is_same(found, value) { Ok(()) } else { Err(other_than_expected(number, found, value)) };
            }
            Deed::Move(from) => {
                let moved = remove(thing, from).ok_or_else(|| nowhere("from", from))?;
                add(thing, &self.path, moved)
            }
            Deed::Copy(from) => {
                let copied = find(thing, from).cloned().ok_or_else(|| nowhere("from", from))?;
                add(thing, &self.path, copied)
            }
        };
        done.ok_or_else(no_path)
    }
}

/// RFC 5789 section 2.2: the thing is not in the state that the patch was made for. That is what a version would have said.
fn other_than_expected(number: usize, found: &Value, expected: &Value) -> Error {
    Error::new(Reason::StaleVersion, format!("step {number} expected {expected} and found {found}"))
}

/// RFC 6902 section 4.6: members may stand in any order.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Record(members), Value::Record(others)) => {
            let is_in = |(name, value): &(String, Value)| other.get(name).is_some_and(|there| is_same(value, there));
            members.len() == others.len() && members.iter().all(is_in)
        }
        (Value::List(items), Value::List(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(one, other)| is_same(one, other))
        }
        _ => one == other,
    }
}

fn weight(value: &Value) -> usize {
    const VALUE_BYTES: usize = 16;
    VALUE_BYTES
        + match value {
            Value::Null | Value::Bool(_) | Value::Int(_) => 0,
            Value::Fraction(text) | Value::Text(text) | Value::Untyped(text) => text.len(),
            Value::List(items) => items.iter().map(weight).sum(),
            Value::Record(members) => members.iter().map(|(name, value)| name.len() + weight(value)).sum(),
        }
}

/// What is to be said to the operation that updates a thing so that it becomes another: the members that are different. None can
/// be removed, and only those can be changed that the operation takes and the address does not hold.
pub fn difference(before: &Value, after: &Value, route: &Route) -> Result<Vec<(String, Value)>, Error> {
    let (Value::Record(old), Value::Record(new)) = (before, after) else {
        return Err(Error::invalid("", format!("must leave a thing, and left {after}")));
    };
    let takes = |name: &str| before.get(name).is_some() && route.other_members().any(|member| member.name == name);
    let different = new.iter().filter(|(name, value)| !before.get(name).is_some_and(|old| is_same(old, value)));
    let gone = old.iter().filter(|(name, _)| after.get(name).is_none()).map(|(name, _)| (name, None));
    let changes = different.map(|(name, value)| (name, Some(value))).chain(gone);
    let checked = changes.map(|(name, value)| match value {
        _ if !takes(name) => Err(Error::invalid(&pointer_to(name), "can't be changed here".to_owned())),
        None | Some(Value::Null) => Err(Error::invalid(&pointer_to(name), "can't be removed".to_owned())),
        Some(value) => Ok((name.clone(), value.clone())),
    });
    checked.collect()
}

fn pointer_to(name: &str) -> String {
    format!("/{}", domain::value::shown(name).replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
