//! The facts of XML-RPC: its codes, a reader of its refusals, and bad input.

use super::{Case, Codes, Expected, ProtocolFacts, Refusal, case, jsonrpc, plain, too_large};
use crate::attacks::{BOTH, Grammar, Mistake, xml};
use crate::raw::Response;
use crate::slips;
use crate::variants::Variant;
use wire::xml::Element;

/// The facts of XML-RPC.
pub const FACTS: ProtocolFacts = ProtocolFacts {
    name: "xmlrpc",
    // The two share the numbers of one convention.
    codes: Codes::PerKind(jsonrpc::code),
    exceptions: &[],
    // A fault "may not contain members other than those shown": a number and a text.
    has_kind: false,
    spells: plain,
    can_express: |_| true,
    slips: slips::xmlrpc::SLIPS,
    read_refusal: fault_struct,
    check_exchange: None,
    header_status: Some(|_| 200),
    variants: &[VARIANT],
    cases: CASES,
    attacked: &[XML_RPC],
    sockets: &[],
};

/// XML-RPC, "Fault example": a struct of two members, and "reason: message" by the dictionary.
fn fault_struct(response: &Response) -> Refusal {
    let essence = response.header("content-type").split(';').next().unwrap_or_default();
    assert_eq!(essence, "text/xml", "{}", response.text());
    let root = wire::xml::read(&response.body).unwrap_or_else(|error| panic!("{error}: {}", response.text()));
    assert_eq!(root.name, "methodResponse");
    let down = |element: &Element, way: &[&str]| {
        way.iter().fold(element.clone(), |at, name| at.child(name).unwrap_or_else(|| panic!("no {name}")).clone())
    };
    let members = down(&root, &["fault", "value", "struct"]).children;
    let [code, text] = members.as_slice() else { panic!("two members: {}", response.text()) };
    assert_eq!((down(code, &["name"]).text, down(text, &["name"]).text), ("faultCode".into(), "faultString".into()));
    let text = down(text, &["value", "string"]).text;
    let (reason, _) = text.split_once(": ").expect("reason: message");
    Refusal { code: down(code, &["value", "int"]).text, reason: reason.to_owned() }
}

const XML_RPC: Grammar = Grammar {
    title: "XML-RPC",
    target: "/xmlrpc",
    media_type: "text/xml",
    around: (
        "<methodCall><methodName>search_products</methodName><params><param><value>",
        "</value></param></params></methodCall>",
    ),
    expected: |mistake| match mistake {
        Mistake::Unreadable => (200, "-32700"),
        Mistake::NoRequest | Mistake::TooMuch => (200, "-32600"),
        Mistake::Invalid => (200, "-32602"),
        Mistake::TooLong => (413, "-32600"),
    },
    attacks: &[BOTH, xml::ATTACKS, xml::SEVERAL],
};

const VARIANT: Variant = Variant {
    name: "xmlrpc",
    read_refusal: fault_struct,
    media_types: &["text/xml", "application/xml"],
    target: "/xmlrpc",
    body: "<methodCall><methodName>who_am_i</methodName></methodCall>",
    good: "<params>",
    get: ("/xmlrpc/methods.json", "\"name\""),
    ..jsonrpc::VARIANT
};

const POST: (&str, &str, &str) = ("POST", "/xmlrpc", "text/xml");

const NO_XML: Expected = (200, "-32700", "unreadable");
const NO_XML_RPC: Expected = (200, "-32600", "unreadable");
const UNKNOWN: Expected = (200, "-32601", "unknown_operation");
const INVALID: Expected = (200, "-32602", "invalid_input");

/// A call with these parameters.
fn call(method: &str, params: &str) -> Vec<u8> {
    format!("<methodCall><methodName>{method}</methodName><params>{params}</params></methodCall>").into_bytes()
}

/// A call with one struct.
fn by_name(method: &str, members: &[(&str, &str)]) -> Vec<u8> {
    let member = |(name, value): &(&str, &str)| format!("<member><name>{name}</name><value>{value}</value></member>");
    let members: String = members.iter().map(member).collect();
    call(method, &format!("<param><value><struct>{members}</struct></value></param>"))
}

/// So many nested arrays.
fn deep(depth: usize) -> Vec<u8> {
    let (open, close) = ("<value><array><data>".repeat(depth), "</data></array></value>".repeat(depth));
    call("get_user", &format!("<param>{open}{close}</param>"))
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    case("malformed", POST, || b"<methodCall>".to_vec(), NO_XML),
    case("no body", POST, Vec::new, NO_XML),
    case("no call", POST, || b"<a/>".to_vec(), NO_XML_RPC),
    case("no name", POST, || b"<methodCall/>".to_vec(), NO_XML_RPC),
    case("a value of no type", POST, || by_name("get_user", &[("id", "<number>1</number>")]), NO_XML_RPC),
    case("a number that is none", POST, || by_name("get_user", &[("id", "<int>x</int>")]), INVALID),
    case("wrong type", POST, || by_name("get_user", &[("id", "<string>1</string>")]), INVALID),
    case("a required member is nil", POST, || by_name("get_user", &[("id", "<nil/>")]), INVALID),
    case("a float", POST, || by_name("get_user", &[("id", "<double>1.5</double>")]), INVALID),
    case("unknown member", POST, || by_name("get_user", &[("id", "<int>1</int>"), ("name", "x")]), INVALID),
    case("a member twice", POST, || by_name("get_user", &[("id", "<int>1</int>"), ("id", "<int>1</int>")]), INVALID),
    case("no params", POST, || call("get_user", ""), INVALID),
    case("unknown operation", POST, || by_name("get_users", &[]), UNKNOWN),
    case("an operation that can't stream", POST, || by_name("watch_events", &[]), UNKNOWN),
    case("too large", POST, too_large, (413, "-32600", "too_large")),
    case("deep nesting", POST, || deep(65), NO_XML),
    case("very deep nesting", POST, || deep(20_000), NO_XML),
    case("a DOCTYPE", POST, || [b"<!DOCTYPE a>".to_vec(), call("get_user", "")].concat(), NO_XML),
    case("control character", POST, || by_name("search_products", &[("query", "\u{1}")]), NO_XML),
    case("control character as a reference", POST, || by_name("search_products", &[("query", "&#1;")]), NO_XML),
    case("invalid UTF-8", POST, || b"<methodCall>\xff</methodCall>".to_vec(), NO_XML),
    case("wrong media type", ("POST", "/xmlrpc", "application/json"), || call("get_user", ""), (415, "-32600", "unreadable")),
    case("wrong method", ("GET", "/xmlrpc", ""), Vec::new, (405, "-32600", "unreadable")),
];
