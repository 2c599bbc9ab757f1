//! Bad input over GraphQL.

use super::{case, deep, too_large};
use crate::bytes::Case;
use serde_json::json;

const POST: (&str, &str, &str) = ("POST", "/graphql", "application/json");

/// GraphQL over HTTP: what is no request has a status of its own, also for those who accept `application/json`.
const NO_REQUEST: (u16, &str, &str) = (400, "GRAPHQL_PARSE_FAILED", "unreadable");
/// What is a request, but was not executed, has 200 for them.
const NO_DOCUMENT: (u16, &str, &str) = (200, "GRAPHQL_PARSE_FAILED", "unreadable");
const UNKNOWN: (u16, &str, &str) = (200, "GRAPHQL_VALIDATION_FAILED", "unknown_operation");
const INVALID: (u16, &str, &str) = (200, "INVALID", "invalid_input");
const FORBIDDEN: (u16, &str, &str) = (200, "FORBIDDEN", "not_allowed");
const TOO_LARGE: (u16, &str, &str) = (200, "TOO_LARGE", "too_large");

/// User 1, a customer, by the password that everybody knows.
const ADA: &[(&str, &str)] = &[("authorization", "Basic YWRhQGV4YW1wbGUuY29tOnBhcmxhbmNl")];

fn query(document: &str) -> Vec<u8> {
    json!({"query": document}).to_string().into_bytes()
}

fn with(document: &str, variables: serde_json::Value) -> Vec<u8> {
    json!({"query": document, "variables": variables}).to_string().into_bytes()
}

/// Fields inside each other, so deep.
fn deep_fields(depth: usize) -> Vec<u8> {
    query(&format!("{{ user(id: 1) {}{} }}", "{ a ".repeat(depth), "}".repeat(depth)))
}

#[rustfmt::skip]
pub const CASES: &[Case] = &[
    case("malformed", POST, || br#"{"query":"#.to_vec(), NO_REQUEST),
    case("no body", POST, Vec::new, NO_REQUEST),
    case("no object", POST, || b"1".to_vec(), NO_REQUEST),
    case("no query", POST, || b"{}".to_vec(), NO_REQUEST),
    case("a query that is no text", POST, || br#"{"query":1}"#.to_vec(), NO_REQUEST),
    case("variables that are no map", POST, || br#"{"query":"{ users { nodes { id } } }","variables":[1]}"#.to_vec(), NO_REQUEST),
    case("a malformed document", POST, || query("{ user(id: 1) { id }"), NO_DOCUMENT),
    case("an empty document", POST, || query(""), NO_DOCUMENT),
    case("wrong type", POST, || query("{ products(first: \"x\") { nodes { id } } }"), INVALID),
    case("wrong type of a variable", POST, || with("query($f: Int) { products(first: $f) { nodes { id } } }", json!({"f": "x"})), INVALID),
    case("a required argument is missing", POST, || query("{ user { id } }"), INVALID),
    case("a required variable is missing", POST, || query("query($i: ID!) { user(id: $i) { id } }"), INVALID),
    case("unknown argument", POST, || query("{ user(id: 1, name: \"x\") { id } }"), INVALID),
    case("unknown member of an input", POST, || query("mutation { deleteUser(input: {id: 1, really: true}) { deletedUserId } }"), INVALID),
    case("a field that one may not ask for, under another name", POST, || query("{ mine: cart(userId: 1) { userId } theirs: cart(userId: 2) { userId } }"), FORBIDDEN).beside(ADA),
    case("a mutation that one may not ask for, under another name", POST, || query("mutation { mine: updateUser(input: {id: 1}) { user { id } } theirs: updateUser(input: {id: 2}) { user { id } } }"), FORBIDDEN).beside(ADA),
    case("unknown operation", POST, || query("{ nothing }"), UNKNOWN),
    case("unknown field of a thing", POST, || query("{ user(id: 1) { password } }"), UNKNOWN),
    case("fields of what has none", POST, || query("{ user(id: 1) { id { id } } }"), UNKNOWN),
    case("no fields of what has some", POST, || query("{ user(id: 1) }"), UNKNOWN),
    case("two operations, and none named", POST, || query("query A { user(id: 1) { id } } query B { user(id: 1) { id } }"), UNKNOWN),
    case("an operation that is not there", POST, || br#"{"query":"query A { user(id: 1) { id } }","operationName":"B"}"#.to_vec(), UNKNOWN),
    case("a fragment of itself", POST, || query("{ user(id: 1) { ...f } } fragment f on User { ...f }"), UNKNOWN),
    case("a subscription over HTTP", POST, || query("subscription { orderEvents { seq } }"), UNKNOWN),
    case("no sandbox's name", ("POST", "/sandboxes/BAD/graphql", POST.2), || query("{ user(id: 1) { id } }"), (400, "GRAPHQL_VALIDATION_FAILED", "unknown_operation")),
    case("too large", POST, too_large, (413, "TOO_LARGE", "too_large")),
    case("deep nesting", POST, || deep_fields(65), TOO_LARGE),
    case("very deep nesting", POST, || deep_fields(100_000), TOO_LARGE),
    case("deep nesting of JSON", POST, || deep(65).into_bytes(), NO_REQUEST),
    case("very deep nesting of JSON", POST, || deep(200_000).into_bytes(), NO_REQUEST),
    case("deep nesting of a value", POST, || query(&format!("{{ user(id: {}) {{ id }} }}", deep(100_000))), TOO_LARGE),
    case("a thousand aliases", POST, || query(&format!("{{ {} }}", (0..1_000).map(|i| format!("a{i}: products(first: 100) {{ nodes {{ id }} }} ")).collect::<String>())), TOO_LARGE),
    case("control character", POST, || with("query($q: String) { products(query: $q) { nodes { id } } }", json!({"q": "\u{1}"})), (200, "INVALID", "invalid_input")),
    case("raw control character", POST, || b"{\"query\":\"{ user(id: \x01) { id } }\"}".to_vec(), NO_REQUEST),
    case("invalid UTF-8", POST, || b"{\"query\":\"\xff\"}".to_vec(), NO_REQUEST),
    case("wrong media type", ("POST", "/graphql", "text/plain"), || query("{ user(id: 1) { id } }"), (415, "GRAPHQL_PARSE_FAILED", "unreadable")),
    case("no media type", ("POST", "/graphql", ""), || query("{ user(id: 1) { id } }"), (415, "GRAPHQL_PARSE_FAILED", "unreadable")),
    case("wrong method", ("PUT", "/graphql", POST.2), || query("{ user(id: 1) { id } }"), (405, "GRAPHQL_VALIDATION_FAILED", "unknown_operation")),
    case("a mutation by GET", ("GET", "/graphql?query=mutation%7BcheckOut(input:%7BuserId:1%7D)%7Border%7Bid%7D%7D%7D", ""), Vec::new, (405, "GRAPHQL_VALIDATION_FAILED", "unknown_operation")),
    case("no query by GET", ("GET", "/graphql", ""), Vec::new, NO_REQUEST),
];
