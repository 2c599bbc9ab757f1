//! Messages on the wire, to and from domain values.

use crate::errors::Refusal;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use domain::access::{Credentials, Secret};
use domain::schema::{Encoder, Path};
use domain::{Error, Reply, Value};
use wire::json::JsonEncoder;

/// The message that replaces the credentials of the socket.
pub const AUTHENTICATE: &str = "authenticate";
/// The operation that replaces them too.
pub const LOG_IN: &str = "log_in";
/// The member that says that a command had been executed before, and this is the first reply again.
pub const REPLAYED: &str = "replayed";

/// The members of a message to the server.
const MEMBERS: &str = "id, op, params, idempotency_key and fault";

/// A message to the server.
pub struct Frame {
    /// The id of its reply.
    pub id: Id,
    /// The operation's name, `authenticate` or `stop`.
    pub op: String,
    /// The operation's input.
    pub params: Value,
    /// The key under which a command is executed once.
    pub idempotency_key: Option<String>,
    /// The fault to inject.
    pub fault: Option<String>,
}

/// A string or an integer, returned as it came.
#[derive(Clone, Debug, PartialEq)]
pub enum Id {
    /// A string.
    Text(String),
    /// An integer.
    Int(i64),
}

impl Id {
    /// The id in a value, if it can be one.
    pub fn of(value: &Value) -> Option<Id> {
        match value {
            Value::Text(text) => Some(Id::Text(text.clone())),
            Value::Int(number) => Some(Id::Int(*number)),
            _ => None,
        }
    }
}

/// A text that is no message.
pub struct Unreadable {
    /// Its id, if it has a readable one.
    pub id: Option<Id>,
    /// What is wrong.
    pub error: Error,
}

/// Reads a message.
pub fn read(text: &str) -> Result<Frame, Unreadable> {
    let value = wire::json::read(text.as_bytes()).map_err(|error| Unreadable { id: None, error })?;
    let unreadable =
        |id: Option<&Id>, problem: String| Unreadable { id: id.cloned(), error: Error::unreadable(problem) };
    let Value::Object(mut members) = value else {
        return Err(unreadable(None, format!("a message must be an object with {MEMBERS}")));
    };
    let mut take = |name: &str| {
        let position = members.iter().position(|(member, _)| member == name)?;
        Some(members.swap_remove(position).1)
    };
    let [id, op, params, key, fault] = ["id", "op", "params", "idempotency_key", "fault"].map(&mut take);
    let id = id.as_ref().and_then(Id::of);
    if let Some((other, _)) = members.first() {
        let shown = domain::value::shown(other);
        return Err(unreadable(id.as_ref(), format!("a message has {MEMBERS}, not \"{shown}\"; put it into params")));
    }
    let id = id.ok_or_else(|| unreadable(None, "id must be a string or an integer".to_owned()))?;
    let Some(Value::Text(op)) = op else {
        return Err(unreadable(Some(&id), "op must be the name of an operation".to_owned()));
    };
    let idempotency_key = optional_text("idempotency_key", key).map_err(|problem| unreadable(Some(&id), problem))?;
    let fault = optional_text("fault", fault).map_err(|problem| unreadable(Some(&id), problem))?;
    let params = params.unwrap_or_else(|| Value::Object(Vec::new()));
    Ok(Frame { id, op, params, idempotency_key, fault })
}

/// A member that may be absent; null means absent.
fn optional_text(name: &str, value: Option<Value>) -> Result<Option<String>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(other) => Err(format!("{name} must be a string, got {other}")),
    }
}

/// Reads the params of `authenticate`: an API key or a token. No error repeats their value.
pub fn read_credentials(params: Value) -> Result<Credentials, Error> {
    let Value::Object(members) = params else {
        return Err(Error::invalid("", "must be an object with api_key or token"));
    };
    let mut found = None;
    for (name, value) in members {
        let credentials = match (name.as_str(), value) {
            ("api_key" | "token", Value::Null) => continue,
            ("api_key", Value::Text(key)) => Credentials::ApiKey(Secret::new(key)),
            ("token", Value::Text(token)) => Credentials::Token(Secret::new(token)),
            ("api_key" | "token", _) => return Err(Error::invalid(&format!("/{name}"), "must be a string")),
            (other, _) => {
                let pointer = Path::Field(&Path::Root, other).to_string();
                return Err(Error::invalid(&pointer, "is not a member of Authenticate, which has api_key, token"));
            }
        };
        if found.replace(credentials).is_some() {
            return Err(Error::invalid("", "must have api_key or token, not both"));
        }
    }
    found.ok_or_else(|| Error::invalid("", "must have api_key or token"))
}

/// `{"id", "ok": reply}`, with `"replayed": true` if the command had been executed before.
pub fn response(id: &Id, reply: &Reply, is_replayed: bool) -> String {
    message(Some(id), |encoder| {
        encoder.field("ok");
        reply.write(encoder);
        if is_replayed {
            encoder.raw_member(REPLAYED, "true");
        }
    })
}

/// `{"id", "ok": {}}`: a stream begins, or was stopped.
pub fn done(id: &Id) -> String {
    message(Some(id), |encoder| encoder.raw_member("ok", "{}"))
}

/// `{"id", "error": {...}}`
pub fn failure(id: Option<&Id>, refusal: impl Into<Refusal>) -> String {
    message(id, |encoder| encoder.raw_member("error", &refusal.into().object()))
}

/// The response to a request that does not open a socket: the message that a socket would carry, with a status.
pub fn refuse(status: StatusCode, error: &Error) -> HttpResponse {
    HttpResponse::build(status).content_type("application/json").body(failure(None, error.clone()))
}

/// A message of the server: the id, then what `write_rest` adds.
pub fn message(id: Option<&Id>, write_rest: impl FnOnce(&mut JsonEncoder)) -> String {
    let mut encoder = JsonEncoder::new(String::with_capacity(256));
    encoder.begin_object();
    match id {
        Some(Id::Text(text)) => encoder.text_member("id", text),
        Some(Id::Int(number)) => encoder.raw_member("id", &number.to_string()),
        None => encoder.raw_member("id", "null"),
    }
    write_rest(&mut encoder);
    encoder.end_object();
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_returns_as_it_came() {
        for (text, expected) in [
            (r#"{"id": "a\"b", "op": "stop"}"#, r#"{"id":"a\"b","ok":{}}"#),
            (r#"{"op": "stop", "id": -7}"#, r#"{"id":-7,"ok":{}}"#),
        ] {
            assert_eq!(read(text).map(|frame| done(&frame.id)).ok().as_deref(), Some(expected));
        }
    }

    #[test]
    fn the_options_of_a_message_are_texts_or_absent() {
        let options = |more: &str| {
            let frame = read(&format!(r#"{{"id": 1, "op": "place_order"{more}}}"#)).ok()?;
            Some((frame.idempotency_key, frame.fault))
        };
        assert_eq!(options(""), Some((None, None)));
        assert_eq!(options(r#", "idempotency_key": null, "fault": null"#), Some((None, None)));
        let both = options(r#", "idempotency_key": "k", "fault": "drop""#);
        assert_eq!(both, Some((Some("k".to_owned()), Some("drop".to_owned()))));
        assert_eq!(options(r#", "idempotency_key": 1"#), None);
        assert_eq!(options(r#", "fault": ["drop"]"#), None);
    }

    #[test]
    fn credentials_are_an_api_key_or_a_token() {
        let read = |params: &str| read_credentials(wire::json::read(params.as_bytes()).unwrap());
        let key = Credentials::ApiKey(Secret::new("k"));
        assert_eq!(read(r#"{"api_key": "k"}"#), Ok(key.clone()));
        assert_eq!(read(r#"{"api_key": "k", "token": null}"#), Ok(key));
        assert_eq!(read(r#"{"token": "t"}"#), Ok(Credentials::Token(Secret::new("t"))));
        for (params, pointer) in [
            ("{}", ""),
            ("[]", ""),
            (r#"{"token": null}"#, ""),
            (r#"{"token": "t", "api_key": "k"}"#, ""),
            (r#"{"token": 1}"#, "/token"),
            (r#"{"token": "t", "pass/word": "p"}"#, "/pass~1word"),
        ] {
            let error = read(params).unwrap_err();
            assert_eq!(error.errors[0].pointer, pointer, "{params}: {error}");
            assert!(!error.message.contains("\"t\""), "{error}");
        }
    }

    #[test]
    fn a_repeated_reply_says_so() {
        let reply = domain::operations::Nothing {}.into();
        assert_eq!(response(&Id::Int(1), &reply, false), r#"{"id":1,"ok":{}}"#);
        assert_eq!(response(&Id::Int(1), &reply, true), r#"{"id":1,"ok":{},"replayed":true}"#);
    }

    #[test]
    fn an_unreadable_message_keeps_its_readable_id() {
        for (text, id) in [
            ("{", None),
            ("[]", None),
            (r#"{"op": "get_user"}"#, None),
            (r#"{"id": 1.5, "op": "get_user"}"#, None),
            (r#"{"id": 1}"#, Some(Id::Int(1))),
            (r#"{"id": 1, "op": 2}"#, Some(Id::Int(1))),
            (r#"{"id": 1, "op": "get_user", "more": 1}"#, Some(Id::Int(1))),
            (r#"{"id": 1, "id": 2, "op": "get_user"}"#, None),
        ] {
            assert_eq!(read(text).err().expect(text).id, id, "{text}");
        }
    }
}
