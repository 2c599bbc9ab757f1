//! The facts of GraphQL: its codes, a reader of its refusals, and bad input.

use super::{API_KEY, Case, Codes, Expected, Named, ProtocolFacts, Refusal, Socket, case, deep, json, text, too_large};
use crate::raw::Response;
use crate::slips;
use crate::variants::{Answer, Mistake, Variant};
use domain::Kind;
use serde_json::{Value, json as value};
use wire::names::{camel, upper};

/// The facts of GraphQL.
pub const FACTS: ProtocolFacts = ProtocolFacts {
    name: "graphql",
    codes: Codes::PerKind(code),
    exceptions: &[],
    // Its code tells the kind.
    has_kind: false,
    spells: |named| match named {
        Named::ApiKey => API_KEY.to_owned(),
        Named::Member("limit") => "first".to_owned(),
        Named::Member(name) => camel(name),
        Named::Operation("list_users") => "users".to_owned(),
        Named::Operation(other) => panic!("which field is {other}?"),
        Named::Word(word) => upper(word),
    },
    can_express: |_| true,
    slips: slips::graphql::SLIPS,
    read_refusal: errors,
    check_exchange: None,
    header_status: Some(|_| 200),
    variants: &[VARIANT, VARIANT_OVER_EVENTS],
    cases: CASES,
    // Its documents are compared with two other implementations (`tests/clients/graphql`).
    attacked: &[],
    sockets: &[Socket { path: "/graphql", subprotocol: "graphql-transport-ws", refuses_binary: false }],
};

/// The code of each kind.
fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::Unreadable => "GRAPHQL_PARSE_FAILED",
        Kind::UnknownOperation => "GRAPHQL_VALIDATION_FAILED",
        Kind::TooLarge => "TOO_LARGE",
        Kind::Invalid => "INVALID",
        Kind::Unauthenticated => "UNAUTHENTICATED",
        Kind::Forbidden => "FORBIDDEN",
        Kind::NotFound => "NOT_FOUND",
        Kind::Conflict => "CONFLICT",
        Kind::RuleBroken => "RULE_BROKEN",
        Kind::Gone => "GONE",
        Kind::RateLimited => "RATE_LIMITED",
        Kind::Unavailable => "UNAVAILABLE",
        Kind::Internal => "INTERNAL",
    }
}

/// GraphQL section 7.1.6, GraphQL over HTTP.
fn errors(response: &Response) -> Refusal {
    let response_json = json(response, &["application/json", "application/graphql-response+json"]);
    let errors = response_json["errors"].as_array().expect("a list of errors");
    assert!(!errors.is_empty() && errors.iter().all(|error| !text(&error["message"]).is_empty()));
    if let Some(data) = response_json["data"].as_object() {
        // Section 7.1.3: an error in execution has a path, by the response names.
        for error in errors {
            assert_eq!(data.get(&text(&error["path"][0])), Some(&Value::Null), "{response_json}");
        }
    }
    let extensions = &errors[0]["extensions"];
    Refusal { code: text(&extensions["code"]), reason: text(&extensions["reason"]) }
}

const VARIANT: Variant = Variant {
    name: "graphql",
    media_types: &["application/json"],
    read_refusal: errors,
    target: "/graphql",
    headers: "",
    body: r#"{"query":"{ me { role } }"}"#,
    good: "\"data\"",
    get: ("/graphql?query=%7Bme%7Brole%7D%7D", "\"data\""),
    unreadable: (400, "GRAPHQL_PARSE_FAILED", "unreadable"),
    media_type_refused: (415, "GRAPHQL_PARSE_FAILED", "unreadable"),
    too_large: (413, "TOO_LARGE", "too_large"),
    method: (405, "GRAPHQL_VALIDATION_FAILED", "unknown_operation"),
    sandbox: (400, "GRAPHQL_VALIDATION_FAILED", "unknown_operation"),
    empty: Answer::Refused(Mistake::Unreadable),
};

const VARIANT_OVER_EVENTS: Variant = Variant {
    name: "graphql over events",
    target: "/graphql/stream",
    headers: "accept: text/event-stream\r\n",
    get: ("/graphql/stream?query=%7Bme%7Brole%7D%7D", "\"data\""),
    ..VARIANT
};

const POST: (&str, &str, &str) = ("POST", "/graphql", "application/json");

/// GraphQL over HTTP: what is no request has an error status, also for clients that accept `application/json`.
const NO_REQUEST: Expected = (400, "GRAPHQL_PARSE_FAILED", "unreadable");
/// A request that was not executed has status 200 for them.
const NO_DOCUMENT: Expected = (200, "GRAPHQL_PARSE_FAILED", "unreadable");
const UNKNOWN: Expected = (200, "GRAPHQL_VALIDATION_FAILED", "unknown_operation");
const INVALID: Expected = (200, "INVALID", "invalid_input");
const FORBIDDEN: Expected = (200, "FORBIDDEN", "not_allowed");
const TOO_LARGE: Expected = (200, "TOO_LARGE", "too_large");

/// User 1, a customer, with the public password.
const ADA: &[(&str, &str)] = &[("authorization", "Basic YWRhQGV4YW1wbGUuY29tOnBhcmxhbmNl")];

fn query(document: &str) -> Vec<u8> {
    value!({"query": document}).to_string().into_bytes()
}

fn with(document: &str, variables: Value) -> Vec<u8> {
    value!({"query": document, "variables": variables}).to_string().into_bytes()
}

/// So many nested fields.
fn deep_fields(depth: usize) -> Vec<u8> {
    query(&format!("{{ user(id: 1) {}{} }}", "{ a ".repeat(depth), "}".repeat(depth)))
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    case("malformed", POST, || br#"{"query":"#.to_vec(), NO_REQUEST),
    case("no body", POST, Vec::new, NO_REQUEST),
    case("no object", POST, || b"1".to_vec(), NO_REQUEST),
    case("no query", POST, || b"{}".to_vec(), NO_REQUEST),
    case("a query that is no text", POST, || br#"{"query":1}"#.to_vec(), NO_REQUEST),
    case("variables that are no map", POST, || br#"{"query":"{ users { nodes { id } } }","variables":[1]}"#.to_vec(), NO_REQUEST),
    case("a malformed document", POST, || query("{ user(id: 1) { id }"), NO_DOCUMENT),
    case("an empty document", POST, || query(""), NO_DOCUMENT),
    case("wrong type", POST, || query("{ products(first: \"x\") { nodes { id } } }"), INVALID),
    case("wrong type of a variable", POST, || with("query($f: Int) { products(first: $f) { nodes { id } } }", value!({"f": "x"})), INVALID),
    case("a required argument is missing", POST, || query("{ user { id } }"), INVALID),
    case("a required variable is missing", POST, || query("query($i: ID!) { user(id: $i) { id } }"), INVALID),
    case("unknown argument", POST, || query("{ user(id: 1, name: \"x\") { id } }"), INVALID),
    case("unknown member of an input", POST, || query("mutation { deleteUser(input: {id: 1, really: true}) { deletedUserId } }"), INVALID),
    case("a field that one may not ask for, under another name", POST, || query("{ mine: cart(userId: 1) { userId } theirs: cart(userId: 2) { userId } }"), FORBIDDEN).headers(ADA),
    case("a mutation that one may not ask for, under another name", POST, || query("mutation { mine: updateUser(input: {id: 1}) { user { id } } theirs: updateUser(input: {id: 2}) { user { id } } }"), FORBIDDEN).headers(ADA),
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
    case("control character", POST, || with("query($q: String) { products(query: $q) { nodes { id } } }", value!({"q": "\u{1}"})), (200, "INVALID", "invalid_input")),
    case("raw control character", POST, || b"{\"query\":\"{ user(id: \x01) { id } }\"}".to_vec(), NO_REQUEST),
    case("invalid UTF-8", POST, || b"{\"query\":\"\xff\"}".to_vec(), NO_REQUEST),
    case("wrong media type", ("POST", "/graphql", "text/plain"), || query("{ user(id: 1) { id } }"), (415, "GRAPHQL_PARSE_FAILED", "unreadable")),
    case("no media type", ("POST", "/graphql", ""), || query("{ user(id: 1) { id } }"), (415, "GRAPHQL_PARSE_FAILED", "unreadable")),
    case("wrong method", ("PUT", "/graphql", POST.2), || query("{ user(id: 1) { id } }"), (405, "GRAPHQL_VALIDATION_FAILED", "unknown_operation")),
    case("a mutation by GET", ("GET", "/graphql?query=mutation%7BcheckOut(input:%7BuserId:1%7D)%7Border%7Bid%7D%7D%7D", ""), Vec::new, (405, "GRAPHQL_VALIDATION_FAILED", "unknown_operation")),
    case("no query by GET", ("GET", "/graphql", ""), Vec::new, NO_REQUEST),
];
