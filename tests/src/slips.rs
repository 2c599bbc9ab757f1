//! Ordinary mistakes in the grammar of each style, as people make them, and what the answer must say.

pub mod graphql;
pub mod grpc;
pub mod jsonrpc;
pub mod rest;
pub mod soap;
pub mod websocket;
pub mod xmlrpc;

use crate::frames::{self, Frame, TEXT, masked};
use crate::raw::{Line, Response, request_with};
use wire::Address;

/// The mistakes. Each style has a row for each of them, in this order.
pub const NAMES: &[&str] = &[
    "an operation with a typo",
    "an operation as another style spells it",
    "a member as another style spells it",
    "the wrapper left out",
    "the wrong namespace or version",
    "no namespace or version",
    "an address with a typo",
    "a slash after the address",
    "another method",
    "a body of another style",
    "the Content-Type of another style",
    "no Content-Type",
    "the Content-Type of curl -d",
    "no body",
];

/// A mistake in a style's grammar.
pub struct Slip {
    /// One of [`NAMES`].
    pub name: &'static str,
    /// How it is made.
    pub made: Made,
    /// What the answer must contain.
    pub says: Says,
}

/// What an answer must contain: what was sent, where, what is expected there, and what to do.
#[derive(Clone, Copy, Debug)]
pub struct Says {
    /// What was sent.
    pub sent: &'static str,
    /// Where the mistake is.
    pub place: &'static str,
    /// What is expected there.
    pub expected: &'static str,
    /// What to do.
    pub advice: &'static str,
}

/// How a mistake is made.
pub enum Made {
    /// By a request over HTTP: method, target, media type (none if empty) and body.
    Request(&'static str, &'static str, &'static str, &'static str),
    /// By a message of the WebSocket at this path.
    Message(&'static str, &'static str),
    /// Not at all: the text says why.
    Impossible(&'static str),
}

/// A row of a table: the mistake, how it is made, and what the answer must contain.
const fn slip(name: &'static str, made: Made, [sent, place, expected, advice]: [&'static str; 4]) -> Slip {
    Slip { name, made, says: Says { sent, place, expected, advice } }
}

/// A mistake that the style's grammar has no room for.
const fn none(name: &'static str, why: &'static str) -> Slip {
    slip(name, Made::Impossible(why), [""; 4])
}

impl Says {
    /// The parts that a text lacks, by name.
    pub fn missing_in(&self, text: &str, spelled: impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
        let Says { sent, place, expected, advice } = *self;
        let parts = [("what was sent", sent), ("where", place), ("what is expected", expected), ("what to do", advice)];
        let parts = parts.into_iter().map(|(part, words)| (part, spelled(words)));
        parts.filter(|(_, words)| !text.contains(words.as_str())).collect()
    }
}

impl Made {
    /// Makes the mistake, and returns the answer as a person reads it; `None` if it is impossible.
    pub fn make(&self, address: &Address) -> Option<String> {
        match *self {
            Made::Request(method, target, media_type, body) => {
                let mut line = Line::open(address);
                line.send(&request_with(
                    method,
                    &format!("{}{target}", address.prefix),
                    media_type,
                    &[],
                    body.as_bytes(),
                ));
                Some(readable(&line.response().expect("an answer, not silence")))
            }
            Made::Message(path, text) => {
                let mut line = frames::open(address, path, "");
                line.send(&masked(TEXT, text.as_bytes()));
                match frames::next(&mut line).expect("an answer, not silence") {
                    Frame::Text(text) => Some(unescaped(&text)),
                    frame => panic!("{frame:?}"),
                }
            }
            Made::Impossible(_) => None,
        }
    }
}

fn readable(response: &Response) -> String {
    let headers = response.headers.iter().filter(|(name, _)| matches!(name.as_str(), "allow" | "location"));
    let headers: String = headers.map(|(name, value)| format!("{name}: {value}\n")).collect();
    format!("{}\n{headers}{}", response.status, unescaped(response.text()))
}

/// A text without the escapes of JSON and XML.
fn unescaped(text: &str) -> String {
    let escapes = [("\\\"", "\""), ("&quot;", "\""), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    escapes.into_iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}
