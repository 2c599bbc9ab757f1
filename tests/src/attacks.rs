//! Bodies that try to make a server work, wait, or reveal something. Each has about the size of the limit, for a test and for a
//! benchmark.

pub mod json;
pub mod protobuf;
pub mod xml;

use crate::protocols::{self, Expected, ProtocolFacts};
use crate::raw::request;
use wire::limits::{BODY_BYTES_MAX, DRAIN_BYTES_MAX};

/// The sandbox in which nothing must happen.
pub const UNTOUCHED: &str = "untouched";
/// The order that a thousand calls try to cancel there.
pub const ORDER: i32 = 199;

/// Bytes that fill a body: a large attack costs the most.
const FILL_BYTES: usize = 1_000_000;

/// The target: a style, or a version of it.
pub struct Grammar {
    /// Its name in tables.
    pub title: &'static str,
    /// Its address.
    pub target: &'static str,
    /// The media type of its bodies.
    pub media_type: &'static str,
    /// The text before and after a search text.
    pub around: (&'static str, &'static str),
    /// The status and the code of an error.
    pub expected: fn(Mistake) -> (u16, &'static str),
    /// The attacks on it.
    pub attacks: &'static [&'static [Attack]],
}

/// What is wrong with a body.
#[derive(Clone, Copy)]
pub enum Mistake {
    /// It breaks the grammar.
    Unreadable,
    /// It follows the grammar, but is no request.
    NoRequest,
    /// It is a request that no operation accepts.
    Invalid,
    /// It has too many calls.
    TooMuch,
    /// It is too large.
    TooLong,
}

/// A body that is an attack.
pub struct Attack {
    /// Its name.
    pub name: &'static str,
    body: fn(&Grammar, &str) -> Vec<u8>,
    mistake: Mistake,
}

/// Every attack, on every grammar that it applies to.
pub fn all() -> impl Iterator<Item = (&'static ProtocolFacts, &'static Grammar, &'static Attack)> {
    protocols::ALL.iter().flat_map(|facts| {
        let grammars = facts.attacked.iter();
        let rows =
            grammars.flat_map(|grammar| grammar.attacks.iter().copied().flatten().map(move |row| (grammar, row)));
        rows.map(move |(grammar, attack)| (*facts, grammar, attack))
    })
}

const fn attack(name: &'static str, body: fn(&Grammar, &str) -> Vec<u8>, mistake: Mistake) -> Attack {
    Attack { name, body, mistake }
}

/// An attack on any reader.
pub const ENDLESS: Attack = attack("a body without end", |_, _| vec![b' '; ENDLESS_BYTES], Mistake::TooLong);

/// Attacks not on a grammar but on the HTTP server.
pub const BOTH: &[Attack] = &[
    attack("a very long text", |grammar, _| grammar.around(&fill()), Mistake::Invalid),
    ENDLESS,
    attack("invalid UTF-8", |grammar, _| with_byte(grammar, 0xff), Mistake::Unreadable),
    attack("NUL", |grammar, _| with_byte(grammar, 0), Mistake::Unreadable),
];

/// Bytes sent of a body without end: more than is read, and more than is discarded after the refusal.
const ENDLESS_BYTES: usize = BODY_BYTES_MAX + DRAIN_BYTES_MAX + 256 * 1024;

impl Attack {
    /// The body. `elsewhere` is an address to which the server must not connect.
    pub fn body(&self, grammar: &Grammar, elsewhere: &str) -> Vec<u8> {
        (self.body)(grammar, elsewhere)
    }

    /// The status, the style's own code and the reason of the expected refusal.
    pub fn expected(&self, grammar: &Grammar) -> Expected {
        let (status, code) = (grammar.expected)(self.mistake);
        let reason = match self.mistake {
            Mistake::Unreadable | Mistake::NoRequest => "unreadable",
            Mistake::Invalid => "invalid_input",
            Mistake::TooMuch | Mistake::TooLong => "too_large",
        };
        (status, code, reason)
    }

    /// Whether the body has no end.
    pub fn has_no_end(&self) -> bool {
        matches!(self.mistake, Mistake::TooLong)
    }

    /// The body as a request. One without end is sent in chunks.
    pub fn request(&self, grammar: &Grammar, body: &[u8]) -> Vec<u8> {
        if !self.has_no_end() {
            return grammar.request(body);
        }
        let (path, media_type) = (grammar.path(), grammar.media_type);
        let mut bytes = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {media_type}\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        .into_bytes();
        for chunk in body.chunks(16 * 1024) {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes
    }
}

impl Grammar {
    /// A request with that body.
    pub fn request(&self, body: &[u8]) -> Vec<u8> {
        request("POST", &self.path(), self.media_type, body)
    }

    /// A request that succeeds.
    pub fn sane_request(&self) -> Vec<u8> {
        self.request(&self.around("laptop"))
    }

    fn path(&self) -> String {
        format!("/sandboxes/{UNTOUCHED}{}", self.target)
    }

    fn around(&self, text: &str) -> Vec<u8> {
        let (before, behind) = self.around;
        [before, text, behind].concat().into_bytes()
    }
}

fn fill() -> String {
    "x".repeat(FILL_BYTES)
}

/// A long text followed by that byte.
fn with_byte(grammar: &Grammar, byte: u8) -> Vec<u8> {
    let (before, behind) = grammar.around;
    [before.as_bytes(), fill().as_bytes(), &[byte], behind.as_bytes()].concat()
}

/// So many pieces as fill a body, each with its number.
fn pieces(piece: impl Fn(usize) -> String) -> String {
    let mut all = String::new();
    for number in 0.. {
        all.push_str(&piece(number));
        if all.len() >= FILL_BYTES {
            break;
        }
    }
    all
}
