//! The client half: writes SOAP 1.1 envelopes, and reads replies by the schema of the contract.

use crate::envelope::{CLOSING, Envelope, IDEMPOTENCY_KEY, Version};
use crate::messages::{FLAT, XSI, action};
use crate::{NAMESPACE, PATH, security};
use domain::access::Credentials;
use domain::schema::{Object, Schema, Violation};
use domain::{Operation, Value};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use wire::client::CallOptions;
use wire::names::{camel, one_of, pascal, snake};
use wire::xml::{self, Element};
use wire::{CallRequest, DecodeError, Outcome, Refused, WireRequest, WireResponse};

/// SOAP 1.1 section 6.1.1.
const SOAP_ACTION: HeaderName = HeaderName::from_static("soapaction");

/// A client of the SOAP endpoint.
pub struct Client;

impl wire::Client for Client {
    fn encode(&self, call: &CallRequest) -> WireRequest {
        let name = sayable(&pascal(&call.operation));
        let (blocks, in_http) = parted(&call.options);
        let mut envelope = Version::V11.opening(&blocks);
        envelope.push_str(&format!("<{name} xmlns=\"{NAMESPACE}\">"));
        write_content(&mut envelope, "", &call.input, call.row().map(|row| Schema::Object(row.input)).as_ref());
        envelope.push_str(&format!("</{name}>{CLOSING}"));
        // An action may be empty (SOAP 1.1 section 6.1.1), as that of a name which can't be in a header; but it is always there.
        let action = Some(format!("\"{}\"", action(&name))).filter(|action| HeaderValue::from_str(action).is_ok());
        let action = action.unwrap_or_else(|| "\"\"".to_owned());
        let headers = [(CONTENT_TYPE, Version::V11.content_type()), (SOAP_ACTION, &action)];
        WireRequest::Http(in_http.post(http::Uri::from_static(PATH), &headers, envelope))
    }

    fn decode(&self, call: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError> {
        let WireResponse::Http(response) = incoming else {
            return Err(DecodeError("SOAP is answered by a response".to_owned()));
        };
        let envelope = Envelope::read(response.body(), Version::V11).map_err(|fault| DecodeError(fault.message))?;
        let version = envelope.version;
        let content = envelope.into_content().map_err(|error| DecodeError(error.message))?;
        if content.is(version.namespace(), "Fault") {
            return refused(&content, version).map(Outcome::Refused);
        }
        let row =
            call.row().ok_or_else(|| DecodeError(format!("{} answers a question of no operation", content.name)))?;
        reply(&content, row).map(Outcome::Reply)
    }
}

/// The options of a call: header blocks for those that have a place in the envelope, HTTP headers for the rest.
/// The blocks must be understood: an order whose key was ignored might be placed
/// twice, and one whose credentials were ignored would be anonymous.
fn parted(options: &CallOptions) -> (String, CallOptions) {
    let mut blocks = String::new();
    let mut in_http = CallOptions { idempotency_key: None, ..options.clone() };
    if let Credentials::Password { email, password } = &options.credentials {
        blocks.push_str(&security::block(email, password));
        in_http.credentials = Credentials::None;
    }
    if let Some(key) = &options.idempotency_key {
        let attributes = format!("xmlns=\"{NAMESPACE}\" soap:mustUnderstand=\"1\"");
        blocks.push_str(&format!("<{IDEMPOTENCY_KEY} {attributes}>{}</{IDEMPOTENCY_KEY}>", xml::escaped(key)));
    }
    (blocks, in_http)
}

/// Writes the content of an element. Members of the schema come first and in its order, as an XML Schema sequence
/// requires; others are written after them, so that a wrong call can be sent too.
fn write_content(out: &mut String, name: &str, value: &Value, shape: Option<&Schema>) {
    match value {
        Value::Null => {}
        Value::Bool(_) | Value::Int(_) | Value::Fraction(_) => out.push_str(&wire::json::value(value)),
        Value::Text(text) | Value::RawText(text) => xml::text(out, text),
        Value::List(items) => {
            let shape = match shape {
                Some(Schema::List { item, .. }) => Some(*item),
                _ => None,
            };
            items.iter().for_each(|item| write_element(out, one_of(name), item, shape));
        }
        Value::Object(members) => {
            let known = match shape {
                Some(Schema::Object(record)) => record.members,
                _ => &[],
            };
            let place = |name: &str| known.iter().position(|member| member.name == name);
            let mut members: Vec<&(String, Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
            for (name, value) in members {
                write_element(out, name, value, place(name).map(|place| &known[place].schema));
            }
        }
    }
}

fn write_element(out: &mut String, name: &str, value: &Value, shape: Option<&Schema>) {
    let tag = sayable(&camel(name));
    if *value == Value::Null {
        return out.push_str(&format!("<{tag} xmlns:xsi=\"{XSI}\" xsi:nil=\"true\"/>"));
    }
    out.push_str(&format!("<{tag}>"));
    write_content(out, name, value, shape);
    out.push_str(&format!("</{tag}>"));
}

/// A name for an element: impossible characters become `_`. So a wrong name stays wrong, and the document readable.
fn sayable(name: &str) -> String {
    let sound = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.chars().map(sound).collect();
    if name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic()) { name } else { format!("_{name}") }
}

fn reply(content: &Element, operation: &Operation) -> Result<Value, DecodeError> {
    let expected = format!("{}Response", pascal(operation.name));
    if !content.is(NAMESPACE, &expected) {
        return Err(DecodeError(format!("{expected} was expected, not {}", content.name)));
    }
    match (content.children.as_slice(), operation.reply_name) {
        ([], "nothing") => Ok(Value::Object(Vec::new())),
        ([thing], name) if thing.is(NAMESPACE, &camel(name)) => read(thing, name, &operation.reply),
        _ => Err(DecodeError(format!("{expected} does not hold what it should"))),
    }
}

fn read(element: &Element, name: &str, shape: &Schema) -> Result<Value, DecodeError> {
    let text = &element.text;
    match shape {
        Schema::Int { .. } | Schema::Id { .. } => match text.trim().parse() {
            Ok(number) => Ok(Value::Int(number)),
            Err(_) => Err(DecodeError(format!("{name} is no whole number but \"{text}\""))),
        },
        Schema::Text { .. } | Schema::Cursor | Schema::Enum(_) | Schema::Time => Ok(Value::text(text)),
        Schema::List { item, .. } => read_items(&element.children, name, item),
        Schema::Object(record) => read_record(element, name, record),
    }
}

fn read_record(element: &Element, name: &str, record: &Object) -> Result<Value, DecodeError> {
    let mut unread = element.children.as_slice();
    let mut members = Vec::new();
    for member in record.members {
        let (tag, count) = match member.schema {
            Schema::List { .. } if member.name == FLAT => ("item".to_owned(), usize::MAX),
            _ => (camel(member.name), 1),
        };
        let here = unread.iter().take_while(|child| child.is(NAMESPACE, &tag)).count().min(count);
        let (found, rest) = unread.split_at(here);
        unread = rest;
        let value = match (&member.schema, found) {
            (Schema::List { item, .. }, items) if member.name == FLAT => read_items(items, member.name, item)?,
            (shape, [one, ..]) => read(one, member.name, shape)?,
            (_, []) if !member.required => continue,
            (_, []) => return Err(DecodeError(format!("{name} has no {tag} where it should"))),
        };
        members.push((member.name.to_owned(), value));
    }
    match unread {
        [] => Ok(Value::Object(members)),
        [stranger, ..] => Err(DecodeError(format!("{name} has {} where it should not", stranger.name))),
    }
}

fn read_items(items: &[Element], list: &str, shape: &Schema) -> Result<Value, DecodeError> {
    let name = one_of(list);
    let read_item = |item: &Element| match item.is(NAMESPACE, name) {
        true => read(item, name, shape),
        false => Err(DecodeError(format!("{list} holds {}", item.name))),
    };
    items.iter().map(read_item).collect::<Result<_, _>>().map(Value::List)
}

fn refused(fault: &Element, version: Version) -> Result<Refused, DecodeError> {
    // SOAP 1.1 section 4.4 has its own names, SOAP 1.2 part 1 section 5.4 others, one level deeper.
    let (code, text, detail) = match version {
        Version::V11 => (fault.child("faultcode"), fault.child("faultstring"), fault.child("detail")),
        Version::V12 => (
            fault.child("Code").and_then(|code| code.child("Value")),
            fault.child("Reason").and_then(|reason| reason.child("Text")),
            fault.child("Detail"),
        ),
    };
    let code = code.ok_or_else(|| DecodeError("a fault without a code".to_owned()))?;
    let code = code.text.trim().rsplit(':').next().unwrap_or_default().to_owned();
    let text_of = |element: &Element, name: &str| element.child(name).map(|child| child.text.clone());
    let mut refused =
        Refused { code, message: text.map(|text| text.text.clone()).unwrap_or_default(), ..Refused::default() };
    if let Some(fault) = detail.and_then(|detail| detail.child("ShopFault")) {
        refused.kind = text_of(fault, "kind");
        refused.reason = text_of(fault, "reason");
        refused.message = text_of(fault, "message").unwrap_or(refused.message);
        refused.retry_after_ms = text_of(fault, "retryAfterMs").and_then(|text| text.trim().parse().ok());
        let errors = fault.children.iter().filter(|child| child.is(NAMESPACE, "error"));
        let violation = |error: &Element| Violation {
            pointer: snake(&text_of(error, "pointer").unwrap_or_default()),
            message: text_of(error, "message").unwrap_or_default(),
        };
        refused.errors = errors.map(violation).collect();
    }
    Ok(refused)
}

#[cfg(test)]
mod tests;
