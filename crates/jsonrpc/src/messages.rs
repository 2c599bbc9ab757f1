//! Requests and responses on the wire (JSON-RPC 2.0, sections 4 to 6), and parameters as domain values.

use crate::errors::Refusal;
use domain::schema::names::too_many_values;
use domain::{Error, Operation, Value};
use serde::Deserializer;
use serde::de::{Deserialize, Error as _, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// Requests in one batch.
pub const BATCH_REQUESTS_MAX: usize = 100;

/// What a body or a message of a socket holds.
pub enum Body<'a> {
    /// A request.
    Single(ParsedRequest<'a>),
    /// Several requests, in their order.
    Batch(Vec<ParsedRequest<'a>>),
}

/// A request, or what is wrong with it.
pub type ParsedRequest<'a> = Result<Request<'a>, InvalidRequest<'a>>;

/// A request object.
pub struct Request<'a> {
    /// The id as it was written; `None` in a notification.
    pub id: Option<&'a RawValue>,
    /// The method's name.
    pub method: Cow<'a, str>,
    /// The parameters, unread.
    pub params: Option<&'a RawValue>,
}

/// JSON that is not a request.
pub struct InvalidRequest<'a> {
    /// Its id, if it has a readable one (section 5: null only where it cannot be read).
    pub id: Option<&'a RawValue>,
    /// What is wrong.
    pub error: Error,
}

/// The members of a request object. serde refuses a repeated one.
#[derive(serde::Deserialize)]
struct Members<'a> {
    #[serde(borrow, default)]
    jsonrpc: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "present")]
    params: Option<&'a RawValue>,
}

/// The id of an object that is not a request.
#[derive(serde::Deserialize)]
struct OnlyId<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
}

/// Distinguishes null from absent: an id of null is an id.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Collects the requests of a batch, and stops at one too many.
struct BatchVisitor;

impl<'de> Visitor<'de> for BatchVisitor {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a batch")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut requests = Vec::new();
        while let Some(request) = list.next_element()? {
            if requests.len() >= BATCH_REQUESTS_MAX {
                return Err(A::Error::custom("too many requests"));
            }
            requests.push(request);
        }
        Ok(requests)
    }
}

/// Reads a body; fails if it is not JSON, or too large a batch.
pub fn read(body: &[u8]) -> Result<Body<'_>, Error> {
    let text = std::str::from_utf8(wire::json::unmarked(body));
    let text = text.map_err(|_| wire::json::unreadable(body, "not UTF-8"))?;
    // The whole body first: that it is not JSON is another error than what is wrong within.
    let json: &RawValue = serde_json::from_str(text).map_err(|error| wire::json::unreadable(body, error))?;
    if !json.get().starts_with('[') {
        return Ok(Body::Single(read_request(json)));
    }
    let requests = serde_json::Deserializer::from_str(json.get()).deserialize_seq(BatchVisitor);
    let requests = requests.map_err(|_| Error::too_large("requests of a batch", BATCH_REQUESTS_MAX))?;
    if requests.is_empty() {
        // Section 6: an empty batch is one error, not an empty array.
        let error = Error::unreadable("a batch must have at least one request");
        return Ok(Body::Single(Err(InvalidRequest { id: None, error })));
    }
    Ok(Body::Batch(requests.into_iter().map(read_request).collect()))
}

fn read_request(json: &RawValue) -> ParsedRequest<'_> {
    check_request(json.get()).map_err(|problem| {
        let id = serde_json::from_str(json.get()).ok().and_then(|OnlyId { id }| id).filter(|id| is_id(id));
        InvalidRequest { id, error: Error::unreadable(format!("not a request: {problem}")) }
    })
}

fn check_request(json: &str) -> Result<Request<'_>, String> {
    if !json.starts_with('{') {
        return Err("it must be an object".to_owned());
    }
    let Members { jsonrpc, id, method, params } = serde_json::from_str(json).map_err(|error| error.to_string())?;
    match &*jsonrpc {
        "2.0" => {}
        "" => return Err("jsonrpc is missing, and must be \"2.0\"".to_owned()),
        other => return Err(format!("jsonrpc must be \"2.0\", got \"{}\"", domain::value::shown(other))),
    }
    if !id.is_none_or(is_id) {
        return Err("id must be a string, a number or null".to_owned());
    }
    // Some clients write null for no parameters.
    let params = params.filter(|params| params.get() != "null");
    // Section 4.2: parameters are a structured value.
    if params.is_some_and(|params| !params.get().starts_with(['{', '['])) {
        return Err("params must be an object or an array".to_owned());
    }
    if params.is_none()
        && let Some(other) = stray(json)
    {
        let other = domain::value::shown(&other);
        return Err(format!("it has jsonrpc, id, method and params, not \"{other}\"; put it into params"));
    }
    Ok(Request { id, method, params })
}

/// A member of a request that is none of the protocol's: without params, it is likely to belong there.
fn stray(json: &str) -> Option<String> {
    let members: HashMap<String, IgnoredAny> = serde_json::from_str(json).ok()?;
    members.into_keys().find(|name| !["jsonrpc", "id", "method", "params"].contains(&name.as_str()))
}

/// Section 4: an id is a string, a number or null.
fn is_id(id: &RawValue) -> bool {
    !id.get().starts_with(['{', '[', 't', 'f'])
}

/// An operation's input.
pub fn input(operation: &Operation, params: Option<&RawValue>) -> Result<Value, Error> {
    let names: Vec<_> = operation.input.members.iter().map(|member| member.name).collect();
    read_params(&names, params)
}

/// Parameters with these names. Section 4.2: an object, or an array in the order of the names.
pub fn read_params(names: &[&str], params: Option<&RawValue>) -> Result<Value, Error> {
    let Some(params) = params else {
        return Ok(Value::Object(Vec::new()));
    };
    // The request is JSON, so whatever is wrong now is wrong with the parameters.
    let params = wire::json::read(params.get().as_bytes());
    match params.map_err(|error| Error::invalid("", format!("is {}", error.message)))? {
        Value::List(values) if values.len() > names.len() => {
            Err(Error::invalid("", too_many_values(names, values.len())))
        }
        Value::List(values) => Ok(Value::Object(names.iter().map(|name| (*name).to_owned()).zip(values).collect())),
        by_name => Ok(by_name),
    }
}

/// The response to a request, with the members in the order of the specification's examples.
pub fn response(id: &RawValue, result: Result<String, Error>) -> String {
    match result {
        Ok(result) => format!("{{\"jsonrpc\":\"2.0\",\"result\":{result},\"id\":{id}}}"),
        Err(error) => failure(Some(id), &error.into()),
    }
}

/// An error response. Section 5: the id is null where it could not be read.
pub fn failure(id: Option<&RawValue>, refusal: &Refusal) -> String {
    let id = id.map_or("null", RawValue::get);
    format!("{{\"jsonrpc\":\"2.0\",\"error\":{},\"id\":{id}}}", refusal.object())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> Option<i32> {
        match read(body.as_bytes()) {
            Err(error) => Some(Refusal::from(error).code),
            Ok(Body::Single(request)) => request.err().map(|invalid| Refusal::invalid_request(invalid.error).code),
            Ok(Body::Batch(_)) => None,
        }
    }

    #[test]
    fn invalid_requests_have_their_code() {
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
    fn an_error_response_has_the_id_if_it_is_readable() {
        for (body, id) in [
            (r#"{"jsonrpc": "1.0", "method": "a", "id": 7}"#, Some("7")),
            (r#"{"id": "x", "jsonrpc": "2.0"}"#, Some("\"x\"")),
            (r#"{"jsonrpc": "2.0", "method": "a", "params": "b", "id": 1.50, "more": [{}]}"#, Some("1.50")),
            (r#"{"jsonrpc": "2.0", "method": 1}"#, None),
            (r#"{"jsonrpc": "2.0", "method": "a", "id": [1]}"#, None),
            (r#"{"jsonrpc": "2.0", "method": "a", "id": 1, "id": 2}"#, None),
            ("7", None),
        ] {
            let Ok(Body::Single(Err(invalid))) = read(body.as_bytes()) else { panic!("{body}") };
            assert_eq!(invalid.id.map(RawValue::get), id, "{body}");
        }
    }

    #[test]
    fn an_id_returns_exactly_as_written() {
        for id in ["1", "-1", "1.50", "1e2", "null", "\"a\\u0062\"", "12345678901234567890"] {
            let body = format!(r#"{{"jsonrpc":"2.0","method":"a","id":{id}}}"#);
            let Ok(Body::Single(Ok(request))) = read(body.as_bytes()) else { panic!("{body}") };
            let response = response(request.id.unwrap(), Ok("7".to_owned()));
            assert_eq!(response, format!(r#"{{"jsonrpc":"2.0","result":7,"id":{id}}}"#));
        }
    }

    #[test]
    fn parameters_come_by_name_or_by_position() {
        let operation = Operation::find("update_user").unwrap();
        let read = |params: &str| input(operation, Some(serde_json::from_str(params).unwrap()));
        let by_name = read(r#"{"id":1,"name":"x"}"#).unwrap();
        assert_eq!(read(r#"[1,"x"]"#).unwrap(), by_name);
        assert_eq!(input(operation, None).unwrap(), Value::object([]));
        assert!(read("[1,2,3,4,5]").is_err());
        assert!(read(r#"{"id":1,"id":2}"#).is_err());
    }
}
