//! What do messages look like on the wire, and how do they become domain values?

use domain::events::Event;
use domain::shape::{Sink, Writable};
use domain::{Error, Reply, Value};
use wire::json::JsonSink;

/// A message that came in.
pub struct Frame {
    /// Under which it is answered.
    pub id: Id,
    /// The operation's name, or `stop`.
    pub op: String,
    /// The operation's input.
    pub params: Value,
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
    let Value::Record(members) = value else {
        return Err(unreadable(None, "a message must be an object with id, op and params".to_owned()));
    };
    let (mut id, mut op, mut params) = (None, None, None);
    for (name, value) in members {
        match name.as_str() {
            "id" => id = Some(value),
            "op" => op = Some(value),
            "params" => params = Some(value),
            other => {
                let shown = domain::value::shown(other);
                let id = id.as_ref().and_then(Id::of);
                return Err(unreadable(id, format!("a message has id, op and params, not \"{shown}\"")));
            }
        }
    }
    let id = id.as_ref().and_then(Id::of);
    let id = id.ok_or_else(|| unreadable(None, "id must be a string or an integer".to_owned()))?;
    let Some(Value::Text(op)) = op else {
        return Err(unreadable(Some(id), "op must be the name of an operation".to_owned()));
    };
    let params = params.unwrap_or_else(|| Value::Record(Vec::new()));
    Ok(Frame { id, op, params })
}

/// `{"id", "ok": reply}`
pub fn answer(id: &Id, reply: &Reply) -> String {
    message(Some(id), |sink| {
        sink.member("ok");
        reply.write(sink);
    })
}

/// `{"id", "ok": {}}`: a stream begins, or has been stopped.
pub fn done(id: &Id) -> String {
    message(Some(id), |sink| sink.raw_member("ok", "{}"))
}

/// `{"id", "error": {...}}`
pub fn failure(id: Option<&Id>, error: &Error) -> String {
    message(id, |sink| {
        sink.member("error");
        sink.open_record();
        wire::json::error(sink, error, true);
        sink.close_record();
    })
}

/// `{"id", "event": {...}}`
pub fn event(id: &Id, event: &Event) -> String {
    message(Some(id), |sink| {
        sink.member("event");
        event.write(sink);
    })
}

/// `{"id", "end": {}}`
pub fn end(id: &Id) -> String {
    message(Some(id), |sink| sink.raw_member("end", "{}"))
}

fn message(id: Option<&Id>, rest: impl FnOnce(&mut JsonSink)) -> String {
    let mut sink = JsonSink::new(String::with_capacity(256));
    sink.open_record();
    match id {
        Some(Id::Text(text)) => sink.text_member("id", text),
        Some(Id::Int(number)) => sink.raw_member("id", &number.to_string()),
        None => sink.raw_member("id", "null"),
    }
    rest(&mut sink);
    sink.close_record();
    sink.finish()
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
