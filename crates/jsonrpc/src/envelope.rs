//! What stands around every call? The request and response objects of JSON-RPC 2.0, sections 4 to 6.

use crate::errors::{code, error_object};
use domain::Error;
use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Requests of one batch.
pub const BATCH_REQUESTS_MAX: usize = 100;

/// A body that is JSON: one request, or several.
pub enum Reader<'a> {
    /// One request, or why it is none.
    One(Result<Request<'a>, Invalid<'a>>),
    /// A batch, in its order.
    Batch(Vec<Result<Request<'a>, Invalid<'a>>>),
}

/// What is JSON, and not a request.
pub struct Invalid<'a> {
    /// Its id to the letter, if it has one that can be read: section 5 has it null only where it can't.
    pub id: Option<&'a RawValue>,
    /// What is wrong. Its code is always [`INVALID_REQUEST`](crate::errors::INVALID_REQUEST).
    pub error: Error,
}

/// A request object.
pub struct Request<'a> {
    /// The id to the letter; nothing for a notification.
    pub id: Option<&'a RawValue>,
    /// The method's name.
    pub method: Cow<'a, str>,
    /// The parameters, unread.
    pub params: Option<&'a RawValue>,
}

/// The members of a request object. One that stands twice is refused by the reading.
#[derive(serde::Deserialize)]
struct Members<'a> {
    #[serde(borrow)]
    jsonrpc: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "present")]
    params: Option<&'a RawValue>,
}

/// The id of what is not a request. One that stands twice is none.
#[derive(serde::Deserialize)]
struct OnlyId<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
}

/// A member that says null is there, and an absent one is not: an id of null is an id.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// The members of a batch. Reading ends where there are too many, as a stranger may send very many.
struct Several<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Several<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Batch)
    }
}

struct Batch;

impl<'de> Visitor<'de> for Batch {
    type Value = Several<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a batch")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Several<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = list.next_element()? {
            if members.len() >= BATCH_REQUESTS_MAX {
                return Err(A::Error::custom("too many"));
            }
            members.push(member);
        }
        Ok(Several(members))
    }
}

impl<'a> Reader<'a> {
    /// Reads a body, or says that it is no JSON, or too many requests.
    pub fn read(body: &'a [u8]) -> Result<Self, Error> {
        let text =
            std::str::from_utf8(wire::json::unmarked(body)).map_err(|_| Error::unreadable("not JSON: not UTF-8"))?;
        let text = text.trim_matches(WHITE_SPACE);
        if !text.starts_with('[') {
            return match read_request(text) {
                Ok(request) => Ok(Reader::One(Ok(request))),
                Err(No::Json(error)) => Err(no_json(&error)),
                Err(no) => ensure_json(text).map(|()| Reader::One(Err(no.of(text)))),
            };
        }
        let members = match serde_json::from_str(text) {
            Ok(Several(members)) => members,
            Err(error) if !error.is_data() => return Err(no_json(&error)),
            // If all of it is JSON, that there are too many is what is wrong.
            Err(_) => return ensure_json(text).and(Err(Error::too_large("requests of a batch", BATCH_REQUESTS_MAX))),
        };
        if members.is_empty() {
            // Section 6: an empty batch is one error, not an empty array.
            let error = Error::unreadable("a batch must hold at least one request");
            return Ok(Reader::One(Err(Invalid { id: None, error })));
        }
        let read = |member: &'a RawValue| read_request(member.get()).map_err(|no| no.of(member.get()));
        Ok(Reader::Batch(members.into_iter().map(read).collect()))
    }
}

/// RFC 8259 section 2.
const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// What was refused before its end may be no JSON either, which is another mistake. Only then it is read a second time.
fn ensure_json(text: &str) -> Result<(), Error> {
    let whole: Result<&RawValue, _> = serde_json::from_str(text);
    whole.map(|_| ()).map_err(|error| no_json(&error))
}

fn no_json(error: &serde_json::Error) -> Error {
    Error::unreadable(format!("not JSON: {error}"))
}

/// Why something is no request.
enum No {
    /// It is no JSON.
    Json(serde_json::Error),
    /// It is something else, as far as it was read.
    Request(String),
}

impl No {
    fn of(self, json: &str) -> Invalid<'_> {
        let problem = match self {
            No::Json(error) => error.to_string(),
            No::Request(problem) => problem,
        };
        let error = Error::unreadable(format!("no request: {problem}"));
        let id = serde_json::from_str(json).ok().and_then(|OnlyId { id }| id).filter(|id| can_be_id(id));
        Invalid { id, error }
    }
}

impl From<serde_json::Error> for No {
    fn from(error: serde_json::Error) -> Self {
        if error.is_data() { No::Request(error.to_string()) } else { No::Json(error) }
    }
}

fn read_request(json: &str) -> Result<Request<'_>, No> {
    let invalid = |problem: &str| No::Request(problem.to_owned());
    if !json.starts_with('{') {
        return Err(invalid("it must be an object"));
    }
    let Members { jsonrpc, id, method, params } = serde_json::from_str(json)?;
    if jsonrpc != "2.0" {
        return Err(No::Request(format!("jsonrpc must be \"2.0\", was \"{}\"", domain::value::shown(&jsonrpc))));
    }
    if !id.is_none_or(can_be_id) {
        return Err(invalid("id must be a string, a number or null"));
    }
    // Section 4.2: parameters are structured; null is nothing.
    let params = params.filter(|params| params.get() != "null");
    if params.is_some_and(|params| !params.get().starts_with(['{', '['])) {
        return Err(invalid("params must be an object or an array"));
    }
    Ok(Request { id, method, params })
}

/// Section 4: an id is a string, a number or null.
fn can_be_id(id: &RawValue) -> bool {
    !id.get().starts_with(['{', '[', 't', 'f'])
}

/// The response to a call. The id goes back to the letter, and the members stand in the order of the specification's examples.
pub fn response(id: &RawValue, answered: Result<String, Error>) -> String {
    match answered {
        Ok(result) => format!("{{\"jsonrpc\":\"2.0\",\"result\":{result},\"id\":{id}}}"),
        Err(error) => failure(Some(id), code(error.kind()), &error),
    }
}

/// An error response. Section 5: the id is null where it could not be read.
pub fn failure(id: Option<&RawValue>, code: i32, error: &Error) -> String {
    let id = id.map_or("null", RawValue::get);
    format!("{{\"jsonrpc\":\"2.0\",\"error\":{},\"id\":{id}}}", error_object(code, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::INVALID_REQUEST;

    fn code(body: &str) -> Option<i32> {
        match Reader::read(body.as_bytes()) {
            Err(error) => Some(crate::errors::code(error.kind())),
            Ok(Reader::One(request)) => request.err().map(|_| INVALID_REQUEST),
            Ok(Reader::Batch(_)) => None,
        }
    }

    #[test]
    fn what_is_no_request_has_its_code() {
        for (body, expected) in [
            (r#"{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]"#, Some(-32700)),
            ("", Some(-32700)),
            (r#"{"jsonrpc": "2.0", "method": 1, "params": "bar"}"#, Some(-32600)),
            ("[]", Some(-32600)),
            ("1", Some(-32600)),
            (r#"{"jsonrpc": "1.0", "method": "a", "id": 1}"#, Some(-32600)),
            (r#"{"method": "a", "id": 1}"#, Some(-32600)),
            (r#"{"jsonrpc": "2.0", "method": "a", "id": {}}"#, Some(-32600)),
            (r#"{"jsonrpc": "2.0", "method": "a", "id": 1, "id": 2}"#, Some(-32600)),
            (r#"{"jsonrpc": "2.0", "method": "a", "params": 1}"#, Some(-32600)),
            (r#"{"jsonrpc": "2.0", "method": "a", "params": null, "id": null}"#, None),
            (r#"[1, 2]"#, None),
            (&format!("[{}1]", "1,".repeat(BATCH_REQUESTS_MAX - 1)), None),
            (&format!("[{}1]", "1,".repeat(BATCH_REQUESTS_MAX)), Some(-32600)),
            (&format!("[{}1", "1,".repeat(BATCH_REQUESTS_MAX)), Some(-32700)),
        ] {
            assert_eq!(code(body), expected, "{body}");
        }
    }

    #[test]
    fn an_error_keeps_the_id_that_can_be_read() {
        for (body, id) in [
            (r#"{"jsonrpc": "1.0", "method": "a", "id": 7}"#, Some("7")),
            (r#"{"id": "x", "jsonrpc": "2.0"}"#, Some("\"x\"")),
            (r#"{"jsonrpc": "2.0", "method": "a", "params": "b", "id": 1.50, "more": [{}]}"#, Some("1.50")),
            (r#"{"jsonrpc": "2.0", "method": 1}"#, None),
            (r#"{"jsonrpc": "2.0", "method": "a", "id": [1]}"#, None),
            (r#"{"jsonrpc": "2.0", "method": "a", "id": 1, "id": 2}"#, None),
            ("7", None),
        ] {
            let Ok(Reader::One(Err(invalid))) = Reader::read(body.as_bytes()) else { panic!("{body}") };
            assert_eq!(invalid.id.map(RawValue::get), id, "{body}");
        }
    }

    #[test]
    fn an_id_comes_back_to_the_letter() {
        for id in ["1", "-1", "1.50", "1e2", "null", "\"a\\u0062\"", "12345678901234567890"] {
            let body = format!(r#"{{"jsonrpc":"2.0","method":"a","id":{id}}}"#);
            let Ok(Reader::One(Ok(request))) = Reader::read(body.as_bytes()) else { panic!("{body}") };
            let answered = response(request.id.unwrap(), Ok("7".to_owned()));
            assert_eq!(answered, format!(r#"{{"jsonrpc":"2.0","result":7,"id":{id}}}"#));
        }
    }
}
