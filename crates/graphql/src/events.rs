//! Events are pushed by a subscription, over a WebSocket with graphql-transport-ws.
//!
//! ```text
//! > {"type":"connection_init"}
//! < {"type":"connection_ack"}
//! > {"id":"1","type":"subscribe","payload":{"query":"subscription { orderEvents { seq kind orderId } }"}}
//! < {"id":"1","type":"next","payload":{"data":{"orderEvents":{"seq":42,"kind":"ORDER_PLACED","orderId":"7"}}}}
//! > {"id":"1","type":"complete"}
//! ```
//!
//! Queries and mutations may be sent over it too: one `next`, then `complete`. Each message passes the pipeline.
//!
//! The payload of `connection_init` may have the credentials, instead of the handshake's headers, which a browser can't set:
//! `{"X-API-Key": "..."}`, `{"token": "..."}` or `{"authorization": "Bearer ..."}`. Wrong credentials are not acknowledged:
//! the socket is closed with 4403 and the reason. An idempotency key has no place here: it would make all orders of the socket one.
//!
//! A subscription resumes if the `seq` of the last event is passed as `after`. When the server shuts
//! down, or the client does not read, the close frame has the cursor to resume from.

mod socket;

pub use socket::{FORBIDDEN, open};

use crate::messages::RequestParams;
use domain::Value;
use domain::access::{Credentials, Secret};

/// `watch_events` is pushed.
pub const STREAMS: bool = true;

/// A received message.
#[derive(Debug)]
pub enum ClientMessage {
    /// `connection_init`: the first message, with credentials if it has any.
    Init(Option<Credentials>),
    /// `ping`, which is answered with `pong`.
    Ping,
    /// `pong`, which is ignored.
    Pong,
    /// `subscribe`: a query, mutation or subscription, with an id of the client's.
    Subscribe(String, RequestParams),
    /// `complete`: the client cancels the operation.
    Complete(String),
}

/// Reads a message; an error closes the socket, with the error as reason.
pub fn read(text: &str) -> Result<ClientMessage, String> {
    let mut message = wire::json::read(text.as_bytes()).map_err(|error| error.message)?;
    let kind = message.get("type").and_then(Value::as_text).ok_or("a message must have a type")?.to_owned();
    let id = message.get("id").and_then(Value::as_text).filter(|id| !id.is_empty()).map(str::to_owned);
    let payload = take(&mut message, "payload");
    match (kind.as_str(), id, payload) {
        ("connection_init", _, None) => Ok(ClientMessage::Init(None)),
        ("connection_init", _, Some(Value::Object(members))) => Ok(ClientMessage::Init(credentials(members))),
        ("ping", _, None | Some(Value::Object(_))) => Ok(ClientMessage::Ping),
        ("pong", _, None | Some(Value::Object(_))) => Ok(ClientMessage::Pong),
        ("subscribe", Some(id), Some(payload)) => RequestParams::read(payload)
            .map(|params| ClientMessage::Subscribe(id, params))
            .map_err(|error| error.message),
        ("complete", Some(id), _) => Ok(ClientMessage::Complete(id)),
        ("subscribe" | "complete", None, _) => Err("the message must have an id".to_owned()),
        ("subscribe" | "connection_init" | "ping" | "pong", _, _) => Err("the payload must be a map".to_owned()),
        (other, _, _) => Err(format!("no message has the type \"{}\"", domain::value::shown(other))),
    }
}

/// The credentials among the members of a payload; other members are ignored. The protocol defines none, so these
/// are the ones that clients use for headers and for themselves.
fn credentials(members: Vec<(String, Value)>) -> Option<Credentials> {
    let mut found = None;
    for (name, value) in members {
        let read: fn(&str) -> Credentials = match name.as_str() {
            "api_key" | "apiKey" | "X-API-Key" | "x-api-key" => |key| Credentials::ApiKey(Secret::new(key)),
            "token" => |token| Credentials::Token(Secret::new(token)),
            "authorization" | "Authorization" => wire::credentials::authorization,
            _ => continue,
        };
        let credentials = match &value {
            Value::Null => continue,
            Value::Text(text) => read(text),
            _ => Credentials::Unusable("credentials are texts"),
        };
        let is_first = found.is_none();
        found = Some(if is_first {
            credentials
        } else {
            Credentials::Unusable("credentials were sent more than once; send one of them")
        });
    }
    found
}

/// Takes a member out; null counts as absent.
fn take(message: &mut Value, name: &str) -> Option<Value> {
    let Value::Object(members) = message else { return None };
    let position = members.iter().position(|(key, _)| key == name)?;
    Some(members.swap_remove(position).1).filter(|value| *value != Value::Null)
}

/// A message to send: its type, and its payload as JSON.
pub fn write(id: &str, kind: &str, payload: Option<&str>) -> String {
    let mut quoted = String::new();
    wire::json::text(&mut quoted, id);
    let payload = payload.map(|payload| format!(",\"payload\":{payload}")).unwrap_or_default();
    format!("{{\"id\":{quoted},\"type\":\"{kind}\"{payload}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_protocol_are_read() {
        assert!(matches!(read(r#"{"type":"connection_init"}"#), Ok(ClientMessage::Init(None))));
        assert!(matches!(read(r#"{"type":"connection_init","payload":{"x":1}}"#), Ok(ClientMessage::Init(None))));
        assert!(matches!(read(r#"{"type":"ping","payload":null}"#), Ok(ClientMessage::Ping)));
        assert!(matches!(read(r#"{"type":"pong"}"#), Ok(ClientMessage::Pong)));
        assert!(matches!(read(r#"{"type":"complete","id":"1"}"#), Ok(ClientMessage::Complete(id)) if id == "1"));
        let subscribe = r#"{"id":"a","type":"subscribe","payload":{"query":"{a}","variables":null}}"#;
        assert!(
            matches!(read(subscribe), Ok(ClientMessage::Subscribe(id, params)) if id == "a" && params.query == "{a}")
        );
    }

    #[test]
    fn an_init_may_say_who_asks() {
        let credentials = |payload: &str| match read(&format!(r#"{{"type":"connection_init","payload":{payload}}}"#)) {
            Ok(ClientMessage::Init(credentials)) => credentials,
            other => panic!("{other:?}"),
        };
        let (key, token) = (Credentials::ApiKey(Secret::new("x")), Credentials::Token(Secret::new("x")));
        for name in ["api_key", "apiKey", "X-API-Key", "x-api-key"] {
            assert_eq!(credentials(&format!(r#"{{"{name}":"x","other":1}}"#)), Some(key.clone()));
        }
        for payload in [r#"{"token":"x","apiKey":null}"#, r#"{"Authorization":"Bearer x"}"#] {
            assert_eq!(credentials(payload), Some(token.clone()));
        }
        let password = Credentials::Password { email: "a@b".to_owned(), password: Secret::new("c") };
        assert_eq!(credentials(r#"{"authorization":"Basic YUBiOmM="}"#), Some(password));
        for bad in [r#"{"token":"x","apiKey":"x"}"#, r#"{"token":1}"#, r#"{"authorization":"x"}"#] {
            assert!(matches!(credentials(bad), Some(Credentials::Unusable(_))), "{bad}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            "",
            "[]",
            "{}",
            r#"{"type":"start","id":"1"}"#,
            r#"{"type":1}"#,
            r#"{"type":"connection_init","payload":1}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"complete"}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn messages_are_written() {
        assert_eq!(write("a\"b", "complete", None), r#"{"id":"a\"b","type":"complete"}"#);
        assert_eq!(write("1", "next", Some("{}")), r#"{"id":"1","type":"next","payload":{}}"#);
    }
}
