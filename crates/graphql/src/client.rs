//! How does the other end speak? It asks for every member of a reply, in documents that are made from the reply's shape.

mod shapes;

use crate::errors::said;
use crate::events::FORBIDDEN;
use crate::messages::input::document_type;
use crate::schema::field_of;
use crate::{PATH, SUBPROTOCOL};
use bytes::Bytes;
use domain::access::Credentials;
use domain::operations::OperationKind;
use domain::schema::Field;
use domain::{Operation, Reason, Value};
use http::Request;
use shapes::{disguise, disguise_record, selection, undo};
use wire::client::{CallOptions, Message};
use wire::names::{camel, pascal};
use wire::{CallRequest, Client, DecodeError, Outcome, Refused, WireRequest, WireResponse};

/// The client half.
pub struct GraphqlClient;

impl Client for GraphqlClient {
    fn encode(&self, ask: &CallRequest) -> WireRequest {
        let asked = wire::json::value(&asked(ask));
        if ask.row().is_some_and(|row| row.kind == OperationKind::Stream) {
            return WireRequest::Socket(Message {
                path: PATH,
                subprotocol: SUBPROTOCOL,
                headers: beside_the_socket(ask).headers().collect(),
                opening: vec![init(&ask.options.credentials)],
                text: format!(r#"{{"id":"1","type":"subscribe","payload":{asked}}}"#),
            });
        }
        let request = Request::post(PATH)
            .header(http::header::CONTENT_TYPE, "application/json")
            .header(http::header::ACCEPT, "application/graphql-response+json");
        // The parts are fixed, so they always are a request.
        let mut request = request.body(Bytes::from(asked)).unwrap_or_default();
        request.headers_mut().extend(ask.options.headers());
        WireRequest::Http(request)
    }

    fn decode(&self, ask: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError> {
        let read = |text: &[u8]| wire::json::read_reply(text).map_err(|error| DecodeError(error.message));
        match incoming {
            WireResponse::Http(response) => decode_response(ask, &read(response.body())?).map(|heard| match heard {
                Ok(reply) => Outcome::Reply(reply),
                Err(refused) => Outcome::Refused(refused),
            }),
            WireResponse::Frame(frame) => {
                let frame = read(frame.as_bytes())?;
                let payload = frame.get("payload");
                match (frame.get("type").and_then(Value::as_text).unwrap_or_default(), payload) {
                    ("next", Some(payload)) => decode_response(ask, payload).map(|heard| match heard {
                        Ok(event) => Outcome::Event(event),
                        Err(refused) => Outcome::Refused(refused),
                    }),
                    ("error", Some(errors)) => Ok(Outcome::Refused(refused(errors).unwrap_or_default())),
                    ("complete", _) => Ok(Outcome::Ended),
                    ("connection_ack" | "ping" | "pong", _) => Ok(Outcome::Control),
                    (other, _) => Err(DecodeError(format!("no message has the type {other:?}"))),
                }
            }
        }
    }

    /// Whoever is wrong about who they are is closed out; the reason says why, as an error is shown.
    fn closed(&self, code: u16, reason: &str) -> Option<Refused> {
        let (word, message) = reason.split_once(": ").filter(|_| code == FORBIDDEN)?;
        let reason = Reason::find(word)?;
        let (code, message) = (said(reason.kind()).0.to_owned(), message.to_owned());
        Some(Refused { code, reason: Some(word.to_owned()), message, ..Refused::default() })
    }
}

/// What the handshake says: a socket has no other place for a wish, and none for a key. Who asks is said by the first message.
fn beside_the_socket(ask: &CallRequest) -> CallOptions {
    CallOptions { fault: ask.options.fault.clone(), ..CallOptions::default() }
}

/// The first message of a socket: its payload says who asks, as the headers of a request do.
fn init(credentials: &Credentials) -> String {
    let Some((name, value)) = wire::credentials::header(credentials) else {
        return r#"{"type":"connection_init"}"#.to_owned();
    };
    let payload = Value::object([(name, value.as_str().into())]);
    wire::json::value(&Value::object([("type", "connection_init".into()), ("payload", payload)]))
}

/// The request: a document with variables, and what they stand for.
fn asked(ask: &CallRequest) -> Value {
    let Some(row) = ask.row() else {
        // The server will know no such field.
        return Value::object([("query", format!("{{ {} }}", graphql_name(&ask.operation)).as_str().into())]);
    };
    let given = match &ask.input {
        Value::Object(given) => given.as_slice(),
        // What is no record is no map of variables; that is for the server to say.
        other => return Value::object([("query", document(row, &[]).as_str().into()), ("variables", other.clone())]),
    };
    let variables = match row.kind {
        OperationKind::Command => Value::object([("input", disguise_record(row.input, &ask.input))]),
        OperationKind::Query | OperationKind::Stream => {
            let variable = |(name, value): &(String, Value)| match row.input.member(name) {
                Some(member) => (argument_of(row, member.name), disguise(&member.schema, value)),
                None => (graphql_name(name), value.clone()),
            };
            Value::Object(given.iter().map(variable).collect())
        }
    };
    Value::object([("query", document(row, given).as_str().into()), ("variables", variables)])
}

/// The document of an operation: it has variables for the members that are given, and for those that must be.
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

/// The one field of a mutation's payload; of `delete_user` it is `deletedUserId`.
fn payload_of(row: &Operation) -> String {
    match (row.reply_name, row.name.strip_prefix("delete_")) {
        ("nothing", Some(thing)) => camel(&format!("deleted_{thing}_id")),
        (other, _) => camel(other),
    }
}

/// The argument that a member is.
fn argument_of(row: &Operation, member: &str) -> String {
    match member {
        "limit" if row.kind == OperationKind::Query => "first".to_owned(),
        other => camel(other),
    }
}

/// A name as the grammar has them (GraphQL section 2.1.9), whatever was asked for.
fn graphql_name(name: &str) -> String {
    let name: String = camel(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("_{name}") }
}

fn decode_response(ask: &CallRequest, response: &Value) -> Result<Result<Value, Refused>, DecodeError> {
    if let Some(refused) = response.get("errors").and_then(refused) {
        return Ok(Err(refused));
    }
    let row = ask.row().ok_or_else(|| DecodeError(format!("{} is no operation, but was answered", ask.operation)))?;
    let field = response.get("data").and_then(|data| data.get(&field_of(row)));
    let reply = match row.kind {
        OperationKind::Command => field.and_then(|payload| payload.get(&payload_of(row))),
        OperationKind::Query | OperationKind::Stream => field,
    };
    match reply {
        None | Some(Value::Null) => Err(DecodeError("there is neither data nor an error".to_owned())),
        Some(_) if row.reply_name == "nothing" => Ok(Ok(Value::Object(Vec::new()))),
        Some(reply) => Ok(Ok(undo(&row.reply, reply))),
    }
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
        errors: wire::json::violations(extension("errors")),
        retry_after_ms: extension("retryAfterMs").and_then(Value::int),
    })
}
