//! What only one style has: sockets that authenticate, one key for all fields of a document, faults of both; entity tags, and
//! a stream at an address.

mod graphql;
mod one_style;
mod rest;
mod websocket;

use crate::trials::Trials;

pub fn tests(trials: &mut Trials) {
    trials.plain(rest::TESTS);
    trials.plain(websocket::TESTS);
    graphql::tests(trials);
}
