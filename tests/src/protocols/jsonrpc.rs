//! The facts of JSON-RPC: its codes, a reader of its refusals, and bad input.

use super::{Case, Codes, Expected, ProtocolFacts, Refusal, Socket, case, deep, json, plain, text, too_large};
use crate::attacks::{self, BOTH, Grammar};
use crate::raw::Response;
use crate::slips;
use crate::variants::{Answer, Mistake, Variant};
use domain::Kind;

/// The facts of JSON-RPC.
pub const FACTS: ProtocolFacts = ProtocolFacts {
    name: "jsonrpc",
    codes: Codes::PerKind(code),
    exceptions: &[],
    has_kind: true,
    spells: plain,
    can_express: |_| true,
    slips: slips::jsonrpc::SLIPS,
    read_refusal: error_object,
    check_exchange: None,
    header_status: Some(|_| 200),
    variants: &[VARIANT],
    cases: CASES,
    attacked: &[JSON_RPC],
    sockets: &[Socket { path: "/jsonrpc", subprotocol: "", refuses_binary: true }],
};

/// The code of each kind.
pub fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::Unreadable => "-32700",
        Kind::UnknownOperation => "-32601",
        Kind::TooLarge => "-32600",
        Kind::Invalid => "-32602",
        Kind::Unauthenticated => "-32001",
        Kind::Forbidden => "-32003",
        Kind::NotFound => "-32004",
        Kind::Conflict => "-32009",
        Kind::RuleBroken => "-32010",
        Kind::Gone => "-32011",
        Kind::RateLimited => "-32005",
        Kind::Unavailable => "-32006",
        Kind::Internal => "-32603",
    }
}

/// JSON-RPC 2.0 section 5.
fn error_object(response: &Response) -> Refusal {
    let envelope = json(response, &["application/json"]);
    assert_eq!(envelope["jsonrpc"], "2.0");
    let members = envelope.as_object().expect("an object");
    assert!(members.contains_key("id") && !members.contains_key("result"), "{envelope}");
    let error = &envelope["error"];
    text(&error["message"]);
    text(&error["data"]["kind"]);
    let code = error["code"].as_i64().expect("a number");
    Refusal { code: code.to_string(), reason: text(&error["data"]["reason"]) }
}

const JSON_RPC: Grammar = Grammar {
    title: "JSON-RPC 2.0",
    target: "/jsonrpc",
    media_type: "application/json",
    around: (r#"{"jsonrpc":"2.0","id":1,"method":"search_products","params":{"query":""#, r#""}}"#),
    expected: |mistake| match mistake {
        attacks::Mistake::Unreadable => (200, "-32700"),
        attacks::Mistake::NoRequest | attacks::Mistake::TooMuch => (200, "-32600"),
        attacks::Mistake::Invalid => (200, "-32602"),
        attacks::Mistake::TooLong => (413, "-32600"),
    },
    attacks: &[BOTH, attacks::json::ATTACKS, attacks::json::SEVERAL],
};

/// Its requests over HTTP.
pub const VARIANT: Variant = Variant {
    name: "jsonrpc",
    media_types: &["application/json", "application/json-rpc", "application/jsonrequest"],
    read_refusal: error_object,
    target: "/jsonrpc",
    headers: "",
    body: r#"{"jsonrpc":"2.0","id":1,"method":"who_am_i"}"#,
    good: "\"result\"",
    get: ("/jsonrpc/openrpc.json", "\"openrpc\""),
    unreadable: (200, "-32700", "unreadable"),
    media_type_refused: (415, "-32600", "unreadable"),
    too_large: (413, "-32600", "too_large"),
    method: (405, "-32600", "unreadable"),
    sandbox: (200, "-32601", "unknown_operation"),
    empty: Answer::Refused(Mistake::Unreadable),
};

const POST: (&str, &str, &str) = ("POST", "/jsonrpc", "application/json");

const NO_JSON: Expected = (200, "-32700", "unreadable");
const NO_REQUEST: Expected = (200, "-32600", "unreadable");
const UNKNOWN: Expected = (200, "-32601", "unknown_operation");
const INVALID: Expected = (200, "-32602", "invalid_input");

fn call(method: &str, params: &str) -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#).into_bytes()
}

#[rustfmt::skip]
const CASES: &[Case] = &[
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
