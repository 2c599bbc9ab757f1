//! Ordinary mistakes over WebSocket.

use super::Made::{Message, Request};
use super::{Slip, none, slip};

const NO_HEADERS: &str = "a message has no headers";

/// The mistakes, in the order of [`NAMES`](super::NAMES).
#[rustfmt::skip]
pub const SLIPS: &[Slip] = &[
    slip("an operation with a typo", Message("/ws", r#"{"id":1,"op":"get_usr","params":{"id":1}}"#), ["\"get_usr\"", "operation", "get_user", "did you mean get_user?"]),
    slip("an operation as another style spells it", Message("/ws", r#"{"id":1,"op":"getUser","params":{"id":1}}"#), ["\"getUser\"", "operation", "get_user", "did you mean get_user?"]),
    slip("a member as another style spells it", Message("/ws", r#"{"id":1,"op":"place_order","params":{"userId":1,"lines":[{"product_id":1,"quantity":1}]}}"#), ["userId is not", "\"/userId\"", "PlaceOrder, which has user_id, lines", "did you mean user_id?"]),
    slip("the wrapper left out", Message("/ws", r#"{"id":1,"op":"get_cart","user_id":1}"#), ["\"user_id\"", "a message", "id, op, params", "put it into params"]),
    none("the wrong namespace or version", "its version is the subprotocol, which is optional"),
    none("no namespace or version", "its version is the subprotocol, which is optional"),
    slip("an address with a typo", Request("GET", "/wss", "", ""), ["/wss", "nothing at /wss", "/ws", "did you mean /ws?"]),
    slip("a slash after the address", Request("GET", "/ws/", "", ""), ["slash", "308", "/ws", "Use "]),
    slip("another method", Request("POST", "/ws", "application/json", r#"{"id":1,"op":"who_am_i"}"#), ["POST", "this address", "GET", "open a WebSocket"]),
    slip("a body of another style", Message("/ws", "<GetUser/>"), ["\"<\"", "can't read the JSON", "JSON", "is it XML?"]),
    none("the Content-Type of another style", NO_HEADERS),
    none("no Content-Type", NO_HEADERS),
    none("the Content-Type of curl -d", NO_HEADERS),
    slip("no body", Message("/ws", ""), ["empty", "can't read the JSON", "a value", "must be"]),
];
