//! JSON Patch (RFC 6902): applied to a copy of the resource; the differences become the input of the update.
//! The operations of a patch are applied one after the other, all or none.

use crate::routes::Route;
use domain::value::shown;
use domain::{Error, Reason, Value};
use json_patch::jsonptr::Pointer;
use json_patch::{Patch, PatchErrorKind, PatchOperation, TestOperation, patch_unsafe};
use serde_json::Value as Json;
use std::slice::from_ref;

/// Operations of one patch: a resource has at most a dozen members, and each may be tested, moved away and set.
pub const STEPS_MAX: usize = 100;
/// Bytes of the resource's JSON between two operations: copies of copies grow fast, and a whole resource is far
/// below that.
const PATCHED_BYTES_MAX: usize = 64 * 1024;

pub fn read(document: Value) -> Result<Patch, Error> {
    let Value::List(items) = document else {
        return Err(Error::invalid("", format!("must be a JSON Patch, a list of operations, got {document}")));
    };
    if items.len() > STEPS_MAX {
        return Err(Error::invalid("", format!("must have at most {STEPS_MAX} operations, got {}", items.len())));
    }
    items.iter().enumerate().map(|(number, item)| read_step(item, number)).collect::<Result<_, _>>().map(Patch)
}

/// The resource after all operations.
pub fn apply(patch: &Patch, resource: &Json) -> Result<Json, Error> {
    let mut patched = resource.clone();
    for (number, step) in patch.iter().enumerate() {
        let done = patch_unsafe(&mut patched, from_ref(step));
        done.map_err(|error| failed(number, step, &error.kind, &patched))?;
        let text = patched.to_string();
        if text.len() > PATCHED_BYTES_MAX {
            return Err(Error::too_large("bytes of a patched resource", PATCHED_BYTES_MAX));
        }
        // Repeated moves nest deeper than anything that could have been sent.
        let is_read = wire::json::read(text.as_bytes());
        is_read.map_err(|error| Error::new(Reason::TooLarge, format!("after step {number}: {}", error.message)))?;
    }
    Ok(patched)
}

/// RFC 6902 section 4: unknown members of an operation are ignored, required ones must be there.
fn read_step(item: &Value, number: usize) -> Result<PatchOperation, Error> {
    let wrong = |member: &str, message: &str| Error::invalid(&format!("/{number}{member}"), message);
    let Value::Object(_) = item else {
        return Err(wrong("", &format!("must be an operation of JSON Patch, got {item}")));
    };
    let op = item.get("op").unwrap_or(&Value::Null);
    let needed: &[&str] = match op.as_text().unwrap_or_default() {
        "add" | "replace" | "test" => &["path", "value"],
        "move" | "copy" => &["from", "path"],
        "remove" => &["path"],
        _ => {
            return Err(wrong("/op", &format!("must be one of add, remove, replace, move, copy, test, got {op}")));
        }
    };
    for member in needed {
        let pointer = format!("/{member}");
        let path = item.get(member).ok_or_else(|| wrong(&pointer, "is required"))?;
        if *member != "value" && path.as_text().is_none_or(|path| Pointer::parse(path).is_err()) {
            return Err(wrong(&pointer, &format!("must be a JSON Pointer (RFC 6901), got {path}")));
        }
    }
    serde_json::from_str(&wire::json::value(item)).map_err(|error| wrong("", &error.to_string()))
}

/// Why an operation could not be applied.
fn failed(number: usize, step: &PatchOperation, kind: &PatchErrorKind, thing: &Json) -> Error {
    let (member, path) = match (step, kind) {
        (PatchOperation::Test(TestOperation { path, value }), PatchErrorKind::TestFailed) => {
            // RFC 5789 section 2.2: the resource is not in the state that the patch was made for, as with a stale version.
            let found = thing.pointer(path.as_str()).unwrap_or(&Json::Null);
            let (expected, found) = (shown(&value.to_string()), shown(&found.to_string()));
            return Error::new(Reason::StaleVersion, format!("step {number} expected {expected} and found {found}"));
        }
        (PatchOperation::Move(step), PatchErrorKind::InvalidFromPointer) => ("from", &*step.from),
        (PatchOperation::Copy(step), PatchErrorKind::InvalidFromPointer) => ("from", &*step.from),
        _ => ("path", step.path()),
    };
    Error::invalid(&format!("/{number}/{member}"), format!("leads nowhere, got \"{}\"", shown(path.as_str())))
}

/// The input of the update: the members that differ. None can be removed, and only those can be changed that the operation
/// takes and the address does not have.
pub fn difference(before: &Json, after: &Json, route: &Route) -> Result<Vec<(String, Value)>, Error> {
    let (Json::Object(old), Json::Object(new)) = (before, after) else {
        return Err(Error::invalid("", format!("must result in an object, got {}", shown(&after.to_string()))));
    };
    let takes = |name: &str| old.contains_key(name) && route.other_members().any(|member| member.name == name);
    let different = new.iter().filter(|(name, value)| old.get(name.as_str()) != Some(*value));
    let gone = old.keys().filter(|name| !new.contains_key(name.as_str())).map(|name| (name, &Json::Null));
    let checked = different.chain(gone).map(|(name, value)| match value {
        _ if !takes(name) => Err(Error::invalid(&pointer_to(name), "can't be changed".to_owned())),
        Json::Null => Err(Error::invalid(&pointer_to(name), "can't be removed".to_owned())),
        value => Ok((name.clone(), wire::json::read(value.to_string().as_bytes())?)),
    });
    checked.collect()
}

fn pointer_to(name: &str) -> String {
    format!("/{}", shown(name).replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
