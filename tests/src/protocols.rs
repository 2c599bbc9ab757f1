//! What each protocol says and takes, written down apart from its adapter: one file for each, so that a new one is one file more.

mod graphql;
mod jsonrpc;
mod rest;
mod soap;
mod websocket;
mod xmlrpc;

use crate::attacks::Grammar;
use crate::raw::Response;
use crate::variants::Variant;
use domain::{Kind, Reason};
use serde_json::Value;
use wire::io::Recording;
use wire::limits::BODY_BYTES_MAX;

/// Every protocol, in the order of the server's list.
pub const ALL: &[&ProtocolFacts] =
    &[&rest::FACTS, &soap::FACTS, &jsonrpc::FACTS, &xmlrpc::FACTS, &websocket::FACTS, &graphql::FACTS];

/// The facts of a protocol. There are no defaults: what a new protocol has not said, the compiler names.
pub struct ProtocolFacts {
    /// The adapter's name.
    pub name: &'static str,
    /// The codes by which it refuses.
    pub codes: Codes,
    /// Reasons that have another code than others of their kind.
    pub exceptions: &'static [(Reason, &'static str)],
    /// What a refusal says beside code, reason and message.
    pub capabilities: Capabilities,
    /// Reads a refusal, strictly by the grammar, and not with the adapter's own reader.
    pub read_refusal: fn(&Response) -> Refusal,
    /// Validates the reply of an exchange by the contract, and the request too if it is to be valid; none where no contract is
    /// a schema of whole messages.
    pub check_exchange: Option<CheckExchange>,
    /// The status of a refusal for a wrong header, by its code; none where requests have no headers.
    pub header_status: Option<fn(code: &str) -> u16>,
    /// Its requests over HTTP, in each version.
    pub variants: &'static [Variant],
    /// Bad input over HTTP.
    pub cases: &'static [Case],
    /// The grammars whose readers are attacked.
    pub attacked: &'static [Grammar],
    /// Where it has WebSockets.
    pub sockets: &'static [Socket],
}

/// Validates a recorded exchange, with its request or without.
pub type CheckExchange = fn(&Recording, request_too: bool) -> Result<(), String>;

/// The codes of a protocol.
pub enum Codes {
    /// One for each kind.
    PerKind(fn(Kind) -> &'static str),
    /// There are none: the reason is the code.
    Reason,
}

/// What a refusal says beside code, reason and message.
#[derive(Clone, Copy, Debug)]
pub struct Capabilities {
    /// The kind, beside the code.
    pub kind: bool,
    /// Every violation, and the time after which to try again.
    pub details: bool,
}

/// What a refusal says, as read by the grammar of a style.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    /// The style's own code.
    pub code: String,
    /// The dictionary's word.
    pub reason: String,
}

/// The status, the style's own code, and the reason that are expected.
pub type Expected = (u16, &'static str, &'static str);

/// Bad input: a request as it is sent, and what must be said to it.
pub struct Case {
    /// What it is called.
    pub name: &'static str,
    /// Method, target and media type.
    pub head: (&'static str, &'static str, &'static str),
    /// Further headers.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body.
    pub body: fn() -> Vec<u8>,
    /// What must be said to it.
    pub said: Expected,
}

/// Where a protocol has WebSockets.
pub struct Socket {
    /// Its path.
    pub path: &'static str,
    /// The subprotocol that is asked for; none if empty.
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
    /// The code by which a reason is said.
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

/// A row of a table: its name; method, target and media type; the body; and what must be said.
const fn case(
    name: &'static str,
    head: (&'static str, &'static str, &'static str),
    body: fn() -> Vec<u8>,
    said: Expected,
) -> Case {
    Case { name, head, headers: &[], body, said }
}

/// One byte more than is read, of white space, which every grammar would pass over.
fn too_large() -> Vec<u8> {
    vec![b' '; BODY_BYTES_MAX + 1]
}

/// So many lists inside each other, as JSON.
fn deep(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
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
