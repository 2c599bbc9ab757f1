//! The facts of the shop's own protocol over WebSocket: its codes, a reader of its refusals, and bad input.

use super::{Case, Codes, Named, ProtocolFacts, Refusal, Socket, case, json, plain, text};
use crate::raw::Response;
use crate::slips;
use serde_json::Value;

/// The facts of the WebSocket style.
pub const FACTS: ProtocolFacts = ProtocolFacts {
    name: "websocket",
    codes: Codes::Reason,
    exceptions: &[],
    has_kind: true,
    spells: |named| match named {
        Named::ApiKey => "authenticate".to_owned(),
        other => plain(other),
    },
    can_express: |_| true,
    slips: slips::websocket::SLIPS,
    read_refusal: message,
    check_exchange: None,
    header_status: None,
    // Its handshakes and frames are tested elsewhere.
    variants: &[],
    cases: CASES,
    // It has no bodies.
    attacked: &[],
    sockets: &[
        Socket { path: "/ws", subprotocol: "shop.v1.json", refuses_binary: true },
        // It echoes binary messages.
        Socket { path: "/ws/echo", subprotocol: "", refuses_binary: false },
    ],
};

/// Before there is a socket: the message that a socket would carry, and a status.
fn message(response: &Response) -> Refusal {
    let message = json(response, &["application/json"]);
    assert_eq!(message["id"], Value::Null);
    let error = &message["error"];
    text(&error["message"]);
    text(&error["kind"]);
    Refusal { code: response.status.to_string(), reason: text(&error["reason"]) }
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    case("no upgrade", ("GET", "/ws", ""), Vec::new, (426, "426", "unreadable")),
    case("wrong method", ("POST", "/ws", "application/json"), || b"{}".to_vec(), (426, "426", "unreadable")),
    case("no upgrade to the echo", ("GET", "/ws/echo", ""), Vec::new, (426, "426", "unreadable")),
];
