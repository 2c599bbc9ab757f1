//! Ordinary mistakes in REST.

use super::Made::Request;
use super::{Slip, none, slip};

const JSON: &str = "application/json";
const USER: &str = r#"{"name":"x","email":"x@y"}"#;

/// The mistakes, in the order of [`NAMES`](super::NAMES).
#[rustfmt::skip]
pub const SLIPS: &[Slip] = &[
    none("an operation with a typo", "its operations are methods of addresses"),
    slip("an operation as another style spells it", Request("GET", "/rest/getUser", "", ""), ["getUser", "nothing at /rest/getUser", "GET /rest/users/{id}", "get_user is GET"]),
    slip("a member as another style spells it", Request("POST", "/rest/orders", JSON, r#"{"userId":1,"lines":[{"product_id":1,"quantity":1}]}"#), ["userId", "\"/userId\"", "PlaceOrder, which has user_id, lines", "did you mean user_id?"]),
    slip("the wrapper left out", Request("POST", "/rest/users", JSON, r#"{"user":{"name":"x","email":"x@y"}}"#), ["\"/user\"", "is not a member of CreateUser", "name, email", "which has"]),
    none("the wrong namespace or version", "it has neither"),
    none("no namespace or version", "it has neither"),
    slip("an address with a typo", Request("GET", "/rest/user/1", "", ""), ["user/1", "/rest/user/1", "/rest/users/1", "did you mean /rest/users/1?"]),
    slip("a slash after the address", Request("GET", "/rest/users/", "", ""), ["slash", "308", "/rest/users", "Use "]),
    slip("another method", Request("DELETE", "/rest/orders", "", ""), ["DELETE", "/rest/orders", "GET, HEAD, QUERY, POST", "allowed"]),
    slip("a body of another style", Request("POST", "/rest/users", JSON, "<user/>"), ["\"<\"", "can't read the JSON", "JSON", "is it XML?"]),
    slip("the Content-Type of another style", Request("POST", "/rest/users", "application/xml", "<user/>"), ["\"application/xml\"", "Content-Type", JSON, "must be"]),
    slip("no Content-Type", Request("POST", "/rest/users", "", USER), ["missing", "Content-Type", JSON, "add"]),
    slip("the Content-Type of curl -d", Request("POST", "/rest/users", "application/x-www-form-urlencoded", USER), ["\"application/x-www-form-urlencoded\"", "Content-Type", JSON, "curl -H 'Content-Type: application/json'"]),
    slip("no body", Request("POST", "/rest/users", JSON, ""), ["empty", "can't read the JSON", "a value", "must be"]),
];
