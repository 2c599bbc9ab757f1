//! Bad input over SOAP, in either version.

use super::{case, too_large};
use crate::bytes::Case;

const V11: (&str, &str, &str) = ("POST", "/soap", "text/xml; charset=utf-8");
const V12: (&str, &str, &str) = ("POST", "/soap", "application/soap+xml; charset=utf-8");

const UNREADABLE: (u16, &str, &str) = (500, "Client", "unreadable");
const INVALID: (u16, &str, &str) = (500, "Client", "invalid_input");
const UNKNOWN: (u16, &str, &str) = (500, "Client", "unknown_operation");
const WRONG: (u16, &str, &str) = (500, "Client", "credentials_wrong");
const UNREADABLE_12: (u16, &str, &str) = (400, "Sender", "unreadable");
const OTHER_MEDIA_TYPE: (u16, &str, &str) = (415, "Client", "unreadable");

/// An envelope of SOAP 1.1 around that.
fn v11(content: &str) -> Vec<u8> {
    format!("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{content}</s:Body></s:Envelope>")
        .into_bytes()
}

/// An envelope of SOAP 1.2 around that.
fn v12(content: &str) -> Vec<u8> {
    format!("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>{content}</s:Body></s:Envelope>")
        .into_bytes()
}

/// An operation's element.
fn element(name: &str, inside: &str) -> String {
    format!("<{name} xmlns=\"urn:parlance:shop:v1\">{inside}</{name}>")
}

/// A question with that in its header.
fn with_header(blocks: &str) -> Vec<u8> {
    let wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    format!(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:o='{wsse}' xmlns:p='urn:parlance:shop:v1'>\
         <s:Header>{blocks}</s:Header><s:Body>{}</s:Body></s:Envelope>",
        element("GetProduct", "<id>1</id>")
    )
    .into_bytes()
}

/// A block of WS-Security with Ada's name, and that.
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

/// A key in a block of the envelope.
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

/// XML inside of XML, so deep.
fn deep(depth: usize) -> Vec<u8> {
    get_user(&format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth)))
}

/// The billion laughs.
const BOMB: &str = "<!DOCTYPE b [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";

#[rustfmt::skip]
pub const CASES: &[Case] = &[
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
    case("credentials in the envelope and beside it", V11, || with_header(&password("PasswordText", "parlance")), WRONG).beside(&[("authorization", "Basic YWRhQGV4YW1wbGUuY29tOnBhcmxhbmNl")]),
    case("another key in the envelope than beside it", V11, || with_header(&key("a")), INVALID).beside(&[("idempotency-key", "b")]),
    case("two keys in the envelope", V11, || with_header(&(key("a") + &key("b"))), INVALID),
    case("wrong media type", ("POST", "/soap", "application/json"), || get_user("<id>1</id>"), OTHER_MEDIA_TYPE),
    case("no media type", ("POST", "/soap", ""), || get_user("<id>1</id>"), OTHER_MEDIA_TYPE),
    case("another charset", ("POST", "/soap", "text/xml; charset=iso-8859-1"), || get_user("<id>1</id>"), OTHER_MEDIA_TYPE),
    case("wrong method", ("PUT", "/soap", V11.2), || get_user("<id>1</id>"), (405, "Client", "unknown_operation")),
    case("an unknown document", ("GET", "/soap?nothing", ""), Vec::new, (404, "Client", "unknown_operation")),
];
