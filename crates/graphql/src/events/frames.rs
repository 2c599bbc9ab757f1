//! What may be said over the WebSocket? The messages of graphql-transport-ws, those that come and those that go.

use crate::messages::Asked;
use domain::Value;
use domain::access::{Credentials, Secret};

/// A message that came.
#[derive(Debug)]
pub enum Said {
    /// `connection_init`: the first, with who asks, if it says so.
    Init(Option<Credentials>),
    /// `ping`, to be answered with `pong`.
    Ping,
    /// `pong`, to be passed over.
    Pong,
    /// `subscribe`: a query, mutation or subscription, under an id of the client's.
    Subscribe(String, Asked),
    /// `complete`: the client wants no more of it.
    Complete(String),
}

/// Reads a message, or says why it is none. The protocol closes the socket then, so the reason is for people.
pub fn read(text: &str) -> Result<Said, String> {
    let mut message = wire::json::read(text.as_bytes()).map_err(|error| error.message)?;
    let kind = message.get("type").and_then(Value::as_text).ok_or("a message must have a type")?.to_owned();
    let id = message.get("id").and_then(Value::as_text).filter(|id| !id.is_empty()).map(str::to_owned);
    let payload = take(&mut message, "payload");
    match (kind.as_str(), id, payload) {
        ("connection_init", _, None) => Ok(Said::Init(None)),
        ("connection_init", _, Some(Value::Object(members))) => Ok(Said::Init(credentials(members))),
        ("ping", _, None | Some(Value::Object(_))) => Ok(Said::Ping),
        ("pong", _, None | Some(Value::Object(_))) => Ok(Said::Pong),
        ("subscribe", Some(id), Some(payload)) => {
            Asked::read(payload).map(|asked| Said::Subscribe(id, asked)).map_err(|error| error.message)
        }
        ("complete", Some(id), _) => Ok(Said::Complete(id)),
        ("subscribe" | "complete", None, _) => Err("the message must have an id".to_owned()),
        ("subscribe" | "connection_init" | "ping" | "pong", _, _) => Err("the payload must be a map".to_owned()),
        (other, _, _) => Err(format!("no message has the type \"{}\"", domain::value::shown(other))),
    }
}

/// The credentials among the members of a payload; what else is there means nothing to us. The protocol names none, so those
/// are understood that clients have for headers and for themselves.
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
        found = Some(if is_first { credentials } else { Credentials::Unusable("say one credential, not several") });
    }
    found
}

/// Takes a member out, unless it is null: that is what absent members are to many.
fn take(message: &mut Value, name: &str) -> Option<Value> {
    let Value::Object(members) = message else { return None };
    let position = members.iter().position(|(key, _)| key == name)?;
    Some(members.swap_remove(position).1).filter(|value| *value != Value::Null)
}

/// A message that goes: its type, and its payload in JSON where it has one.
pub fn write(id: &str, kind: &str, payload: Option<&str>) -> String {
    let mut message = String::with_capacity(64 + payload.map_or(0, str::len));
    message.push_str("{\"id\":");
    wire::json::text(&mut message, id);
    message.push_str(",\"type\":\"");
    message.push_str(kind);
    message.push('"');
    if let Some(payload) = payload {
        message.push_str(",\"payload\":");
        message.push_str(payload);
    }
    message.push('}');
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_protocol_are_read() {
        assert!(matches!(read(r#"{"type":"connection_init"}"#), Ok(Said::Init(None))));
        assert!(matches!(read(r#"{"type":"connection_init","payload":{"x":1}}"#), Ok(Said::Init(None))));
        assert!(matches!(read(r#"{"type":"ping","payload":null}"#), Ok(Said::Ping)));
        assert!(matches!(read(r#"{"type":"pong"}"#), Ok(Said::Pong)));
        assert!(matches!(read(r#"{"type":"complete","id":"1"}"#), Ok(Said::Complete(id)) if id == "1"));
        let subscribe = r#"{"id":"a","type":"subscribe","payload":{"query":"{a}","variables":null}}"#;
        assert!(matches!(read(subscribe), Ok(Said::Subscribe(id, asked)) if id == "a" && asked.query == "{a}"));
    }

    #[test]
    fn an_init_may_say_who_asks() {
        let said = |payload: &str| match read(&format!(r#"{{"type":"connection_init","payload":{payload}}}"#)) {
            Ok(Said::Init(credentials)) => credentials,
            other => panic!("{other:?}"),
        };
        let (key, token) = (Credentials::ApiKey(Secret::new("x")), Credentials::Token(Secret::new("x")));
        for name in ["api_key", "apiKey", "X-API-Key", "x-api-key"] {
            assert_eq!(said(&format!(r#"{{"{name}":"x","other":1}}"#)), Some(key.clone()));
        }
        for payload in [r#"{"token":"x","apiKey":null}"#, r#"{"Authorization":"Bearer x"}"#] {
            assert_eq!(said(payload), Some(token.clone()));
        }
        let password = Credentials::Password { email: "a@b".to_owned(), password: Secret::new("c") };
        assert_eq!(said(r#"{"authorization":"Basic YUBiOmM="}"#), Some(password));
        for bad in [r#"{"token":"x","apiKey":"x"}"#, r#"{"token":1}"#, r#"{"authorization":"x"}"#] {
            assert!(matches!(said(bad), Some(Credentials::Unusable(_))), "{bad}");
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
