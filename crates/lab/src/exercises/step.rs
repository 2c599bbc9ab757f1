//! What a rule looks at: a round trip of a client, or an event that a stream has delivered.

use crate::capture::{self, CallDetails, Decoded, NO_STYLE};
use crate::exchange::Part;
use domain::access::{Proof, Role};
use domain::observer::StreamedEvent;
use domain::{Reason, Value};
use serde_json::Value as Json;
use std::time::Instant;

/// Bytes of a head that are stored.
const HEAD_BYTES_MAX: usize = 1_024;
/// Characters of a text in a value that are stored: a description is of no interest.
const TEXT_CHARS_MAX: usize = 48;
/// Members of the items of a list that are stored: what the rules look at.
const ITEM_MEMBERS: &[&str] = &["id", "order_id", "product_id", "status"];
/// Names of members in a response of GraphQL that are stored.
const FIELDS_MAX: usize = 40;

/// Something that a client did.
pub enum Step {
    /// A round trip.
    Trip(Trip),
    /// A stream has delivered an event to it.
    Event(Streamed),
}

impl Step {
    /// When it began, and when it was over.
    pub fn span(&self) -> (Instant, Instant) {
        match self {
            Step::Trip(trip) => (trip.begun, trip.ended),
            Step::Event(event) => (event.at, event.at),
        }
    }
}

/// A round trip: a request and its response, or messages of a socket and their replies.
pub struct Trip {
    /// The style; empty if the path is no style's.
    pub style: &'static str,
    pub connection: u64,
    pub is_http2: bool,
    pub begun: Instant,
    pub ended: Instant,
    /// Bytes in both directions.
    pub bytes: u64,
    /// The method and the target of the request; empty on a socket.
    pub line: String,
    /// The status of the response; 0 on a socket.
    pub status: u16,
    /// What the style calls the outcome, such as `grpc-status 4`.
    pub outcome: String,
    /// How many replies the response has: those of a batch.
    pub replies: usize,
    /// The names of the members in a response of GraphQL.
    pub fields: Vec<String>,
    pub calls: Vec<Call>,
    request: String,
    response: String,
}

/// An operation of a trip.
pub struct Call {
    /// Its name; empty if there is no such operation.
    pub operation: &'static str,
    pub refused: Option<Reason>,
    /// How many violations were reported.
    pub violations: usize,
    pub retry_after_ms: Option<u32>,
    pub user_id: Option<i32>,
    pub role: Option<Role>,
    pub proof: Proof,
    pub idempotency_key: Option<String>,
    pub is_replayed: bool,
    input: Value,
    reply: Value,
}

/// An event of a stream.
pub struct Streamed {
    pub style: &'static str,
    pub connection: u64,
    pub at: Instant,
    /// The event after which the stream began, and whether the client gave it.
    pub began_after: i32,
    pub is_resumed: bool,
    pub seq: i32,
    pub order_id: i32,
}

impl Trip {
    pub fn of(decoded: &Decoded) -> Trip {
        let Decoded { exchange, calls, begun, ended, is_http2, .. } = decoded;
        let (sent, received) = (&exchange.parts.sent, &exchange.parts.received);
        let (style, text) = (exchange.summary.style, received.last().map(Part::text).unwrap_or_default());
        let request = head(sent);
        let json = |text: &str| serde_json::from_str::<Json>(text).unwrap_or_default();
        let is_http = matches!(received.first(), Some(Part::Http { .. }));
        Trip {
            style,
            connection: exchange.summary.connection,
            is_http2: *is_http2,
            begun: *begun,
            ended: *ended,
            bytes: exchange.bytes.sent + exchange.bytes.received,
            line: request.lines().next().and_then(|line| line.rsplit_once(' ')).map_or("", |(line, _)| line).to_owned(),
            status: received.first().filter(|_| is_http).and_then(Part::status).unwrap_or(0),
            outcome: exchange.summary.outcome.clone(),
            replies: if text.starts_with('[') { json(text).as_array().map_or(0, Vec::len) } else { 1 },
            fields: if style == "graphql" { fields(received.iter().map(|part| json(part.text()))) } else { Vec::new() },
            calls: calls.iter().filter_map(Call::of).collect(),
            response: head(received),
            // The rule of OAuth looks at its form.
            request: if style == NO_STYLE { request + sent.last().map_or("", Part::text) } else { request },
        }
    }

    /// Whether a request header has a value, or any if the value is empty.
    pub fn asks(&self, name: &str, value: &str) -> bool {
        has_field(&self.request, name, value)
    }

    /// Whether a response header has a value, or any if the value is empty.
    pub fn answers(&self, name: &str, value: &str) -> bool {
        has_field(&self.response, name, value)
    }

    /// The value of a request header.
    pub fn ask(&self, name: &str) -> Option<&str> {
        field(&self.request, name)
    }

    /// The value of a response header.
    pub fn answer(&self, name: &str) -> Option<&str> {
        field(&self.response, name)
    }

    /// Whether the form of a request has a member.
    pub fn form_has(&self, name: &str) -> bool {
        self.request.contains(name)
    }

    /// How much memory it takes, in values.
    pub fn weight(&self) -> usize {
        self.calls.iter().map(|call| weight(&call.input) + weight(&call.reply)).sum()
    }

    /// The calls of an operation that succeeded.
    pub fn done<'t>(&'t self, operation: &'t str) -> impl Iterator<Item = &'t Call> {
        self.calls.iter().filter(move |call| call.is_done(operation))
    }
}

impl Call {
    fn of(call: &capture::Call) -> Option<Call> {
        let CallDetails { values, violations, retry_after_ms, user_id, role, proof, idempotency_key, is_replayed } =
            call.details.as_deref()?.clone();
        Some(Call {
            operation: call.operation.unwrap_or_default(),
            refused: call.refused,
            violations,
            retry_after_ms,
            user_id,
            role,
            proof,
            idempotency_key,
            is_replayed,
            input: values.input.map_or(Value::Null, short),
            reply: values.reply.map_or(Value::Null, short),
        })
    }

    /// Whether it is of this operation and succeeded.
    pub fn is_done(&self, operation: &str) -> bool {
        self.operation == operation && self.refused.is_none()
    }

    /// Whether it has placed an order.
    pub fn places_order(&self) -> bool {
        self.is_done("place_order") || self.is_done("check_out")
    }

    /// An integer of the input.
    pub fn input(&self, path: &str) -> Option<i64> {
        self.input.at(path)?.int()
    }

    /// Whether the input has a member; a list without items is none.
    pub fn has_input(&self, name: &str) -> bool {
        self.input.get(name).is_some_and(|value| *value != Value::List(Vec::new()))
    }

    /// A text of the input.
    pub fn input_text(&self, name: &str) -> Option<&str> {
        self.input.get(name)?.as_text()
    }

    /// An integer of the reply.
    pub fn reply(&self, path: &str) -> Option<i64> {
        self.reply.at(path)?.int()
    }

    /// A text of the reply.
    pub fn reply_text(&self, path: &str) -> Option<&str> {
        self.reply.at(path)?.as_text()
    }

    /// The integers of this member in the items of a list of the reply.
    pub fn each(&self, list: &str, member: &str) -> Vec<i64> {
        let items = self.reply.get(list).map(Value::items).unwrap_or_default();
        items.iter().filter_map(|item| item.get(member)?.int()).collect()
    }

    /// The items of a list of the reply.
    pub fn items(&self) -> &[Value] {
        self.reply.get("items").map(Value::items).unwrap_or_default()
    }
}

impl Streamed {
    pub fn of(streamed: &StreamedEvent<'_>) -> Streamed {
        let StreamedEvent { request, began_after, is_resumed, event } = streamed;
        Streamed {
            style: request.protocol,
            connection: request.connection_id.unwrap_or_default(),
            at: Instant::now(),
            began_after: *began_after,
            is_resumed: *is_resumed,
            seq: event.seq,
            order_id: event.order_id.0,
        }
    }
}

/// The value without its long texts, and of the items of a list only some members.
fn short(value: Value) -> Value {
    let item = |value| match value {
        Value::Object(fields) => {
            Value::Object(fields.into_iter().filter(|(name, _)| ITEM_MEMBERS.contains(&name.as_str())).collect())
        }
        other => other,
    };
    match value {
        Value::Object(fields) => {
            let stored = fields.into_iter().map(|(name, value)| (name, short(value)));
            Value::Object(stored.filter(|(_, value)| *value != Value::Null).collect())
        }
        Value::List(items) => Value::List(items.into_iter().map(item).collect()),
        Value::Text(text) if text.chars().count() > TEXT_CHARS_MAX => Value::Null,
        other => other,
    }
}

/// How many values these are.
fn weight(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.iter().map(|(_, value)| weight(value)).sum(),
        Value::List(items) => items.iter().map(weight).sum(),
        _ => 1,
    }
}

/// The head of the first message, cut.
fn head(parts: &[Part]) -> String {
    let head = parts.iter().find_map(Part::head).unwrap_or_default();
    head[..head.floor_char_boundary(HEAD_BYTES_MAX)].to_owned()
}

fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    fields.into_iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn has_field(head: &str, name: &str, value: &str) -> bool {
    field(head, name).is_some_and(|found| found.to_ascii_lowercase().contains(value))
}

/// The names of all members within `data`, each once, as `parent.name`. On a socket the response is the payload of a message.
fn fields(messages: impl Iterator<Item = Json>) -> Vec<String> {
    fn collect(value: &Json, parent: &str, names: &mut Vec<String>) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| collect(item, parent, names)),
            Json::Object(members) => {
                // Some clients add the type's name to every selection.
                for (name, value) in members.iter().filter(|(name, _)| *name != "__typename") {
                    let path = format!("{parent}.{name}");
                    if !names.contains(&path) && names.len() < FIELDS_MAX {
                        names.push(path);
                    }
                    collect(value, name, names);
                }
            }
            _ => {}
        }
    }
    let mut names = Vec::new();
    for message in messages {
        collect(&message["data"], "", &mut names);
        collect(&message["payload"]["data"], "", &mut names);
    }
    names
}
