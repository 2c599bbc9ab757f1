//! Bad input over WebSocket, before there is a socket. What is wrong within one is in `frames`.

use super::case;
use crate::bytes::Case;

#[rustfmt::skip]
pub const CASES: &[Case] = &[
    case("no upgrade", ("GET", "/ws", ""), Vec::new, (426, "426", "unreadable")),
    case("wrong method", ("POST", "/ws", "application/json"), || b"{}".to_vec(), (426, "426", "unreadable")),
    case("no upgrade to the echo", ("GET", "/ws/echo", ""), Vec::new, (426, "426", "unreadable")),
];
