//! What has a style of its own that no other has words for? Sockets that learn who they are from, one key for all fields of a
//! document, and how either breaks off; tags and streams at an address.

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
