//! The client half. It selects every member of a reply, in documents that are made from the reply's schema.

mod shapes;

use crate::contract::field_of;
use crate::errors;
use crate::events::FORBIDDEN;
use crate::messages::input::document_type;
use crate::{PATH, SUBPROTOCOL};
use domain::access::Credentials;
use domain::operations::OperationKind;
use domain::schema::{Field, Violation};
use domain::{Operation, Reason, Value};
use http::header::{ACCEPT, CONTENT_TYPE};
use shapes::{from_graphql, object_to_graphql, selection, to_graphql};
use wire::client::{CallOptions, Message};
use wire::names::{camel, pascal, snake};
use wire::{CallRequest, DecodeError, Outcome, Refused, WireRequest, WireResponse};

/// The client half.
pub struct Client;

impl wire::Client for Client {
    fn encode(&self, call_request: &CallRequest) -> WireRequest {
        let params = wire::json::value(&params(call_request));
        if call_request.row().is_some_and(|row| row.kind == OperationKind::Stream) {
            return WireRequest::Socket(Message {
                path: PATH,
                subprotocol: SUBPROTOCOL,
                // The handshake is the only place for a fault. Credentials are in the first message, and a key has no place.
                headers: CallOptions { fault: call_request.options.fault.clone(), ..CallOptions::default() }
                    .headers()
                    .collect(),
                opening: vec![init(&call_request.options.credentials)],
                text: format!(r#"{{"id":"1","type":"subscribe","payload":{params}}}"#),
            });
        }
        let headers = [(CONTENT_TYPE, "application/json"), (ACCEPT, "application/graphql-response+json")];
        WireRequest::Http(call_request.options.post(http::Uri::from_static(PATH), &headers, params))
    }

    fn decode(&self, call_request: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError> {
        let read = |text: &[u8]| wire::json::read_reply(text).map_err(|error| DecodeError(error.message));
        match incoming {
            WireResponse::Http(response) => decode_response(call_request, &read(response.body())?, Outcome::Reply),
            WireResponse::Frame(frame) => {
                let frame = read(frame)?;
                let payload = frame.get("payload");
                match (frame.get("type").and_then(Value::as_text).unwrap_or_default(), payload) {
                    ("next", Some(payload)) => decode_response(call_request, payload, Outcome::Event),
                    ("error", Some(errors)) => Ok(Outcome::Refused(refused(errors).unwrap_or_default())),
                    ("complete", _) => Ok(Outcome::Ended),
                    ("connection_ack" | "ping" | "pong", _) => Ok(Outcome::Control),
                    (other, _) => Err(DecodeError(format!("no message has the type {other:?}"))),
                }
            }
        }
    }

    /// A socket with wrong credentials is closed; the close reason is the error's message.
    fn closed(&self, code: u16, reason: &str) -> Option<Refused> {
        let (word, message) = reason.split_once(": ").filter(|_| code == FORBIDDEN)?;
        let reason = Reason::find(word)?;
        let (code, message) = (errors::code(reason.kind()).0.to_owned(), message.to_owned());
        Some(Refused { code, reason: Some(word.to_owned()), message, ..Refused::default() })
    }
}

/// The first message of a socket: its payload has the credentials, as the headers of a request have.
fn init(credentials: &Credentials) -> String {
    let Some((name, value)) = wire::credentials::header(credentials) else {
        return r#"{"type":"connection_init"}"#.to_owned();
    };
    let payload = Value::object([(name, value.as_str().into())]);
    wire::json::value(&Value::object([("type", "connection_init".into()), ("payload", payload)]))
}

/// The request: a document and its variables.
fn params(call_request: &CallRequest) -> Value {
    let Some(row) = call_request.row() else {
        // The server reports that there is no such field.
        return Value::object([("query", format!("{{ {} }}", graphql_name(&call_request.operation)).as_str().into())]);
    };
    let given = match &call_request.input {
        Value::Object(given) => given.as_slice(),
        // A value that is no object is no map of variables; the server reports it.
        other => return Value::object([("query", document(row, &[]).as_str().into()), ("variables", other.clone())]),
    };
    let variables = match row.kind {
        OperationKind::Command => Value::object([("input", object_to_graphql(row.input, &call_request.input))]),
        OperationKind::Query | OperationKind::Stream => {
            let variable = |(name, value): &(String, Value)| match row.input.member(name) {
                Some(member) => (argument_of(row, member.name), to_graphql(&member.schema, value)),
                None => (graphql_name(name), value.clone()),
            };
            Value::Object(given.iter().map(variable).collect())
        }
    };
    Value::object([("query", document(row, given).as_str().into()), ("variables", variables)])
}

/// The document of an operation, with variables for the given and the required members.
fn document(row: &Operation, given: &[(String, Value)]) -> String {
    let (name, field, selected) = (pascal(row.name), field_of(row), selection(&row.reply));
    let is_given = |member: &Field| member.required || given.iter().any(|(name, _)| name == member.name);
    let known = row.input.members.iter().filter(|member| is_given(member));
    let known = known.map(|member| (argument_of(row, member.name), document_type(member)));
    let unknown = given.iter().filter(|(name, _)| row.input.member(name).is_none());
    let unknown = unknown.map(|(name, _)| (graphql_name(name), "String".to_owned()));
    let arguments: Vec<(String, String)> = known.chain(unknown).collect();
    let between = |open: &str, list: Vec<String>| {
        if list.is_empty() { String::new() } else { format!("{open}{})", list.join(", ")) }
    };
    let variables = between("(", arguments.iter().map(|(name, kind)| format!("${name}: {kind}")).collect());
    let passed = between("(", arguments.iter().map(|(name, _)| format!("{name}: ${name}")).collect());
    match row.kind {
        OperationKind::Query => format!("query {name}{variables} {{ {field}{passed} {selected} }}"),
        OperationKind::Stream => format!("subscription {name}{variables} {{ {field}{passed} {selected} }}"),
        OperationKind::Command => {
            let payload = payload_of(row);
            let payload = if row.reply_name == "nothing" { payload } else { format!("{payload} {selected}") };
            format!("mutation {name}($input: {name}Input!) {{ {field}(input: $input) {{ {payload} }} }}")
        }
    }
}

/// The one field of a mutation's payload; for `delete_user` it is `deletedUserId`.
fn payload_of(row: &Operation) -> String {
    match (row.reply_name, row.name.strip_prefix("delete_")) {
        ("nothing", Some(thing)) => camel(&format!("deleted_{thing}_id")),
        (other, _) => camel(other),
    }
}

/// The argument for a member.
fn argument_of(row: &Operation, member: &str) -> String {
    match member {
        "limit" if row.kind == OperationKind::Query => "first".to_owned(),
        other => camel(other),
    }
}

/// A name of the grammar (GraphQL section 2.1.9), whatever the caller wrote.
fn graphql_name(name: &str) -> String {
    let name: String = camel(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("_{name}") }
}

fn decode_response(
    call_request: &CallRequest,
    response: &Value,
    outcome: fn(Value) -> Outcome,
) -> Result<Outcome, DecodeError> {
    if let Some(refused) = response.get("errors").and_then(refused) {
        return Ok(Outcome::Refused(refused));
    }
    let row = call_request
        .row()
        .ok_or_else(|| DecodeError(format!("{} is no operation, but was answered", call_request.operation)))?;
    let field = response.get("data").and_then(|data| data.get(&field_of(row)));
    let reply = match row.kind {
        OperationKind::Command => field.and_then(|payload| payload.get(&payload_of(row))),
        OperationKind::Query | OperationKind::Stream => field,
    };
    match reply {
        None | Some(Value::Null) => Err(DecodeError("there is neither data nor an error".to_owned())),
        Some(_) if row.reply_name == "nothing" => Ok(outcome(Value::Object(Vec::new()))),
        Some(reply) => Ok(outcome(from_graphql(&row.reply, reply))),
    }
}

/// A violation with its pointer as the table spells it.
fn as_declared(violation: Violation) -> Violation {
    let pointer = if violation.pointer == "/first" { "/limit".to_owned() } else { snake(&violation.pointer) };
    Violation { pointer, ..violation }
}

/// The first of the errors, if there is one.
fn refused(errors: &Value) -> Option<Refused> {
    let error = errors.items().first()?;
    let extension = |name: &str| error.get("extensions").and_then(|extensions| extensions.get(name));
    let text = |value: Option<&Value>| value.and_then(Value::as_text).map(str::to_owned);
    Some(Refused {
        code: text(extension("code")).unwrap_or_default(),
        kind: None,
        reason: text(extension("reason")),
        message: text(error.get("message")).unwrap_or_default(),
        errors: wire::json::violations(extension("errors")).into_iter().map(as_declared).collect(),
        retry_after_ms: extension("retryAfterMs").and_then(Value::int),
    })
}
