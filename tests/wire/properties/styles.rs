//! The styles as the properties meet them: what is sent, and how an answer is recognised.

use super::probe::Answer;
use serde_json::Value;
use tests::grammar::{Said, read};
use tests::raw::Response;

/// A refusal: the status, the style's own code, and the reason.
pub type Refusal = (u16, &'static str, &'static str);

/// Why a request is refused.
#[derive(Clone, Copy, Debug)]
pub enum Mistake {
    /// The body can't be read.
    Unreadable,
    /// RFC 9110 section 15.5.16: the media type, the charset or the coding.
    MediaType,
    /// RFC 9110 section 15.5.14.
    TooLarge,
    /// RFC 9110 section 15.5.6.
    Method,
    /// The address names no sandbox.
    Sandbox,
}

/// A style, or a version of it.
pub struct Style {
    pub name: &'static str,
    /// The style in whose grammar it refuses.
    grammar: &'static str,
    pub target: &'static str,
    pub media_type: &'static str,
    /// Further header lines of every request.
    pub beside: &'static str,
    pub body: &'static str,
    /// What stands in the answer to that.
    pub good: &'static str,
    /// What is there to be had by GET, and what stands in it.
    pub look: (&'static str, &'static str),
    unreadable: Refusal,
    media_type_refused: Refusal,
    too_large: Refusal,
    method: Refusal,
    sandbox: Refusal,
}

impl Style {
    /// How it refuses.
    pub fn refusal(&self, mistake: Mistake) -> Refusal {
        match mistake {
            Mistake::Unreadable => self.unreadable,
            Mistake::MediaType => self.media_type_refused,
            Mistake::TooLarge => self.too_large,
            Mistake::Method => self.method,
            Mistake::Sandbox => self.sandbox,
        }
    }

    /// Reads a refusal by the style's grammar.
    pub fn read(&self, response: &Response) -> Said {
        if self.grammar != "oauth" {
            return read(self.grammar, response);
        }
        // RFC 6749 section 5.2.
        assert_eq!(response.header("content-type"), "application/json");
        let refusal: Value = serde_json::from_slice(&response.body).expect("JSON");
        let error = refusal["error"].as_str().expect("an error").to_owned();
        Said { code: response.status.to_string(), reason: error }
    }

    /// What is said to an empty body: of a form, that the client is missing in it.
    pub fn empty(&self) -> Answer {
        if self.grammar == "oauth" { Answer::Status(401) } else { Answer::Refused(Mistake::Unreadable) }
    }

    /// Whether a body is JSON.
    pub fn is_json(&self) -> bool {
        self.media_type == "application/json"
    }

    /// Whether a body is XML.
    pub fn is_xml(&self) -> bool {
        self.media_type.ends_with("xml")
    }

    /// The body, with white space behind it until it is so long; a form has a parameter more instead.
    pub fn padded(&self, bytes: usize) -> Vec<u8> {
        let mut body = self.body.as_bytes().to_vec();
        let filler = if self.is_json() || self.is_xml() {
            b' '
        } else {
            body.extend(b"&filler=");
            b'x'
        };
        body.resize(bytes, filler);
        body
    }
}

const REST: Style = Style {
    name: "rest",
    grammar: "rest",
    target: "/rest/login",
    media_type: "application/json",
    beside: "",
    body: r#"{"email":"ada@example.com","password":"parlance"}"#,
    good: "\"token\"",
    look: ("/rest/products/1", "\"id\""),
    unreadable: (400, "400", "unreadable"),
    media_type_refused: (415, "415", "unreadable"),
    too_large: (413, "413", "too_large"),
    method: (405, "405", "unknown_operation"),
    sandbox: (404, "404", "unknown_operation"),
};

const SOAP_11: Style = Style {
    name: "soap 1.1",
    grammar: "soap",
    target: "/soap",
    media_type: "text/xml",
    beside: "",
    body: "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\
           <WhoAmI xmlns=\"urn:parlance:shop:v1\"/></s:Body></s:Envelope>",
    good: "WhoAmIResponse",
    look: ("/soap?wsdl", "definitions"),
    unreadable: (500, "Client", "unreadable"),
    media_type_refused: (415, "Client", "unreadable"),
    too_large: (413, "Client", "too_large"),
    method: (405, "Client", "unknown_operation"),
    sandbox: (500, "Client", "unknown_operation"),
};

const SOAP_12: Style = Style {
    name: "soap 1.2",
    media_type: "application/soap+xml",
    body: "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>\
           <WhoAmI xmlns=\"urn:parlance:shop:v1\"/></s:Body></s:Envelope>",
    look: ("/soap?xsd=shop.xsd", "schema"),
    unreadable: (400, "Sender", "unreadable"),
    media_type_refused: (415, "Sender", "unreadable"),
    too_large: (413, "Sender", "too_large"),
    method: (405, "Sender", "unknown_operation"),
    sandbox: (400, "Sender", "unknown_operation"),
    ..SOAP_11
};

const JSON_RPC: Style = Style {
    name: "jsonrpc",
    grammar: "jsonrpc",
    target: "/jsonrpc",
    media_type: "application/json",
    beside: "",
    body: r#"{"jsonrpc":"2.0","id":1,"method":"who_am_i"}"#,
    good: "\"result\"",
    look: ("/jsonrpc/openrpc.json", "\"openrpc\""),
    unreadable: (200, "-32700", "unreadable"),
    media_type_refused: (415, "-32600", "unreadable"),
    too_large: (413, "-32600", "too_large"),
    method: (405, "-32600", "unreadable"),
    sandbox: (200, "-32601", "unknown_operation"),
};

const XML_RPC: Style = Style {
    name: "xmlrpc",
    grammar: "xmlrpc",
    target: "/xmlrpc",
    media_type: "text/xml",
    body: "<methodCall><methodName>who_am_i</methodName></methodCall>",
    good: "<params>",
    look: ("/xmlrpc/methods.json", "\"name\""),
    ..JSON_RPC
};

const GRAPHQL: Style = Style {
    name: "graphql",
    grammar: "graphql",
    target: "/graphql",
    media_type: "application/json",
    beside: "",
    body: r#"{"query":"{ me { role } }"}"#,
    good: "\"data\"",
    look: ("/graphql?query=%7Bme%7Brole%7D%7D", "\"data\""),
    unreadable: (400, "GRAPHQL_PARSE_FAILED", "unreadable"),
    media_type_refused: (415, "GRAPHQL_PARSE_FAILED", "unreadable"),
    too_large: (413, "TOO_LARGE", "too_large"),
    method: (405, "GRAPHQL_VALIDATION_FAILED", "unknown_operation"),
    sandbox: (400, "GRAPHQL_VALIDATION_FAILED", "unknown_operation"),
};

const GRAPHQL_SSE: Style = Style {
    name: "graphql over events",
    target: "/graphql/stream",
    beside: "accept: text/event-stream\r\n",
    look: ("/graphql/stream?query=%7Bme%7Brole%7D%7D", "\"data\""),
    ..GRAPHQL
};

const OAUTH: Style = Style {
    name: "oauth",
    grammar: "oauth",
    target: "/oauth/token",
    media_type: "application/x-www-form-urlencoded",
    beside: "",
    body: "grant_type=client_credentials&client_id=demo-service&client_secret=demo-service-secret",
    good: "\"access_token\"",
    look: ("/.well-known/oauth-authorization-server", "\"issuer\""),
    unreadable: (400, "400", "invalid_request"),
    media_type_refused: (415, "415", "invalid_request"),
    too_large: (413, "413", "invalid_request"),
    method: (405, "405", "invalid_request"),
    sandbox: (404, "404", "invalid_request"),
};

/// All of them. A WebSocket has no requests; what holds for its handshakes and frames is tried where it does.
pub const STYLES: &[Style] = &[REST, SOAP_11, SOAP_12, JSON_RPC, XML_RPC, GRAPHQL, GRAPHQL_SSE, OAUTH];
