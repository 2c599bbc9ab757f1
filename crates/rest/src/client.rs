//! The client half: writes requests from the table of routes, and reads replies.

use crate::PATH;
use crate::messages::EXPECTED_VERSION;
use crate::routes::{ROUTES, Route, fill};
use bytes::Bytes;
use domain::Value;
use http::Request;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use wire::{CallRequest, DecodeError, Outcome, Refused, WireRequest, WireResponse};

/// RFC 3986 section 2.3: unreserved characters need no encoding; nor does a comma in a query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');

pub struct Client;

impl wire::Client for Client {
    fn encode(&self, call: &CallRequest) -> WireRequest {
        let mut request = match ROUTES.iter().find(|route| route.operation.name == call.operation) {
            Some(route) => request_of(route, call),
            None => request("GET", &format!("{PATH}/{}", encode(&call.operation)), None),
        };
        request.headers_mut().extend(call.options.headers());
        if call.operation == crate::events::WATCH {
            let accept = http::HeaderValue::from_static("text/event-stream");
            request.headers_mut().insert(http::header::ACCEPT, accept);
            return WireRequest::EventStream(request);
        }
        WireRequest::Http(request)
    }

    fn decode(&self, _: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError> {
        match incoming {
            WireResponse::Http(response) if response.status() == http::StatusCode::NO_CONTENT => {
                Ok(Outcome::Reply(Value::Object(Vec::new())))
            }
            WireResponse::Http(response) => {
                let body = wire::json::read_reply(response.body()).map_err(|error| DecodeError(error.message))?;
                let status = response.status();
                Ok(if status.is_success() { Outcome::Reply(body) } else { Outcome::Refused(refused(status, &body)) })
            }
            WireResponse::Frame(event) => {
                let event = String::from_utf8_lossy(event);
                let field = |name| event.lines().find_map(|line| line.strip_prefix(name));
                let Some(data) = field("data: ") else { return Ok(Outcome::Control) };
                let data = wire::json::read_reply(data.as_bytes()).map_err(|error| DecodeError(error.message))?;
                let is_error = field("event: ") == Some("error");
                Ok(if is_error { Outcome::Refused(refused(http::StatusCode::OK, &data)) } else { Outcome::Event(data) })
            }
        }
    }
}

/// The call by its route: members that are not in the path are in the query or the body.
fn request_of(route: &Route, call: &CallRequest) -> Request<Bytes> {
    let path = fill(route.path, |member| {
        // A missing member stays as its pattern: with nothing there, it would be another address.
        encode(&call.input.get(member).map_or_else(|| format!("{{{member}}}"), plain))
    });
    let mut target = format!("{PATH}{path}");
    let Value::Object(members) = &call.input else {
        return request(route.method.name(), &target, Some(wire::json::value(&call.input)));
    };
    let others: Vec<_> = members.iter().filter(|(name, _)| !route.is_in_path(name)).cloned().collect();
    let body = if route.method.has_body() {
        let needed = !others.is_empty() || route.other_members().next().is_some();
        needed.then(|| wire::json::value(&Value::Object(others)))
    } else {
        let only = route.only_with.map(|(name, words)| (name.to_owned(), words.into()));
        target += &query(only.into_iter().chain(others));
        None
    };
    let mut request = request(route.method.name(), &target, body);
    if route.changes.is_some() && call.input.get(EXPECTED_VERSION).is_none() {
        // A locked sandbox requires the expected version (RFC 6585 section 3): without one, any version is meant.
        request.headers_mut().insert(http::header::IF_MATCH, http::HeaderValue::from_static("*"));
    }
    request
}

/// Members as a query, with its question mark; empty without members.
pub fn query(members: impl Iterator<Item = (String, Value)>) -> String {
    let pairs = members.map(|(name, value)| format!("{}={}", encode(&name), encode(&plain(&value))));
    let pairs: Vec<String> = pairs.collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn request(method: &str, target: &str, body: Option<String>) -> Request<Bytes> {
    let mut request = Request::builder().method(method).uri(target).header(http::header::ACCEPT, "application/json");
    if body.is_some() {
        request = request.header(http::header::CONTENT_TYPE, "application/json");
    }
    // The table and the encoder always give a valid request and method.
    request.body(Bytes::from(body.unwrap_or_default())).unwrap_or_default()
}

/// A value in an address: without quotes, a list with commas.
fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::RawText(text) => text.clone(),
        Value::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => wire::json::value(other),
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// RFC 9457: the message is the `detail`. An event `error` has the error object that is the same in every style.
fn refused(status: http::StatusCode, problem: &Value) -> Refused {
    let refused = wire::json::refused(problem);
    let detail = problem.get("detail").and_then(Value::as_text).map(str::to_owned);
    Refused { code: status.as_str().to_owned(), message: detail.unwrap_or(refused.message), ..refused }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::access::{Credentials, Secret};
    use domain::operations::{OPERATIONS, OperationKind};
    use testing::replies;
    use wire::Client as _;

    fn sent(operation: &str, input: Value) -> String {
        match Client.encode(&CallRequest::new(operation, input)) {
            WireRequest::Http(request) | WireRequest::EventStream(request) => {
                let body = String::from_utf8_lossy(request.body()).into_owned();
                format!("{} {} {body}", request.method(), request.uri())
            }
            WireRequest::Socket(_) => panic!("REST has no sockets"),
        }
    }

    #[test]
    fn a_question_becomes_a_request() {
        let input = Value::object([("id", 1.into()), ("name", "A & B".into())]);
        assert_eq!(sent("update_user", input), r#"PATCH /rest/users/1 {"name":"A & B"}"#);
        let input = Value::object([("query", "a b&c".into()), ("ids", Value::List(vec![1.into(), 2.into()]))]);
        assert_eq!(sent("search_products", input), "GET /rest/products?query=a%20b%26c&ids=1,2 ");
        let input = Value::object([("id", 7.into())]);
        assert_eq!(sent("get_order_details", input), "GET /rest/orders/7?include=user,products ");
        let input = Value::object([("email", "a@b".into()), ("password", "p".into())]);
        assert_eq!(sent("log_in", input), r#"POST /rest/login {"email":"a@b","password":"p"}"#);
        assert_eq!(sent("who_am_i", Value::object([])), "GET /rest/me ");
        assert_eq!(sent("nothing_such", Value::object([])), "GET /rest/nothing_such ");
    }
    #[test]
    fn options_of_a_call_are_headers() {
        for operation in OPERATIONS {
            let mut call = CallRequest::new(operation.name, Value::object([]));
            call.options.credentials = Credentials::ApiKey(Secret::new("k"));
            (call.options.idempotency_key, call.options.fault) = (Some("once".to_owned()), Some("drop".to_owned()));
            let (WireRequest::Http(request) | WireRequest::EventStream(request)) = Client.encode(&call) else {
                panic!("REST has no sockets")
            };
            let headers = ["x-api-key", "idempotency-key", "x-fault"].map(|name| request.headers()[name].clone());
            assert_eq!(headers, ["k", "once", "drop"], "{}", operation.name);
        }
    }

    #[test]
    fn every_reply_comes_back_as_it_was() {
        for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
            for reply in replies(operation.reply_name) {
                let response = http::Response::new(Bytes::from(wire::json::reply(&reply)));
                let outcome =
                    Client.decode(&CallRequest::new(operation.name, Value::Null), &WireResponse::Http(response));
                assert_eq!(outcome, Ok(Outcome::Reply(reply.to_value())), "{}", operation.name);
            }
        }
    }
}
