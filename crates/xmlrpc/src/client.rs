//! The client half: a call becomes a method call with one struct, a response becomes the outcome.
//!
//! The result is read with the operation's schema, because the members of a struct come in any order.

use crate::PATH;
use crate::errors::{RETRY_AFTER_MS, WHOLE_INPUT};
use crate::messages::{MethodCall, read_param};
use crate::values::{self, children, plain};
use domain::schema::{Object, Schema, Violation};
use domain::{Reason, Value};
use http::header::{CONTENT_TYPE, USER_AGENT};
use wire::xml::Element;
use wire::{CallRequest, DecodeError, Outcome, Refused, WireRequest, WireResponse};

/// The client half.
pub struct Client;

impl wire::Client for Client {
    fn encode(&self, call: &CallRequest) -> WireRequest {
        let method_call = MethodCall { name: call.operation.clone(), params: vec![call.input.clone()] };
        // "Header requirements": a Content-Type and a User-Agent. (The transport adds Host and Content-Length.)
        let headers = [(CONTENT_TYPE, "text/xml"), (USER_AGENT, "parlance")];
        WireRequest::Http(call.options.post(http::Uri::from_static(PATH), &headers, method_call.document()))
    }

    fn decode(&self, call: &CallRequest, response: &WireResponse) -> Result<Outcome, DecodeError> {
        let WireResponse::Http(response) = response else {
            return Err(DecodeError("a response over HTTP was expected".to_owned()));
        };
        let root = wire::xml::read_reply(response.body()).map_err(|error| DecodeError(error.message))?;
        match read_response(root).map_err(|error| DecodeError(error.message))? {
            Response::Fault(fault) => refused(&fault).map(Outcome::Refused),
            Response::Result(value) => {
                let operation = call.row().ok_or_else(|| DecodeError("a result of no operation".to_owned()))?;
                fit(value, operation.reply_name, &operation.reply).map(Outcome::Reply)
            }
        }
    }
}

enum Response {
    Result(Value),
    Fault(Value),
}

/// "Response format": a `<methodResponse>` with `<params>` of one `<param>`, or with a `<fault>` of one value.
fn read_response(root: Element) -> Result<Response, domain::Error> {
    let [content] = children(plain(root, "methodResponse")?)?;
    if content.name == "fault" {
        let [value] = children(plain(content, "fault")?)?;
        return values::read(value).map(Response::Fault);
    }
    let [param] = children(plain(content, "params")?)?;
    read_param(param).map(Response::Result)
}

/// A faultString of ours begins with the reason; that of another server is all message.
fn refused(fault: &Value) -> Result<Refused, DecodeError> {
    let (Some(code), Some(text)) =
        (fault.get("faultCode").and_then(Value::int), fault.get("faultString").and_then(Value::as_text))
    else {
        return Err(DecodeError("a fault without faultCode and faultString".to_owned()));
    };
    let code = code.to_string();
    let ours = text.split_once(": ").and_then(|(word, rest)| Some((Reason::find(word)?, rest)));
    let Some((reason, rest)) = ours else {
        return Ok(Refused { code, message: text.to_owned(), ..Refused::default() });
    };
    let mut lines = rest.split('\n');
    let (reason, message) = (Some(reason.word().to_owned()), lines.next().unwrap_or_default().to_owned());
    let mut refused = Refused { code, reason, message, ..Refused::default() };
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        match name {
            RETRY_AFTER_MS => refused.retry_after_ms = value.parse().ok(),
            place => {
                let pointer = if place == WHOLE_INPUT { "" } else { place }.to_owned();
                refused.errors.push(Violation { pointer, message: value.to_owned() });
            }
        }
    }
    Ok(refused)
}

/// Checks a value against a schema, and puts the members of its structs into the table's order.
fn fit(value: Value, name: &str, schema: &Schema) -> Result<Value, DecodeError> {
    match (schema, value) {
        (Schema::Int { .. } | Schema::Id { .. }, value @ Value::Int(_)) => Ok(value),
        (Schema::Text { .. } | Schema::Cursor | Schema::Enum(_) | Schema::Time, value @ Value::Text(_)) => Ok(value),
        (Schema::List { item, .. }, Value::List(items)) => {
            items.into_iter().map(|value| fit(value, name, item)).collect::<Result<_, _>>().map(Value::List)
        }
        (Schema::Object(object), Value::Object(members)) => fit_members(members, name, object),
        (_, value) => Err(DecodeError(format!("{name} is {value}"))),
    }
}

fn fit_members(mut members: Vec<(String, Value)>, name: &str, object: &Object) -> Result<Value, DecodeError> {
    let mut fitting = Vec::with_capacity(members.len());
    for member in object.members {
        match members.iter().position(|(name, _)| name == member.name) {
            Some(position) => {
                let (name, value) = members.remove(position);
                let value = fit(value, &name, &member.schema)?;
                fitting.push((name, value));
            }
            None if member.required => return Err(DecodeError(format!("{name} has no {}", member.name))),
            None => {}
        }
    }
    match members.first() {
        None => Ok(Value::Object(fitting)),
        Some((unknown, _)) => Err(DecodeError(format!("{name} has {unknown}, which is unknown or repeated"))),
    }
}

#[cfg(test)]
mod tests;
