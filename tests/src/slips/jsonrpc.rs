//! Ordinary mistakes in JSON-RPC.

use super::Made::Request;
use super::{Slip, slip};

const JSON: &str = "application/json";
const WHO_AM_I: &str = r#"{"jsonrpc":"2.0","id":1,"method":"who_am_i"}"#;

/// The mistakes, in the order of [`NAMES`](super::NAMES).
#[rustfmt::skip]
pub const SLIPS: &[Slip] = &[
    slip("an operation with a typo", Request("POST", "/jsonrpc", JSON, r#"{"jsonrpc":"2.0","id":1,"method":"get_usr","params":{"id":1}}"#), ["\"get_usr\"", "operation", "get_user", "did you mean get_user?"]),
    slip("an operation as another style spells it", Request("POST", "/jsonrpc", JSON, r#"{"jsonrpc":"2.0","id":1,"method":"getUser","params":{"id":1}}"#), ["\"getUser\"", "operation", "get_user", "did you mean get_user?"]),
    slip("a member as another style spells it", Request("POST", "/jsonrpc", JSON, r#"{"jsonrpc":"2.0","id":1,"method":"place_order","params":{"userId":1,"lines":[{"product_id":1,"quantity":1}]}}"#), ["userId is not", "\"/userId\"", "PlaceOrder, which has user_id, lines", "did you mean user_id?"]),
    slip("the wrapper left out", Request("POST", "/jsonrpc", JSON, r#"{"jsonrpc":"2.0","id":1,"method":"get_cart","user_id":1}"#), ["\"user_id\"", "request", "jsonrpc, id, method and params", "put it into params"]),
    slip("the wrong namespace or version", Request("POST", "/jsonrpc", JSON, r#"{"jsonrpc":"1.0","id":1,"method":"who_am_i"}"#), ["\"1.0\"", "jsonrpc", "\"2.0\"", "must be"]),
    slip("no namespace or version", Request("POST", "/jsonrpc", JSON, r#"{"id":1,"method":"who_am_i"}"#), ["missing", "jsonrpc", "\"2.0\"", "must be"]),
    slip("an address with a typo", Request("POST", "/jsonrcp", JSON, WHO_AM_I), ["/jsonrcp", "nothing at /jsonrcp", "/jsonrpc", "did you mean /jsonrpc?"]),
    slip("a slash after the address", Request("POST", "/jsonrpc/", JSON, WHO_AM_I), ["slash", "308", "/jsonrpc", "Use "]),
    slip("another method", Request("PUT", "/jsonrpc", JSON, WHO_AM_I), ["PUT", "/jsonrpc", "POST", "allowed"]),
    slip("a body of another style", Request("POST", "/jsonrpc", JSON, "<GetUser/>"), ["\"<\"", "can't read the JSON", "JSON", "is it XML?"]),
    slip("the Content-Type of another style", Request("POST", "/jsonrpc", "text/xml", "<GetUser/>"), ["\"text/xml\"", "Content-Type", JSON, "must be"]),
    slip("no Content-Type", Request("POST", "/jsonrpc", "", WHO_AM_I), ["missing", "Content-Type", JSON, "add"]),
    slip("the Content-Type of curl -d", Request("POST", "/jsonrpc", "application/x-www-form-urlencoded", WHO_AM_I), ["\"application/x-www-form-urlencoded\"", "Content-Type", JSON, "curl -H 'Content-Type: application/json'"]),
    slip("no body", Request("POST", "/jsonrpc", JSON, ""), ["empty", "can't read the JSON", "a value", "must be"]),
];
