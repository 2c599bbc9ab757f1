//! The facts of SOAP: its codes, a reader of its refusals, and bad input.

use super::{API_KEY, Case, Codes, Expected, Named, ProtocolFacts, Refusal, case, too_large};
use crate::attacks::{self, BOTH, Grammar};
use crate::raw::Response;
use crate::slips;
use crate::variants::{Answer, Mistake, Variant};
use crate::xsd;
use domain::Kind;
use wire::names::{camel, pascal};
use wire::xml::Element;

/// The facts of SOAP, in either version.
pub const FACTS: ProtocolFacts = ProtocolFacts {
    name: "soap",
    codes: Codes::PerKind(code),
    exceptions: &[],
    has_kind: true,
    spells: |named| match named {
        Named::ApiKey => API_KEY.to_owned(),
        Named::Member(name) => camel(name),
        Named::Operation(name) => pascal(name),
        Named::Word(word) => word.to_owned(),
    },
    can_express: |_| true,
    slips: slips::soap::SLIPS,
    read_refusal: fault,
    check_exchange: Some(xsd::check_exchange),
    // SOAP 1.1 section 6.2.
    header_status: Some(|_| 500),
    variants: &[VARIANT_11, VARIANT_12],
    cases: CASES,
    attacked: &[SOAP_11, SOAP_12],
    sockets: &[],
};

/// The fault code of SOAP 1.1 for each kind.
fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::Unreadable
        | Kind::UnknownOperation
        | Kind::TooLarge
        | Kind::Invalid
        | Kind::Unauthenticated
        | Kind::Forbidden
        | Kind::NotFound
        | Kind::Conflict
        | Kind::RuleBroken
        | Kind::Gone => "Client",
        Kind::RateLimited | Kind::Unavailable | Kind::Internal => "Server",
    }
}

/// SOAP 1.1 section 4.4, SOAP 1.2 part 1 section 5.4.
fn fault(response: &Response) -> Refusal {
    let essence = response.header("content-type").split(';').next().unwrap_or_default();
    let root = wire::xml::read(&response.body).unwrap_or_else(|error| panic!("{error}: {}", response.text()));
    let one = |element: &Element, name: &str| element.child(name).unwrap_or_else(|| panic!("no {name}")).clone();
    let fault = one(&one(&root, "Body"), "Fault");
    let names: Vec<&str> = fault.children.iter().map(|child| child.name.as_str()).collect();
    let (code, detail) = match essence {
        "text/xml" => {
            assert_eq!(root.namespace.as_deref(), Some("http://schemas.xmlsoap.org/soap/envelope/"));
            assert_eq!(names[..2], ["faultcode", "faultstring"]);
            assert!(!one(&fault, "faultstring").text.is_empty());
            (one(&fault, "faultcode").text, fault.child("detail"))
        }
        "application/soap+xml" => {
            assert_eq!(root.namespace.as_deref(), Some("http://www.w3.org/2003/05/soap-envelope"));
            assert_eq!(names[..2], ["Code", "Reason"]);
            assert!(!one(&one(&fault, "Reason"), "Text").text.is_empty());
            (one(&one(&fault, "Code"), "Value").text, fault.child("Detail"))
        }
        other => panic!("content-type: {other}"),
    };
    let code = code.strip_prefix("soap:").expect("a qualified name").to_owned();
    let reason = match detail {
        Some(detail) => {
            let text = response.text().replace("soap:Detail>", "detail>");
            xsd::check_message(&text).unwrap_or_else(|error| panic!("{error}"));
            one(&one(detail, "ShopFault"), "reason").text
        }
        // SOAP 1.1 section 4.4: an error that is not about the body has no detail.
        None => String::new(),
    };
    Refusal { code, reason }
}

const SOAP_11: Grammar = Grammar {
    title: "SOAP 1.1",
    target: "/soap",
    media_type: "text/xml; charset=utf-8",
    around: (
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\
         <SearchProducts xmlns=\"urn:parlance:shop:v1\"><query>",
        "</query></SearchProducts></s:Body></s:Envelope>",
    ),
    expected: |mistake| if let attacks::Mistake::TooLong = mistake { (413, "Client") } else { (500, "Client") },
    attacks: &[BOTH, attacks::xml::ATTACKS],
};

const SOAP_12: Grammar = Grammar {
    title: "SOAP 1.2",
    media_type: "application/soap+xml; charset=utf-8",
    around: (
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>\
         <SearchProducts xmlns=\"urn:parlance:shop:v1\"><query>",
        SOAP_11.around.1,
    ),
    expected: |mistake| if let attacks::Mistake::TooLong = mistake { (413, "Sender") } else { (400, "Sender") },
    ..SOAP_11
};

const VARIANT_11: Variant = Variant {
    name: "soap 1.1",
    media_types: &["text/xml", "application/xml"],
    read_refusal: fault,
    target: "/soap",
    headers: "",
    body: "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\
           <WhoAmI xmlns=\"urn:parlance:shop:v1\"/></s:Body></s:Envelope>",
    good: "WhoAmIResponse",
    get: ("/soap?wsdl", "definitions"),
    unreadable: (500, "Client", "unreadable"),
    media_type_refused: (415, "Client", "unreadable"),
    too_large: (413, "Client", "too_large"),
    method: (405, "Client", "unknown_operation"),
    sandbox: (500, "Client", "unknown_operation"),
    empty: Answer::Refused(Mistake::Unreadable),
};

const VARIANT_12: Variant = Variant {
    name: "soap 1.2",
    media_types: &["application/soap+xml"],
    body: "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>\
           <WhoAmI xmlns=\"urn:parlance:shop:v1\"/></s:Body></s:Envelope>",
    get: ("/soap?xsd=shop.xsd", "schema"),
    unreadable: (400, "Sender", "unreadable"),
    media_type_refused: (415, "Sender", "unreadable"),
    too_large: (413, "Sender", "too_large"),
    method: (405, "Sender", "unknown_operation"),
    sandbox: (400, "Sender", "unknown_operation"),
    ..VARIANT_11
};

const V11: (&str, &str, &str) = ("POST", "/soap", "text/xml; charset=utf-8");
const V12: (&str, &str, &str) = ("POST", "/soap", "application/soap+xml; charset=utf-8");

const UNREADABLE: Expected = (500, "Client", "unreadable");
const INVALID: Expected = (500, "Client", "invalid_input");
const UNKNOWN: Expected = (500, "Client", "unknown_operation");
const WRONG: Expected = (500, "Client", "credentials_wrong");
const UNREADABLE_12: Expected = (400, "Sender", "unreadable");
const OTHER_MEDIA_TYPE: Expected = (415, "Client", "unreadable");

/// An envelope of SOAP 1.1.
fn v11(content: &str) -> Vec<u8> {
    format!("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{content}</s:Body></s:Envelope>")
        .into_bytes()
}

/// An envelope of SOAP 1.2.
fn v12(content: &str) -> Vec<u8> {
    format!("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>{content}</s:Body></s:Envelope>")
        .into_bytes()
}

/// An operation's element.
fn element(name: &str, inside: &str) -> String {
    format!("<{name} xmlns=\"urn:parlance:shop:v1\">{inside}</{name}>")
}

/// A call with that header.
fn with_header(blocks: &str) -> Vec<u8> {
    let wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    format!(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:o='{wsse}' xmlns:p='urn:parlance:shop:v1'>\
         <s:Header>{blocks}</s:Header><s:Body>{}</s:Body></s:Envelope>",
        element("GetProduct", "<id>1</id>")
    )
    .into_bytes()
}

/// A WS-Security header with Ada's name, and that.
fn ada_with(rest: &str) -> String {
    format!(
        "<o:Security><o:UsernameToken><o:Username>ada@example.com</o:Username>{rest}</o:UsernameToken></o:Security>"
    )
}

/// A password of a type of the profile.
fn password(kind: &str, text: &str) -> String {
    let profile = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0";
    ada_with(&format!("<o:Password Type='{profile}#{kind}'>{text}</o:Password>"))
}

/// A key in a header block.
fn key(key: &str) -> String {
    format!("<p:IdempotencyKey>{key}</p:IdempotencyKey>")
}

fn get_user(inside: &str) -> Vec<u8> {
    v11(&element("GetUser", inside))
}

fn create_user(name: &str) -> Vec<u8> {
    v11(&element("CreateUser", &format!("<name>{name}</name><email>x@y</email>")))
}

/// Something before the envelope.
fn after(prolog: &str) -> Vec<u8> {
    [prolog.as_bytes(), &get_user("<id>1</id>")].concat()
}

/// So many nested elements.
fn deep(depth: usize) -> Vec<u8> {
    get_user(&format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth)))
}

/// The billion laughs attack.
const BOMB: &str = "<!DOCTYPE b [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";

#[rustfmt::skip]
const CASES: &[Case] = &[
    case("malformed", V11, || b"<s:Envelope".to_vec(), UNREADABLE),
    case("malformed, 1.2", V12, || b"<s:Envelope".to_vec(), UNREADABLE_12),
    case("no body", V11, Vec::new, UNREADABLE),
    case("no envelope", V11, || element("GetUser", "<id>1</id>").into_bytes(), UNREADABLE),
    case("an envelope of no version", V11, || b"<Envelope xmlns='urn:x'/>".to_vec(), (500, "VersionMismatch", "")),
    case("an envelope of no version, 1.2", V12, || b"<Envelope xmlns='urn:x'/>".to_vec(), (500, "VersionMismatch", "")),
    case("an envelope of the other version", V11, || v12(&element("GetUser", "<id>1</id>")), OTHER_MEDIA_TYPE),
    case("an empty body of the envelope", V11, || v11(""), UNREADABLE),
    case("two operations", V11, || v11(&element("GetUser", "<id>1</id>").repeat(2)), UNREADABLE),
    case("wrong type", V11, || get_user("<id>x</id>"), INVALID),
    case("wrong type, 1.2", V12, || v12(&element("GetUser", "<id>x</id>")), (400, "Sender", "invalid_input")),
    case("a required member is nil", V11, || get_user("<id xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='1'/>"), INVALID),
    case("unknown member", V11, || get_user("<id>1</id><nickName>x</nickName>"), INVALID),
    case("a member twice", V11, || get_user("<id>1</id><id>1</id>"), INVALID),
    case("a member in no namespace", V11, || get_user("<id xmlns=''>1</id>"), INVALID),
    case("text between members", V11, || get_user("<id>1</id>hello"), INVALID),
    case("unknown operation", V11, || v11(&element("GetUsers", "")), UNKNOWN),
    case("unknown operation, 1.2", V12, || v12(&element("GetUsers", "")), (400, "Sender", "unknown_operation")),
    case("an operation of another namespace", V11, || v11("<GetUser xmlns='urn:x'><id>1</id></GetUser>"), UNKNOWN),
    case("an operation that can't stream", V11, || v11(&element("WatchEvents", "")), UNKNOWN),
    case("no sandbox's name", ("POST", "/sandboxes/BAD/soap", V11.2), || get_user("<id>1</id>"), UNKNOWN),
    case("too large", V11, too_large, (413, "Client", "too_large")),
    case("too large, 1.2", V12, too_large, (413, "Sender", "too_large")),
    case("deep nesting", V11, || deep(64), UNREADABLE),
    case("very deep nesting", V11, || deep(100_000), UNREADABLE),
    case("a DOCTYPE", V11, || after("<!DOCTYPE a>"), UNREADABLE),
    case("a DOCTYPE with entities", V11, || after(BOMB), UNREADABLE),
    case("a DOCTYPE from elsewhere", V11, || after("<!DOCTYPE a SYSTEM 'file:///etc/passwd'>"), UNREADABLE),
    case("a DOCTYPE, 1.2", V12, || after("<!DOCTYPE a>"), UNREADABLE_12),
    case("an unknown entity", V11, || create_user("&nbsp;"), UNREADABLE),
    case("a processing instruction", V11, || get_user("<?php echo 1?><id>1</id>"), UNREADABLE),
    case("an unknown prefix", V11, || get_user("<p:id>1</p:id>"), UNREADABLE),
    case("an attribute twice", V11, || get_user("<id a='1' a='2'>1</id>"), UNREADABLE),
    case("control character", V11, || create_user("a\u{1}b"), UNREADABLE),
    case("control character as a reference", V11, || create_user("a&#1;b"), UNREADABLE),
    case("a reference to no character", V11, || create_user("&#xFFFE;"), UNREADABLE),
    case("]]> in a text", V11, || create_user("]]>"), UNREADABLE),
    case("invalid UTF-8", V11, || get_user("<id>\u{1}</id>").into_iter().map(|b| if b == 1 { 0xff } else { b }).collect(), UNREADABLE),
    case("another encoding", ("POST", "/soap", "text/xml"), || after("<?xml version='1.0' encoding='ISO-8859-1'?>"), OTHER_MEDIA_TYPE),
    case("something after the end", V11, || [get_user("<id>1</id>"), b"<more/>".to_vec()].concat(), UNREADABLE),
    case("a wrong password in the envelope", V11, || with_header(&password("PasswordText", "x")), WRONG),
    case("a digest of a password", V11, || with_header(&password("PasswordDigest", "weYI3nXd8LjMNVksCKFV8t3rgHh3Rw==")), WRONG),
    case("a password of no known type", V11, || with_header(&password("PasswordMood", "parlance")), WRONG),
    case("a name without a password", V11, || with_header(&ada_with("")), WRONG),
    case("two names in the envelope", V11, || with_header(&password("PasswordText", "parlance").repeat(2)), WRONG),
    case("an empty wsse:Security", V11, || with_header("<o:Security/>"), WRONG),
    case("another proof than a name and a password", V11, || with_header("<o:Security><o:BinarySecurityToken/></o:Security>"), WRONG),
    case("credentials in the envelope and in HTTP", V11, || with_header(&password("PasswordText", "parlance")), WRONG).headers(&[("authorization", "Basic YWRhQGV4YW1wbGUuY29tOnBhcmxhbmNl")]),
    case("another key in the envelope than in HTTP", V11, || with_header(&key("a")), INVALID).headers(&[("idempotency-key", "b")]),
    case("two keys in the envelope", V11, || with_header(&(key("a") + &key("b"))), INVALID),
    case("wrong media type", ("POST", "/soap", "application/json"), || get_user("<id>1</id>"), OTHER_MEDIA_TYPE),
    case("no media type", ("POST", "/soap", ""), || get_user("<id>1</id>"), OTHER_MEDIA_TYPE),
    case("another charset", ("POST", "/soap", "text/xml; charset=iso-8859-1"), || get_user("<id>1</id>"), OTHER_MEDIA_TYPE),
    case("wrong method", ("PUT", "/soap", V11.2), || get_user("<id>1</id>"), (405, "Client", "unknown_operation")),
    case("an unknown document", ("GET", "/soap?nothing", ""), Vec::new, (404, "Client", "unknown_operation")),
];
