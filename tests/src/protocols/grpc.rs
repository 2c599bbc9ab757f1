//! The facts of gRPC: its codes, a reader of its refusals, and bad input. What goes over HTTP/1.1 is its form with JSON, Connect.

use super::{API_KEY, Case, Codes, Expected, Named, ProtocolFacts, Refusal, case, deep, json, text, too_large};
use crate::attacks::{Grammar, Mistake, protobuf};
use crate::raw::Response;
use crate::slips;
use crate::variants::{Answer, Variant};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use domain::schema::{Object, Schema};
use domain::{Kind, Reason, Value};
use wire::CallRequest;
use wire::names::{pascal, upper};

/// The facts of gRPC.
pub const FACTS: ProtocolFacts = ProtocolFacts {
    name: "grpc",
    codes: Codes::PerKind(code),
    exceptions: &[(Reason::StaleVersion, "ABORTED"), (Reason::IdempotencyKeyReused, "FAILED_PRECONDITION")],
    has_kind: true,
    spells,
    can_express,
    slips: slips::grpc::SLIPS,
    read_refusal: connect_error,
    check_exchange: None,
    header_status: Some(http_status),
    variants: &[VARIANT],
    cases: CASES,
    // The attacks on JSON are written as requests of JSON-RPC; the reader is the same.
    attacked: &[PROTOBUF],
    sockets: &[],
};

/// The code of each kind.
fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::Unreadable | Kind::Invalid => "INVALID_ARGUMENT",
        Kind::UnknownOperation => "UNIMPLEMENTED",
        Kind::TooLarge | Kind::RateLimited => "RESOURCE_EXHAUSTED",
        Kind::Unauthenticated => "UNAUTHENTICATED",
        Kind::Forbidden => "PERMISSION_DENIED",
        Kind::NotFound => "NOT_FOUND",
        Kind::Conflict => "ALREADY_EXISTS",
        Kind::RuleBroken => "FAILED_PRECONDITION",
        Kind::Gone => "OUT_OF_RANGE",
        Kind::Unavailable => "UNAVAILABLE",
        Kind::Internal => "INTERNAL",
    }
}

/// Connect protocol, "Error Codes".
fn http_status(code: &str) -> u16 {
    match code {
        "INVALID_ARGUMENT" | "FAILED_PRECONDITION" | "OUT_OF_RANGE" => 400,
        "UNAUTHENTICATED" => 401,
        "PERMISSION_DENIED" => 403,
        "NOT_FOUND" => 404,
        "ALREADY_EXISTS" | "ABORTED" => 409,
        "RESOURCE_EXHAUSTED" => 429,
        "UNIMPLEMENTED" => 501,
        "UNAVAILABLE" => 503,
        _ => 500,
    }
}

fn spells(named: Named) -> String {
    match named {
        Named::Member(name) => name.to_owned(),
        Named::Operation(name) => pascal(name),
        Named::Word(word @ ("customer" | "staff" | "admin")) => format!("ROLE_{}", upper(word)),
        Named::Word(word) => format!("ORDER_STATUS_{}", upper(word)),
        Named::ApiKey => API_KEY.to_owned(),
    }
}

/// A message has numbers instead of names, and each field one type. So an unknown member, a value of another type and an unknown word
/// have no form; nor has a list without items, which is an absent one.
fn can_express(call_request: &CallRequest) -> bool {
    call_request.row().is_none_or(|operation| has_form(&call_request.input, operation.input))
}

fn has_form(input: &Value, object: &Object) -> bool {
    let Value::Object(members) = input else { return false };
    let is_absent = |name: &str| members.iter().all(|(known, _)| known != name);
    if object
        .members
        .iter()
        .any(|field| field.required && matches!(field.schema, Schema::List { .. }) && is_absent(field.name))
    {
        return false;
    }
    members.iter().all(|(name, value)| {
        let Some(field) = object.member(name) else { return false };
        match (value, field.schema) {
            (Value::Null, _) => !field.required,
            (Value::List(items), Schema::List { .. }) if items.is_empty() => field.required,
            (Value::List(items), Schema::List { item, .. }) => items.iter().all(|value| is_of(value, item)),
            (value, schema) => is_of(value, &schema),
        }
    })
}

fn is_of(value: &Value, schema: &Schema) -> bool {
    match (value, schema) {
        (Value::Int(_), Schema::Int { .. } | Schema::Id { .. }) => true,
        (Value::Text(_), Schema::Text { .. } | Schema::Cursor) => true,
        (Value::Text(word), Schema::Enum(words)) => words.name == "Currency" || words.words.contains(&word.as_str()),
        (Value::Object(_), Schema::Object(object)) => has_form(value, object),
        _ => false,
    }
}

/// Connect protocol, "Error Response". The first detail is an `ErrorInfo`, whose first field is the reason.
fn connect_error(response: &Response) -> Refusal {
    let error = json(response, &["application/json"]);
    text(&error["message"]);
    let info = &error["details"][0];
    assert_eq!(info["type"], "google.rpc.ErrorInfo", "{error}");
    let bytes = STANDARD_NO_PAD.decode(text(&info["value"])).expect("base64");
    let [0x0a, length, rest @ ..] = bytes.as_slice() else { panic!("field 1, a text: {bytes:x?}") };
    let reason = std::str::from_utf8(&rest[..usize::from(*length)]).expect("a text");
    let code = text(&error["code"]);
    assert_eq!(code, code.to_lowercase());
    Refusal { code: code.to_uppercase(), reason: reason.to_lowercase() }
}

/// Its requests over HTTP/1.1.
const VARIANT: Variant = Variant {
    name: "grpc",
    media_types: &["application/json"],
    read_refusal: connect_error,
    target: "/parlance.shop.v1.ShopService/WhoAmI",
    headers: "",
    // With white space, as tests cut it into pieces.
    body: "{             }",
    good: "\"caller\"",
    get: ("/grpc/shop.proto", "service ShopService"),
    unreadable: (400, "INVALID_ARGUMENT", "unreadable"),
    media_type_refused: (415, "INVALID_ARGUMENT", "unreadable"),
    too_large: (413, "RESOURCE_EXHAUSTED", "too_large"),
    method: (405, "UNIMPLEMENTED", "unknown_operation"),
    sandbox: (501, "UNIMPLEMENTED", "unknown_operation"),
    // The empty message.
    empty: Answer::Good,
};

/// Messages as they are, without a prefix: Connect's form with Protocol Buffers.
const PROTOBUF: Grammar = Grammar {
    title: "gRPC",
    target: SEARCH.1,
    media_type: "application/proto",
    // The tag of `query`, and the length of the only text that is put there: "laptop".
    around: ("\n\x06", ""),
    expected: |mistake| match mistake {
        Mistake::Unreadable | Mistake::NoRequest | Mistake::Invalid => (400, "INVALID_ARGUMENT"),
        Mistake::TooMuch => (429, "RESOURCE_EXHAUSTED"),
        Mistake::TooLong => (413, "RESOURCE_EXHAUSTED"),
    },
    attacks: &[protobuf::ATTACKS],
};

const GET_USER: (&str, &str, &str) = ("POST", "/parlance.shop.v1.ShopService/GetUser", "application/json");
const SEARCH: (&str, &str, &str) = ("POST", "/parlance.shop.v1.ShopService/SearchProducts", "application/json");

const NO_JSON: Expected = (400, "INVALID_ARGUMENT", "unreadable");
const UNKNOWN: Expected = (501, "UNIMPLEMENTED", "unknown_operation");
const INVALID: Expected = (400, "INVALID_ARGUMENT", "invalid_input");

#[rustfmt::skip]
const CASES: &[Case] = &[
    case("malformed", GET_USER, || b"{\"id\":".to_vec(), NO_JSON),
    case("no body", GET_USER, Vec::new, INVALID),
    case("no object", GET_USER, || b"1".to_vec(), INVALID),
    case("wrong type", GET_USER, || br#"{"id":true}"#.to_vec(), INVALID),
    case("a required member is null", GET_USER, || br#"{"id":null}"#.to_vec(), INVALID),
    case("a float", GET_USER, || br#"{"id":1.5}"#.to_vec(), INVALID),
    case("unknown member", GET_USER, || br#"{"id":1,"name":"x"}"#.to_vec(), INVALID),
    case("a member twice", GET_USER, || br#"{"id":1,"id":1}"#.to_vec(), NO_JSON),
    case("unknown operation", ("POST", "/parlance.shop.v1.ShopService/GetUsers", GET_USER.2), || b"{}".to_vec(), UNKNOWN),
    case("an operation in another case", ("POST", "/parlance.shop.v1.ShopService/getUser", GET_USER.2), || b"{}".to_vec(), UNKNOWN),
    case("no operation", ("POST", "/parlance.shop.v1.ShopService", GET_USER.2), || b"{}".to_vec(), UNKNOWN),
    case("a stream without its envelope", ("POST", "/parlance.shop.v1.ShopService/WatchEvents", GET_USER.2), || b"{}".to_vec(), NO_JSON),
    case("no sandbox's name", ("POST", "/sandboxes/BAD/parlance.shop.v1.ShopService/GetUser", GET_USER.2), || br#"{"id":1}"#.to_vec(), UNKNOWN),
    case("too large", GET_USER, too_large, (413, "RESOURCE_EXHAUSTED", "too_large")),
    case("deep nesting", GET_USER, || format!("{{\"id\":{}}}", deep(65)).into_bytes(), NO_JSON),
    case("very deep nesting", GET_USER, || deep(200_000).into_bytes(), NO_JSON),
    case("raw control character", SEARCH, || b"{\"query\":\"\x01\"}".to_vec(), NO_JSON),
    case("escaped control character", SEARCH, || br#"{"query":"\u0001"}"#.to_vec(), INVALID),
    case("half a surrogate pair", SEARCH, || br#"{"query":"\ud800"}"#.to_vec(), NO_JSON),
    case("invalid UTF-8", SEARCH, || b"{\"query\":\"\xff\"}".to_vec(), NO_JSON),
    case("a deadline that is none", GET_USER, || br#"{"id":1}"#.to_vec(), NO_JSON).headers(&[("connect-timeout-ms", "soon")]),
    case("gRPC over HTTP/1.1", ("POST", GET_USER.1, "application/grpc"), || b"\0\0\0\0\x02\x08\x01".to_vec(), (505, "INVALID_ARGUMENT", "unreadable")),
    case("wrong media type", ("POST", GET_USER.1, "text/plain"), || br#"{"id":1}"#.to_vec(), (415, "INVALID_ARGUMENT", "unreadable")),
    case("no media type", ("POST", GET_USER.1, ""), || br#"{"id":1}"#.to_vec(), (415, "INVALID_ARGUMENT", "unreadable")),
    case("wrong method", ("PUT", GET_USER.1, ""), Vec::new, (405, "UNIMPLEMENTED", "unknown_operation")),
    case("GET of a command", ("GET", "/parlance.shop.v1.ShopService/CancelOrder?encoding=json&message={%22id%22:1}", ""), Vec::new, (405, "UNIMPLEMENTED", "unknown_operation")),
    case("GET with an encoding that is none", ("GET", "/parlance.shop.v1.ShopService/GetUser?encoding=xml&message=1", ""), Vec::new, (415, "INVALID_ARGUMENT", "unreadable")),
    case("GET with an unknown parameter", ("GET", "/parlance.shop.v1.ShopService/GetUser?encoding=json&message={}&id=1", ""), Vec::new, NO_JSON),
    case("GET of a user that is no number", ("GET", "/parlance.shop.v1.ShopService/GetUser?encoding=json&message={%22id%22:true}", ""), Vec::new, INVALID),
];
