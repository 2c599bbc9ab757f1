//! What has a style of its own at the door, that no other has words for? Sockets that learn who they are from, one key for all
//! fields of a document, and how either breaks off; tags and streams at an address; and what each style answers to who wants it
//! packed.

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

mod graphql;
mod graphql_again;
mod graphql_graph;
mod graphql_socket;
mod graphql_stream;
mod house;
mod packing;
mod rest;
mod websocket;
