//! Bad input over JSON-RPC.

use super::{case, deep, too_large};
use crate::bytes::Case;

const POST: (&str, &str, &str) = ("POST", "/jsonrpc", "application/json");

const NO_JSON: (u16, &str, &str) = (200, "-32700", "unreadable");
const NO_REQUEST: (u16, &str, &str) = (200, "-32600", "unreadable");
const UNKNOWN: (u16, &str, &str) = (200, "-32601", "unknown_operation");
const INVALID: (u16, &str, &str) = (200, "-32602", "invalid_input");

fn call(method: &str, params: &str) -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#).into_bytes()
}

#[rustfmt::skip]
pub const CASES: &[Case] = &[
    case("malformed", POST, || br#"{"jsonrpc":"2.0","id":1,"#.to_vec(), NO_JSON),
    case("no body", POST, Vec::new, NO_JSON),
    case("no object", POST, || b"1".to_vec(), NO_REQUEST),
    case("an empty object", POST, || b"{}".to_vec(), NO_REQUEST),
    case("another version", POST, || br#"{"jsonrpc":"1.0","id":1,"method":"get_user"}"#.to_vec(), NO_REQUEST),
    case("a method that is no name", POST, || br#"{"jsonrpc":"2.0","id":1,"method":1}"#.to_vec(), NO_REQUEST),
    case("an id that is none", POST, || br#"{"jsonrpc":"2.0","id":{},"method":"get_user"}"#.to_vec(), NO_REQUEST),
    case("a member twice", POST, || br#"{"jsonrpc":"2.0","id":1,"id":2,"method":"get_user"}"#.to_vec(), NO_REQUEST),
    case("params that are none", POST, || call("get_user", "1"), NO_REQUEST),
    case("an empty batch", POST, || b"[]".to_vec(), NO_REQUEST),
    case("a batch too large", POST, || format!("[{}1]", "1,".repeat(100)).into_bytes(), (200, "-32600", "too_large")),
    case("wrong type", POST, || call("get_user", r#"{"id":"1"}"#), INVALID),
    case("a required member is null", POST, || call("get_user", r#"{"id":null}"#), INVALID),
    case("a float", POST, || call("get_user", r#"{"id":1.5}"#), INVALID),
    case("unknown member", POST, || call("get_user", r#"{"id":1,"name":"x"}"#), INVALID),
    case("a member of the params twice", POST, || call("get_user", r#"{"id":1,"id":1}"#), INVALID),
    case("too many params by position", POST, || call("get_user", "[1,2]"), INVALID),
    case("too few params by position", POST, || call("get_user", "[]"), INVALID),
    case("unknown operation", POST, || call("get_users", "{}"), UNKNOWN),
    case("an operation in another case", POST, || call("getUser", r#"{"id":1}"#), UNKNOWN),
    case("an operation that can't stream", POST, || call("watch_events", "{}"), UNKNOWN),
    case("no sandbox's name", ("POST", "/sandboxes/BAD/jsonrpc", POST.2), || call("get_user", r#"{"id":1}"#), UNKNOWN),
    case("too large", POST, too_large, (413, "-32600", "too_large")),
    case("deep nesting", POST, || call("get_user", &deep(65)), INVALID),
    case("very deep nesting", POST, || call("get_user", &deep(200_000)), INVALID),
    case("very deep nesting of the request", POST, || format!("{{\"jsonrpc\":{}}}", deep(200_000)).into_bytes(), NO_REQUEST),
    case("raw control character", POST, || call("search_products", "{\"query\":\"\u{1}\"}"), NO_JSON),
    case("escaped control character", POST, || call("search_products", r#"{"query":"\u0001"}"#), INVALID),
    case("half a surrogate pair", POST, || call("search_products", r#"{"query":"\ud800"}"#), INVALID),
    case("invalid UTF-8", POST, || b"{\"jsonrpc\":\"2.0\",\"id\":\"\xff\"}".to_vec(), NO_JSON),
    case("wrong media type", ("POST", "/jsonrpc", "text/plain"), || call("get_user", "[1]"), (415, "-32600", "unreadable")),
    case("no media type", ("POST", "/jsonrpc", ""), || call("get_user", "[1]"), (415, "-32600", "unreadable")),
    case("wrong method", ("GET", "/jsonrpc", ""), Vec::new, (405, "-32600", "unreadable")),
];
