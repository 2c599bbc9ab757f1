//! From a pasted request to the call that it makes.

use crate::messages::{expected_version, read as read_request};
use crate::routes::{JSON, Route, find, nothing_at};
use crate::{NAME, PATH};
use domain::{Error, Reason, Value};
use wire::conditional::ETagCondition;
use wire::request_text::{ParsedCalls, RequestText};
use wire::{CallRequest, IncomingRequest};

/// Reads the call; `None` if the text is no REST request.
pub fn parse_request(pasted: &RequestText) -> ParsedCalls {
    pasted.is_at(PATH).then(|| read(pasted).map(|call| vec![call]))
}

fn read(pasted: &RequestText) -> Result<CallRequest, Error> {
    let request = pasted.request(JSON)?;
    let (route, in_path) = find(&request).map_err(|others| nothing_there(&others, pasted))?;
    let mut parsed = read_request(&request, route, &in_path).map_err(|refusal| refusal.error)?;
    if parsed.patch.is_some() {
        return Err(Error::unreadable(
            "a JSON Patch depends on the current state of the resource, so it has no equivalent in other styles",
        ));
    }
    // The expected version: a header here, an input member elsewhere.
    let version = ETagCondition::if_match(request.headers())?.and_then(|tags| tags.only_version());
    if route.changes.is_some() && !parsed.has_expected_version() {
        parsed.input.extend(version.map(expected_version));
    }
    let context = request.context(NAME)?;
    Ok(CallRequest::with_options(route.operation.name, Value::Object(parsed.input), context.into()))
}

fn nothing_there(others: &[&Route], pasted: &RequestText) -> Error {
    let methods: Vec<&str> = others.iter().map(|route| route.method.name()).collect();
    if methods.is_empty() {
        return nothing_at(&pasted.target);
    }
    let message = format!("{} takes {}", domain::value::shown(&pasted.target), methods.join(", "));
    Error::new(Reason::UnknownOperation, message)
}
