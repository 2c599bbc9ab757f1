//! The facts of each protocol, written apart from its adapter: one file each, so that a new protocol is one more file.

mod graphql;
mod grpc;
mod jsonrpc;
mod rest;
mod soap;
mod websocket;
mod xmlrpc;

use crate::attacks::Grammar;
use crate::raw::Response;
use crate::slips::Slip;
use crate::variants::Variant;
use domain::{Kind, Reason};
use serde_json::Value;
use wire::CallRequest;
use wire::limits::BODY_BYTES_MAX;
use wire::recorder::Recording;

/// Every protocol, in the order of the server's list.
pub const ALL: &[&ProtocolFacts] =
    &[&rest::FACTS, &soap::FACTS, &jsonrpc::FACTS, &xmlrpc::FACTS, &websocket::FACTS, &graphql::FACTS, &grpc::FACTS];

/// The facts of a protocol. There are no defaults: the compiler names what a new protocol lacks.
pub struct ProtocolFacts {
    /// The adapter's name.
    pub name: &'static str,
    /// The codes of its refusals.
    pub codes: Codes,
    /// Reasons with another code than the others of their kind.
    pub exceptions: &'static [(Reason, &'static str)],
    /// Whether an error has its kind in addition to the code.
    pub has_kind: bool,
    /// How it spells what a message names.
    pub spells: fn(Named) -> String,
    /// Whether its grammar has a form for an input, which need not be valid. What has none is called in the other styles alone.
    pub can_express: fn(&CallRequest) -> bool,
    /// Ordinary mistakes in its grammar.
    pub slips: &'static [Slip],
    /// Reads a refusal, strictly by the grammar, and not with the adapter's own reader.
    pub read_refusal: fn(&Response) -> Refusal,
    /// Validates the reply of an exchange by the contract, and the request too if it should be valid; `None` where no contract is
    /// a schema of whole messages.
    pub check_exchange: Option<CheckExchange>,
    /// The status of a refusal for a wrong header, by its code; `None` where requests have no headers.
    pub header_status: Option<fn(code: &str) -> u16>,
    /// Its requests over HTTP, in each version.
    pub variants: &'static [Variant],
    /// Bad input over HTTP.
    pub cases: &'static [Case],
    /// The grammars whose readers are attacked.
    pub attacked: &'static [Grammar],
    /// Its WebSockets.
    pub sockets: &'static [Socket],
}

/// What a message names, by its name in the table.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// A member of an input.
    Member(&'a str),
    /// An operation.
    Operation(&'a str),
    /// A word of an enum.
    Word(&'a str),
    /// The place of an API key.
    ApiKey,
}

/// Validates a recorded exchange, with its request or without.
pub type CheckExchange = fn(&Recording, request_too: bool) -> Result<(), String>;

/// The codes of a protocol.
pub enum Codes {
    /// One for each kind.
    PerKind(fn(Kind) -> &'static str),
    /// None: the reason is the code.
    Reason,
}

/// A refusal, as read by the grammar of a style.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    /// The style's own code.
    pub code: String,
    /// The reason.
    pub reason: String,
}

/// The expected status, style's own code and reason.
pub type Expected = (u16, &'static str, &'static str);

/// Bad input: a request as it is sent, and the expected refusal.
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// Method, target and media type.
    pub head: (&'static str, &'static str, &'static str),
    /// Further headers.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body.
    pub body: fn() -> Vec<u8>,
    /// The expected refusal.
    pub expected: Expected,
}

/// The WebSocket of a protocol.
pub struct Socket {
    /// Its path.
    pub path: &'static str,
    /// The subprotocol to offer; none if empty.
    pub subprotocol: &'static str,
    /// Whether binary messages are refused with 1003.
    pub refuses_binary: bool,
}

/// The facts of a style.
pub fn facts(style: &str) -> &'static ProtocolFacts {
    let known = ALL.iter().find(|facts| facts.name == style);
    known.unwrap_or_else(|| panic!("there is no tests/src/protocols/{style}.rs"))
}

impl ProtocolFacts {
    /// The code of a reason.
    pub fn code(&self, reason: Reason) -> &'static str {
        if let Some((_, code)) = self.exceptions.iter().find(|(exception, _)| *exception == reason) {
            return code;
        }
        match self.codes {
            Codes::PerKind(code) => code(reason.kind()),
            Codes::Reason => reason.word(),
        }
    }
}

impl Case {
    /// The same with further headers.
    pub const fn headers(self, headers: &'static [(&'static str, &'static str)]) -> Case {
        Case { headers, ..self }
    }
}

/// A row of a table: its name; method, target and media type; the body; and the expected refusal.
const fn case(
    name: &'static str,
    head: (&'static str, &'static str, &'static str),
    body: fn() -> Vec<u8>,
    expected: Expected,
) -> Case {
    Case { name, head, headers: &[], body, expected }
}

/// White space of one byte more than the limit, which every grammar would skip.
fn too_large() -> Vec<u8> {
    vec![b' '; BODY_BYTES_MAX + 1]
}

/// So many nested lists, as JSON.
fn deep(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

/// The place of an API key in HTTP.
const API_KEY: &str = "X-API-Key";

/// The spelling of the table itself.
fn plain(named: Named) -> String {
    match named {
        Named::Member(name) | Named::Operation(name) | Named::Word(name) => name.to_owned(),
        Named::ApiKey => API_KEY.to_owned(),
    }
}

/// A refusal in JSON, of one of these media types.
fn json(response: &Response, media_types: &[&str]) -> Value {
    let essence = response.header("content-type").split(';').next().unwrap_or_default();
    assert!(media_types.contains(&essence), "content-type: {essence}, {}", response.text());
    serde_json::from_slice(&response.body).unwrap_or_else(|error| panic!("{error}: {}", response.text()))
}

/// A text that is not empty.
fn text(value: &Value) -> String {
    value.as_str().filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
