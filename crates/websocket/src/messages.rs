//! What do messages look like on the wire, and how do they become domain values?

use domain::access::{Credentials, Secret};
use domain::events::Event;
use domain::schema::{Encode, Encoder, Path};
use domain::{Error, Reply, Value};
use wire::json::JsonEncoder;

/// The members of a message that comes in.
const MEMBERS: &str = "id, op, params, idempotency_key and fault";
/// The member that says that a command had happened before, and was only answered again.
pub const REPLAYED: &str = "replayed";
/// The member that says that a stream goes on.
pub const HEARTBEAT: &str = "heartbeat";

/// A message that came in.
pub struct Frame {
    /// Under which it is answered.
    pub id: Id,
    /// The operation's name, `authenticate` or `stop`.
    pub op: String,
    /// The operation's input.
    pub params: Value,
    /// The key under which its command happens once.
    pub idempotency_key: Option<String>,
    /// What is wished would go wrong with it.
    pub fault: Option<String>,
}

/// A string or an integer, given back as it came.
#[derive(Clone, Debug, PartialEq)]
pub enum Id {
    /// A string.
    Text(String),
    /// An integer.
    Int(i64),
}

impl Id {
    /// The id that a value is, if it is one.
    pub fn of(value: &Value) -> Option<Id> {
        match value {
            Value::Text(text) => Some(Id::Text(text.clone())),
            Value::Int(number) => Some(Id::Int(*number)),
            _ => None,
        }
    }
}

/// A message that can't be answered by an operation: under its id, if that could be read.
pub struct Unreadable {
    /// Its id.
    pub id: Option<Id>,
    /// What is wrong.
    pub error: Error,
}

/// The message in a text, or what is wrong with it.
pub fn read(text: &str) -> Result<Frame, Unreadable> {
    let unreadable = |id: Option<Id>, message: String| Unreadable { id, error: Error::unreadable(message) };
    let value = wire::json::read(text.as_bytes()).map_err(|error| Unreadable { id: None, error })?;
    let Value::Object(members) = value else {
        return Err(unreadable(None, format!("a message must be an object with {MEMBERS}")));
    };
    let (mut id, mut op, mut params, mut idempotency_key, mut fault) = (None, None, None, None, None);
    for (name, value) in members {
        match name.as_str() {
            "id" => id = Some(value),
            "op" => op = Some(value),
            "params" => params = Some(value),
            "idempotency_key" => idempotency_key = Some(value),
            "fault" => fault = Some(value),
            other => {
                let shown = domain::value::shown(other);
                let id = id.as_ref().and_then(Id::of);
                return Err(unreadable(id, format!("a message has {MEMBERS}, not \"{shown}\"")));
            }
        }
    }
    let id = id.as_ref().and_then(Id::of);
    let id = id.ok_or_else(|| unreadable(None, "id must be a string or an integer".to_owned()))?;
    let wrong = |problem: String| unreadable(Some(id.clone()), problem);
    let Some(Value::Text(op)) = op else {
        return Err(wrong("op must be the name of an operation".to_owned()));
    };
    let params = params.unwrap_or_else(|| Value::Object(Vec::new()));
    let idempotency_key = optional_text("idempotency_key", idempotency_key).map_err(wrong)?;
    let fault = optional_text("fault", fault).map_err(wrong)?;
    Ok(Frame { id, op, params, idempotency_key, fault })
}

/// A member that may be absent, or null, which is the same.
fn optional_text(name: &str, value: Option<Value>) -> Result<Option<String>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(other) => Err(format!("{name} must be a string, was {other}")),
    }
}

/// The params of `authenticate`: an API key or a token, just one of them. No message repeats it.
pub fn read_credentials(params: Value) -> Result<Credentials, Error> {
    let Value::Object(members) = params else {
        return Err(Error::invalid("", "must be a record of api_key, token"));
    };
    let mut found = Credentials::None;
    for (name, value) in members {
        let credentials = match (name.as_str(), value) {
            ("api_key" | "token", Value::Null) => continue,
            ("api_key", Value::Text(key)) => Credentials::ApiKey(Secret::new(key)),
            ("token", Value::Text(token)) => Credentials::Token(Secret::new(token)),
            ("api_key" | "token", _) => return Err(Error::invalid(&format!("/{name}"), "must be a string")),
            (other, _) => {
                let place = Path::Field(&Path::Root, other).to_string();
                return Err(Error::invalid(&place, "is not a member of Authenticate, which has api_key, token"));
            }
        };
        if found != Credentials::None {
            return Err(Error::invalid("", "must have api_key or token, not both"));
        }
        found = credentials;
    }
    match found {
        Credentials::None => Err(Error::invalid("", "must have api_key or token")),
        found => Ok(found),
    }
}

/// `{"id", "ok": reply}`, and `"replayed": true` where the command had happened before.
pub fn answer(id: &Id, reply: &Reply, is_replayed: bool) -> String {
    message(Some(id), |encoder| {
        encoder.field("ok");
        reply.write(encoder);
        if is_replayed {
            encoder.raw_member(REPLAYED, "true");
        }
    })
}

/// `{"id", "ok": {}}`: a stream begins, or has been stopped.
pub fn done(id: &Id) -> String {
    message(Some(id), |encoder| encoder.raw_member("ok", "{}"))
}

/// `{"id", "error": {...}}`
pub fn failure(id: Option<&Id>, error: &Error) -> String {
    message(id, |encoder| {
        encoder.field("error");
        encoder.begin_object();
        wire::json::error(encoder, error, true);
        encoder.end_object();
    })
}

/// `{"id", "event": {...}}`
pub fn event(id: &Id, event: &Event) -> String {
    message(Some(id), |encoder| {
        encoder.field("event");
        event.write(encoder);
    })
}

/// `{"id", "heartbeat": {"cursor": ...}}`: the stream goes on, and has told all up to there.
pub fn heartbeat(id: &Id, cursor: i32) -> String {
    message(Some(id), |encoder| encoder.raw_member(HEARTBEAT, &format!("{{\"cursor\":{cursor}}}")))
}

/// `{"id", "end": {}}`
pub fn end(id: &Id) -> String {
    message(Some(id), |encoder| encoder.raw_member("end", "{}"))
}

fn message(id: Option<&Id>, rest: impl FnOnce(&mut JsonEncoder)) -> String {
    let mut encoder = JsonEncoder::new(String::with_capacity(256));
    encoder.begin_object();
    match id {
        Some(Id::Text(text)) => encoder.text_member("id", text),
        Some(Id::Int(number)) => encoder.raw_member("id", &number.to_string()),
        None => encoder.raw_member("id", "null"),
    }
    rest(&mut encoder);
    encoder.end_object();
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back_as_it_was() {
        for (text, expected) in [
            (r#"{"id": "a\"b", "op": "stop"}"#, r#"{"id":"a\"b","ok":{}}"#),
            (r#"{"op": "stop", "id": -7}"#, r#"{"id":-7,"ok":{}}"#),
        ] {
            assert_eq!(read(text).map(|frame| done(&frame.id)).ok().as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_rides_beside_the_params_is_a_text_or_absent() {
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
    fn an_answer_says_that_it_is_one_again() {
        let reply = domain::operations::Nothing {}.into();
        assert_eq!(answer(&Id::Int(1), &reply, false), r#"{"id":1,"ok":{}}"#);
        assert_eq!(answer(&Id::Int(1), &reply, true), r#"{"id":1,"ok":{},"replayed":true}"#);
    }

    #[test]
    fn what_is_no_message_says_so_under_its_id() {
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
