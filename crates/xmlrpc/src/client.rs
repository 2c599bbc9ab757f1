//! How does the other end speak? It puts the question into one struct, and reads the answer by the shape that the table
//! gives it, because a struct has no order and a string does not tell what it is for.

use crate::PATH;
use crate::messages::{MethodCall, read_param};
use crate::values::{self, children, plain};
use bytes::Bytes;
use domain::shape::{Record, Shape};
use domain::{Reason, Value};
use http::HeaderValue;
use http::header::{CONTENT_TYPE, USER_AGENT};
use wire::xml::Element;
use wire::{Ask, Client, Garbled, Heard, Incoming, Outgoing, Refused};

/// The client half.
pub struct XmlRpc;

impl Client for XmlRpc {
    fn encode(&self, ask: &Ask) -> Outgoing {
        let call = MethodCall { name: ask.operation.clone(), params: vec![ask.input.clone()] };
        let mut request = http::Request::new(Bytes::from(call.write()));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = http::Uri::from_static(PATH);
        // "Header requirements": a Content-Type and a User-Agent. (Host and Content-Length are added on the way.)
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static("parlance"));
        request.headers_mut().extend(ask.beside.headers());
        Outgoing::Http(request)
    }

    fn decode(&self, ask: &Ask, incoming: &Incoming) -> Result<Heard, Garbled> {
        let Incoming::Http(response) = incoming else {
            return Err(Garbled("XML-RPC is answered by a response".to_owned()));
        };
        let root = wire::xml::read_reply(response.body()).map_err(|error| Garbled(error.message))?;
        match read_response(root).map_err(|error| Garbled(error.message))? {
            Response::Fault(fault) => refused(&fault).map(Heard::Refused),
            Response::Answer(value) => {
                let row = ask.row().ok_or_else(|| Garbled("an answer to a question of no operation".to_owned()))?;
                fit(value, row.reply_name, &row.reply).map(Heard::Answer)
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
fn refused(fault: &Value) -> Result<Refused, Garbled> {
    let (Some(code), Some(text)) =
        (fault.get("faultCode").and_then(Value::int), fault.get("faultString").and_then(Value::as_text))
    else {
        return Err(Garbled("a fault without faultCode and faultString".to_owned()));
    };
    let said = text.split_once(": ").filter(|(word, _)| Reason::find(word).is_some());
    let (reason, message) = said.map_or((None, text), |(reason, message)| (Some(reason.to_owned()), message));
    Ok(Refused { code: code.to_string(), reason, message: message.to_owned(), ..Refused::default() })
}

/// The value, if it is of that shape; the members of its structs in the table's order.
fn fit(value: Value, name: &str, shape: &Shape) -> Result<Value, Garbled> {
    match (shape, value) {
        (Shape::Int { .. } | Shape::Id { .. }, value @ Value::Int(_)) => Ok(value),
        (Shape::Text { .. } | Shape::Cursor | Shape::Word(_) | Shape::Time, value @ Value::Text(_)) => Ok(value),
        (Shape::List { item, .. }, Value::List(items)) => {
            items.into_iter().map(|value| fit(value, name, item)).collect::<Result<_, _>>().map(Value::List)
        }
        (Shape::Record(record), Value::Record(members)) => fit_members(members, name, record),
        (_, value) => Err(Garbled(format!("{name} is {value}"))),
    }
}

fn fit_members(mut members: Vec<(String, Value)>, name: &str, record: &Record) -> Result<Value, Garbled> {
    let mut fitting = Vec::with_capacity(members.len());
    for member in record.members {
        match members.iter().position(|(name, _)| name == member.name) {
            Some(place) => {
                let (name, value) = members.remove(place);
                let value = fit(value, &name, &member.shape)?;
                fitting.push((name, value));
            }
            None if member.required => return Err(Garbled(format!("{name} has no {}", member.name))),
            None => {}
        }
    }
    match members.first() {
        None => Ok(Value::Record(fitting)),
        Some((stranger, _)) => Err(Garbled(format!("{name} has {stranger}, once too often or at all"))),
    }
}

#[cfg(test)]
mod tests;
