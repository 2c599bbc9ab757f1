//! The facts of REST: its codes, a reader of its refusals, and bad input.

use super::{API_KEY, Case, Codes, Expected, Named, ProtocolFacts, Refusal, case, deep, json, text, too_large};
use crate::raw::Response;
use crate::slips;
use crate::variants::{Answer, Mistake, Variant};
use domain::{Kind, Reason};

/// The facts of REST.
pub const FACTS: ProtocolFacts = ProtocolFacts {
    name: "rest",
    codes: Codes::PerKind(code),
    exceptions: &[(Reason::IdempotencyKeyReused, "422")],
    has_kind: true,
    spells: |named| match named {
        Named::ApiKey => API_KEY.to_owned(),
        Named::Member(name) | Named::Word(name) => name.to_owned(),
        Named::Operation("list_users") => "GET /rest/users".to_owned(),
        Named::Operation(other) => panic!("where is {other}?"),
    },
    can_express: |_| true,
    slips: slips::rest::SLIPS,
    read_refusal: problem,
    check_exchange: None,
    header_status: Some(|code| code.parse().expect("a status")),
    variants: &[VARIANT],
    cases: CASES,
    // Its bodies are read by the same reader as JSON-RPC's.
    attacked: &[],
    sockets: &[],
};

/// The status of each kind.
fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::Unreadable => "400",
        Kind::UnknownOperation | Kind::NotFound => "404",
        Kind::TooLarge => "413",
        Kind::Invalid => "422",
        Kind::Unauthenticated => "401",
        Kind::Forbidden => "403",
        Kind::Conflict | Kind::RuleBroken => "409",
        Kind::Gone => "410",
        Kind::RateLimited => "429",
        Kind::Unavailable => "503",
        Kind::Internal => "500",
    }
}

/// RFC 9457, and the members of the dictionary.
fn problem(response: &Response) -> Refusal {
    let problem = json(response, &["application/problem+json"]);
    for member in ["type", "title", "detail", "instance", "kind"] {
        text(&problem[member]);
    }
    assert_eq!(problem["status"], response.status);
    assert!(text(&problem["type"]).ends_with(&format!("/problems/{}", text(&problem["reason"]))));
    if response.status == 405 {
        assert!(!response.header("allow").is_empty(), "RFC 9110 section 15.5.6");
    }
    if response.status == 401 {
        let challenges = response.headers.iter().filter(|(name, _)| name == "www-authenticate");
        let schemes: Vec<_> = challenges.filter_map(|(_, challenge)| challenge.split(' ').next()).collect();
        assert_eq!(schemes, ["Bearer", "Basic"], "RFC 9110 section 15.5.2");
    }
    Refusal { code: response.status.to_string(), reason: text(&problem["reason"]) }
}

const VARIANT: Variant = Variant {
    name: "rest",
    media_types: &["application/json"],
    read_refusal: problem,
    target: "/rest/login",
    headers: "",
    body: r#"{"email":"ada@example.com","password":"parlance"}"#,
    good: "\"token\"",
    get: ("/rest/products/1", "\"id\""),
    unreadable: (400, "400", "unreadable"),
    media_type_refused: (415, "415", "unreadable"),
    too_large: (413, "413", "too_large"),
    method: (405, "405", "unknown_operation"),
    sandbox: (404, "404", "unknown_operation"),
    empty: Answer::Refused(Mistake::Unreadable),
};

const JSON: &str = "application/json";
const USERS: (&str, &str, &str) = ("POST", "/rest/users", JSON);

const UNREADABLE: Expected = (400, "400", "unreadable");
const INVALID: Expected = (422, "422", "invalid_input");
const NOWHERE: Expected = (404, "404", "unknown_operation");
const NOT_SO: Expected = (405, "405", "unknown_operation");
const OTHER_FORM: Expected = (406, "406", "unreadable");
const NO_SUCH_VERSION: Expected = (412, "412", "stale_version");
const PATCH: &str = "application/json-patch+json";
const QUERY: (&str, &str, &str) = ("QUERY", "/rest/products", JSON);

/// An address one byte longer than the limit, and a header field over the limit.
const LONG: &[u8] = &[b'a'; 40_000];
const LONG_FIELD: &str = match str::from_utf8(LONG) {
    Ok(field) => field,
    Err(_) => "",
};
const LONG_TARGET: &str = match str::from_utf8(&LONG_QUERY) {
    Ok(target) => target,
    Err(_) => "",
};
const LONG_QUERY: [u8; 8_001] = {
    let (mut target, start, mut position) = ([b'a'; 8_001], b"/rest/products?query=", 0);
    while position < start.len() {
        target[position] = start[position];
        position += 1;
    }
    target
};

const OTHER_MEDIA_TYPE: Expected = (415, "415", "unreadable");

#[rustfmt::skip]
const CASES: &[Case] = &[
    case("malformed", USERS, || b"{\"name\":".to_vec(), UNREADABLE),
    case("no body", USERS, Vec::new, UNREADABLE),
    case("two values", USERS, || b"{} {}".to_vec(), UNREADABLE),
    case("no object", USERS, || b"[]".to_vec(), INVALID),
    case("wrong type", USERS, || br#"{"name":1,"email":true}"#.to_vec(), INVALID),
    case("a float", ("POST", "/rest/orders", JSON), || br#"{"user_id":1.5,"lines":[]}"#.to_vec(), INVALID),
    case("a huge number", ("POST", "/rest/orders", JSON), || br#"{"user_id":1e400,"lines":[]}"#.to_vec(), UNREADABLE),
    case("unknown member", USERS, || br#"{"name":"x","email":"x@y","nick_name":"x"}"#.to_vec(), INVALID),
    case("a role that is none", USERS, || br#"{"name":"x","email":"x@y","role":"boss"}"#.to_vec(), INVALID),
    case("a role that is not one's to give", USERS, || br#"{"name":"x","email":"x@y","role":"admin"}"#.to_vec(), (403, "403", "not_allowed")),
    case("a member twice", USERS, || br#"{"name":"x","name":"y","email":"x@y"}"#.to_vec(), UNREADABLE),
    case("a member of the path in the body", ("PATCH", "/rest/users/1", JSON), || br#"{"id":2}"#.to_vec(), INVALID),
    case("null in a merge patch", ("PATCH", "/rest/users/1", JSON), || br#"{"name":null}"#.to_vec(), INVALID),
    case("a part by PUT", ("PUT", "/rest/users/1", JSON), || br#"{"name":"x"}"#.to_vec(), INVALID),
    case("unknown address", ("GET", "/rest/nothing", ""), Vec::new, NOWHERE),
    case("unknown address below a known one", ("GET", "/rest/users/1/nothing", ""), Vec::new, NOWHERE),
    case("no sandbox's name", ("GET", "/sandboxes/BAD/rest/users/1", ""), Vec::new, NOWHERE),
    case("wrong method", ("DELETE", "/rest/orders", ""), Vec::new, NOT_SO),
    case("unknown method", ("BREW", "/rest/orders", ""), Vec::new, NOT_SO),
    case("an id that is none", ("GET", "/rest/users/abc", ""), Vec::new, INVALID),
    case("an id with a sign", ("GET", "/rest/users/1.0", ""), Vec::new, INVALID),
    case("an id of nothing", ("GET", "/rest/users/%00", ""), Vec::new, INVALID),
    case("an address that is no UTF-8", ("GET", "/rest/users/%ff", ""), Vec::new, UNREADABLE),
    case("a query that is no UTF-8", ("GET", "/rest/products?query=%c3%28", ""), Vec::new, UNREADABLE),
    case("unknown parameter", ("GET", "/rest/users?offset=10", ""), Vec::new, INVALID),
    case("a parameter twice", ("GET", "/rest/users?limit=1&limit=2", ""), Vec::new, INVALID),
    case("a parameter that is no number", ("GET", "/rest/users?limit=ten", ""), Vec::new, INVALID),
    case("ids that are none", ("GET", "/rest/users?ids=1,b", ""), Vec::new, INVALID),
    case("another include", ("GET", "/rest/orders/1?include=everything", ""), Vec::new, INVALID),
    case("control character", ("GET", "/rest/products?query=%01", ""), Vec::new, INVALID),
    case("raw control character", USERS, || b"{\"name\":\"a\x01\",\"email\":\"x@y\"}".to_vec(), UNREADABLE),
    case("escaped control character", USERS, || br#"{"name":"a\u0001","email":"x@y"}"#.to_vec(), INVALID),
    case("half a surrogate pair", USERS, || br#"{"name":"\ud800","email":"x@y"}"#.to_vec(), UNREADABLE),
    case("invalid UTF-8", USERS, || b"{\"name\":\"\xff\",\"email\":\"x@y\"}".to_vec(), UNREADABLE),
    case("deep nesting", USERS, || deep(65).into_bytes(), UNREADABLE),
    case("very deep nesting", USERS, || deep(200_000).into_bytes(), UNREADABLE),
    case("a wide object of a deep one", USERS, || format!(r#"{{"name":{}}}"#, deep(63)).into_bytes(), INVALID),
    case("too large", USERS, too_large, (413, "413", "too_large")),
    case("wrong media type", ("POST", "/rest/users", "text/plain"), || b"{}".to_vec(), OTHER_MEDIA_TYPE),
    case("XML", ("POST", "/rest/users", "application/xml"), || b"<!DOCTYPE a><a/>".to_vec(), OTHER_MEDIA_TYPE),
    case("no media type", ("POST", "/rest/users", ""), || b"{}".to_vec(), OTHER_MEDIA_TYPE),
    case("packed in a way that is not read", USERS, || b"{}".to_vec(), OTHER_MEDIA_TYPE).headers(&[("content-encoding", "deflate")]),
    case("a merge patch where none belongs", ("POST", "/rest/users", "application/merge-patch+json"), || b"{}".to_vec(), OTHER_MEDIA_TYPE),
    case("a form that there is not", ("GET", "/rest/users/1", ""), Vec::new, OTHER_FORM).headers(&[("accept", "text/csv")]),
    case("no form at all", ("GET", "/rest/users", ""), Vec::new, OTHER_FORM).headers(&[("accept", "*/*;q=0")]),
    case("fields that are none", ("GET", "/rest/users/1?fields=name,nick_name", ""), Vec::new, INVALID),
    case("fields apart by semicolons", ("GET", "/rest/users?fields=id;name", ""), Vec::new, INVALID),
    case("fields twice", ("GET", "/rest/users?fields=id&fields=name", ""), Vec::new, INVALID),
    case("include twice", ("GET", "/rest/orders/1?include=user&include=products", ""), Vec::new, INVALID),
    case("an address that is too long", ("GET", LONG_TARGET, ""), Vec::new, (414, "414", "too_large")),
    case("a header that is too long", ("GET", "/rest/me", ""), Vec::new, (431, "431", "too_large")).headers(&[("x-long", LONG_FIELD)]),
    case("If-Match without quotes", ("PATCH", "/rest/users/1", JSON), || br#"{"name":"x"}"#.to_vec(), UNREADABLE).headers(&[("if-match", "1")]),
    case("If-Match of another version", ("PATCH", "/rest/users/1", JSON), || br#"{"name":"x"}"#.to_vec(), NO_SUCH_VERSION).headers(&[("if-match", "\"9\"")]),
    case("If-Match of no version", ("DELETE", "/rest/users/1", ""), Vec::new, NO_SUCH_VERSION).headers(&[("if-match", "\"h1\"")]),
    case("If-Match of what is not there", ("DELETE", "/rest/users/51", ""), Vec::new, (404, "404", "user_not_found")).headers(&[("if-match", "\"h1\"")]),
    case("If-Match of a weak tag", ("PATCH", "/rest/users/1", JSON), || br#"{"name":"x"}"#.to_vec(), NO_SUCH_VERSION).headers(&[("if-match", "W/\"1\"")]),
    case("If-Match where there is no version", ("PUT", "/rest/users/1/cart/1", JSON), || br#"{"quantity":1}"#.to_vec(), NO_SUCH_VERSION).headers(&[("if-match", "\"1\"")]),
    case("If-Match to look", ("GET", "/rest/users/1", ""), Vec::new, NO_SUCH_VERSION).headers(&[("if-match", "\"9\"")]),
    case("If-None-Match of what is there", ("PUT", "/rest/users/1", JSON), || br#"{"name":"x","email":"x@y"}"#.to_vec(), NO_SUCH_VERSION).headers(&[("if-none-match", "*")]),
    case("a patch that is no list", ("PATCH", "/rest/users/1", PATCH), || b"{}".to_vec(), INVALID),
    case("a patch of what can't be changed", ("PATCH", "/rest/users/1", PATCH), || br#"[{"op":"replace","path":"/role","value":"admin"}]"#.to_vec(), INVALID),
    case("a patch of what is in the address", ("PATCH", "/rest/users/1", PATCH), || br#"[{"op":"replace","path":"/id","value":2}]"#.to_vec(), INVALID),
    case("a patch that removes", ("PATCH", "/rest/users/1", PATCH), || br#"[{"op":"remove","path":"/name"}]"#.to_vec(), INVALID),
    case("a patch that leads nowhere", ("PATCH", "/rest/users/1", PATCH), || br#"[{"op":"replace","path":"/lines/0","value":1}]"#.to_vec(), INVALID),
    case("a patch whose test fails", ("PATCH", "/rest/users/1", PATCH), || br#"[{"op":"test","path":"/version","value":9}]"#.to_vec(), (409, "409", "stale_version")),
    case("a patch of an unknown user", ("PATCH", "/rest/users/51", PATCH), || b"[]".to_vec(), (404, "404", "user_not_found")),
    case("a query without a media type", ("QUERY", "/rest/products", ""), || b"{}".to_vec(), OTHER_MEDIA_TYPE),
    case("a query of nothing", ("QUERY", "/rest/products", ""), Vec::new, OTHER_MEDIA_TYPE),
    case("a query with no body", QUERY, Vec::new, UNREADABLE),
    case("a query of a member that is none", QUERY, || br#"{"colour":"red"}"#.to_vec(), INVALID),
    case("a query where there is none", ("QUERY", "/rest/users/1", JSON), || b"{}".to_vec(), NOT_SO),
];
