//! Which bad input is sent over HTTP, and what must be said to it? A table for each style.

mod graphql;
mod jsonrpc;
mod rest;
mod soap;
mod websocket;
mod xmlrpc;

use crate::bytes::Case;
use wire::limits::BODY_BYTES_MAX;

/// Every case, by style.
pub const CASES: &[(&str, &[Case])] = &[
    ("rest", rest::CASES),
    ("soap", soap::CASES),
    ("jsonrpc", jsonrpc::CASES),
    ("websocket", websocket::CASES),
    ("graphql", graphql::CASES),
    ("xmlrpc", xmlrpc::CASES),
];

/// A row of a table: its name; method, target and media type; the body; and what must be said.
const fn case(
    name: &'static str,
    head: (&'static str, &'static str, &'static str),
    body: fn() -> Vec<u8>,
    said: (u16, &'static str, &'static str),
) -> Case {
    Case { name, head, beside: &[], body, said }
}

/// One byte more than is read, of white space, which every grammar would pass over.
fn too_large() -> Vec<u8> {
    vec![b' '; BODY_BYTES_MAX + 1]
}

/// So many lists inside each other, as JSON.
fn deep(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}
