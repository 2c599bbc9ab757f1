//! gRPC: remote procedure calls as binary messages of Protocol Buffers, over HTTP/2.
//!
//! A request is a POST whose path names a service and a method. Its body is one message: a flag that says whether it is compressed, the
//! length in four bytes, and the fields, each a number and a value, without names. The response has the same form, and ends with
//! **trailers**: header fields after the body, which say how the call went.
//!
//! ```text
//! :method: POST                                          :status: 200
//! :path: /parlance.shop.v1.ShopService/GetUser           content-type: application/grpc
//! content-type: application/grpc
//! te: trailers                                           00 00 00 00 2c 0a 2a 08 01 12 ...
//!
//! 00 00 00 00 02 08 01                                   grpc-status: 0
//! ```
//!
//! `08 01` is the whole input of `get_user`: field 1, a number, is 1. Both sides need the same `.proto` file to know that field 1 is the
//! id (`contract.rs`). A refused call has status 200 in HTTP and a code of gRPC in `grpc-status`; details that a program can read are
//! in `grpc-status-details-bin` (`errors.rs`).
//!
//! Browsers can neither send nor read trailers by themselves. So the same service is there in two more forms, over HTTP/1.1 too:
//! **gRPC-Web** puts the trailers into the body, and **Connect** leaves the envelope away, so that `curl` with JSON is enough. The media
//! type of the request tells which form it is (`messages.rs`).
//!
//! No library for gRPC servers is used: they bring a stack of HTTP of their own, and types that are generated from the `.proto` file. Here
//! the table of operations is the source of every contract, and the same stack serves every style. `protobuf.rs` reads and writes messages by the
//! table's schemas; the primitives are prost's. `standard.rs` has
//! the services that every server of gRPC offers.

mod service;
mod messages;
mod errors;
mod events;
mod contract;
mod client;
mod parse;

mod protobuf;
mod standard;

use domain::Spelling;
use domain::schema::names::Names;
use wire::names::pascal;
use wire::{Adapter, Contract, credentials};

/// The adapter's name.
const NAME: &str = "grpc";

/// Where the style is served: the service's full name.
const PATH: &str = "/parlance.shop.v1.ShopService";

/// How error messages spell names: fields as the table does, the others as the `.proto` file does.
const SPELLING: Spelling = Spelling {
    names: Names { member: str::to_owned, word: contract::enum_value },
    operation: pascal,
    contract: contract::PROTO_PATH,
    credentials: credentials::HOW,
};

/// The documents that describe the style.
const CONTRACTS: &[Contract] = &[Contract {
    title: "Protocol Buffers",
    path: contract::PROTO_PATH,
    media_type: "text/plain; charset=utf-8",
    document: |_| contract::PROTO.to_owned(),
    spelling: |operation| format!("rpc {}(", pascal(operation.name)),
}];

/// gRPC, server half and client half.
pub fn adapter() -> Adapter {
    Adapter {
        name: NAME,
        title: "gRPC",
        about: "A client calls methods of a service that a .proto file describes. Messages are binary, and travel over HTTP/2; \
             trailers after the body say how the call went. Browsers call the same service by gRPC-Web, and curl by \
             Connect, with JSON.",
        spelling: &SPELLING,
        path: PATH,
        contracts: CONTRACTS,
        streams: events::STREAMS,
        mount: service::mount,
        client: &client::Client,
        parse_request: parse::parse_request,
        dropped: |_| None,
    }
}
