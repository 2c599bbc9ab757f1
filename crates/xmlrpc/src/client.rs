//! How does the other end speak? It puts the question into one struct, and reads the answer by the shape that the table
//! gives it, because a struct has no order and a string does not tell what it is for.

use crate::PATH;
use crate::messages::{MethodCall, read_param};
use crate::values::{self, children, plain};
use bytes::Bytes;
use domain::schema::{Object, Schema};
use domain::{Reason, Value};
use http::HeaderValue;
use http::header::{CONTENT_TYPE, USER_AGENT};
use wire::xml::Element;
use wire::{CallRequest, Client, DecodeError, Outcome, Refused, WireRequest, WireResponse};

/// The client half.
pub struct XmlRpc;

impl Client for XmlRpc {
    fn encode(&self, ask: &CallRequest) -> WireRequest {
        let call = MethodCall { name: ask.operation.clone(), params: vec![ask.input.clone()] };
        let mut request = http::Request::new(Bytes::from(call.write()));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = http::Uri::from_static(PATH);
        // "Header requirements": a Content-Type and a User-Agent. (Host and Content-Length are added on the way.)
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static("parlance"));
        request.headers_mut().extend(ask.options.headers());
        WireRequest::Http(request)
    }

    fn decode(&self, ask: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError> {
        let WireResponse::Http(response) = incoming else {
            return Err(DecodeError("XML-RPC is answered by a response".to_owned()));
        };
        let root = wire::xml::read_reply(response.body()).map_err(|error| DecodeError(error.message))?;
        match read_response(root).map_err(|error| DecodeError(error.message))? {
            Response::Fault(fault) => refused(&fault).map(Outcome::Refused),
            Response::Answer(value) => {
                let row = ask.row().ok_or_else(|| DecodeError("an answer to a question of no operation".to_owned()))?;
                fit(value, row.reply_name, &row.reply).map(Outcome::Reply)
            }
        }
    }
}

enum Response {
    Answer(Value),
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
    read_param(param).map(Response::Answer)
}

/// A faultString of ours begins with the reason; one of somebody else's is all message.
fn refused(fault: &Value) -> Result<Refused, DecodeError> {
    let (Some(code), Some(text)) =
        (fault.get("faultCode").and_then(Value::int), fault.get("faultString").and_then(Value::as_text))
    else {
        return Err(DecodeError("a fault without faultCode and faultString".to_owned()));
    };
    let said = text.split_once(": ").filter(|(word, _)| Reason::find(word).is_some());
    let (reason, message) = said.map_or((None, text), |(reason, message)| (Some(reason.to_owned()), message));
    Ok(Refused { code: code.to_string(), reason, message: message.to_owned(), ..Refused::default() })
}

/// The value, if it is of that shape; the members of its structs in the table's order.
fn fit(value: Value, name: &str, shape: &Schema) -> Result<Value, DecodeError> {
    match (shape, value) {
        (Schema::Int { .. } | Schema::Id { .. }, value @ Value::Int(_)) => Ok(value),
        (Schema::Text { .. } | Schema::Cursor | Schema::Enum(_) | Schema::Time, value @ Value::Text(_)) => Ok(value),
        (Schema::List { item, .. }, Value::List(items)) => {
            items.into_iter().map(|value| fit(value, name, item)).collect::<Result<_, _>>().map(Value::List)
        }
        (Schema::Object(record), Value::Object(members)) => fit_members(members, name, record),
        (_, value) => Err(DecodeError(format!("{name} is {value}"))),
    }
}

fn fit_members(mut members: Vec<(String, Value)>, name: &str, record: &Object) -> Result<Value, DecodeError> {
    let mut fitting = Vec::with_capacity(members.len());
    for member in record.members {
        match members.iter().position(|(name, _)| name == member.name) {
            Some(place) => {
                let (name, value) = members.remove(place);
                let value = fit(value, &name, &member.schema)?;
                fitting.push((name, value));
            }
            None if member.required => return Err(DecodeError(format!("{name} has no {}", member.name))),
            None => {}
        }
    }
    match members.first() {
        None => Ok(Value::Object(fitting)),
        Some((stranger, _)) => Err(DecodeError(format!("{name} has {stranger}, once too often or at all"))),
    }
}

#[cfg(test)]
mod tests;
