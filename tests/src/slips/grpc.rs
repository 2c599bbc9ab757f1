//! Ordinary mistakes in gRPC, in its form with JSON: what a person writes by hand.

use super::Made::Request;
use super::{Slip, none, slip};

const JSON: &str = "application/json";
const GET_USER: &str = "/parlance.shop.v1.ShopService/GetUser";

/// The mistakes, in the order of [`NAMES`](super::NAMES).
#[rustfmt::skip]
pub const SLIPS: &[Slip] = &[
    slip("an operation with a typo", Request("POST", "/parlance.shop.v1.ShopService/GetUsr", JSON, r#"{"id":1}"#), ["\"GetUsr\"", "operation", "GetUser", "did you mean GetUser?"]),
    slip("an operation as another style spells it", Request("POST", "/parlance.shop.v1.ShopService/get_user", JSON, r#"{"id":1}"#), ["\"get_user\"", "operation", "GetUser", "did you mean GetUser?"]),
    slip("a member as another style spells it", Request("POST", "/parlance.shop.v1.ShopService/PlaceOrder", JSON, r#"{"UserID":1,"lines":[{"product_id":1,"quantity":1}]}"#), ["UserID is not", "UserID", "PlaceOrder, which has user_id, lines", "did you mean user_id?"]),
    none("the wrapper left out", "the form with JSON has no wrapper, and the bytes before a message are written by a library"),
    slip("the wrong namespace or version", Request("POST", "/parlance.shop.v2.ShopService/GetUser", JSON, r#"{"id":1}"#), ["v2", "nothing at /parlance.shop.v2.ShopService/GetUser", "/parlance.shop.v1.ShopService", "did you mean /parlance.shop.v1.ShopService/GetUser?"]),
    slip("no namespace or version", Request("POST", "/ShopService/GetUser", JSON, r#"{"id":1}"#), ["/ShopService/GetUser", "nothing at", "GET /", "lists what there is"]),
    slip("an address with a typo", Request("POST", "/parlance.shop.v1.ShopServise/GetUser", JSON, r#"{"id":1}"#), ["ShopServise", "nothing at /parlance.shop.v1.ShopServise", "/parlance.shop.v1.ShopService", "did you mean /parlance.shop.v1.ShopService/GetUser?"]),
    slip("a slash after the address", Request("POST", "/parlance.shop.v1.ShopService/GetUser/", JSON, r#"{"id":1}"#), ["slash", "308", "/parlance.shop.v1.ShopService/GetUser", "Use "]),
    slip("another method", Request("PUT", GET_USER, JSON, r#"{"id":1}"#), ["PUT", GET_USER, "POST", "allowed"]),
    slip("a body of another style", Request("POST", GET_USER, JSON, "<GetUser/>"), ["\"<\"", "can't read the JSON", "JSON", "is it XML?"]),
    slip("the Content-Type of another style", Request("POST", GET_USER, "text/xml", "<GetUser/>"), ["\"text/xml\"", "Content-Type", JSON, "must be"]),
    slip("no Content-Type", Request("POST", GET_USER, "", r#"{"id":1}"#), ["missing", "Content-Type", JSON, "add"]),
    slip("the Content-Type of curl -d", Request("POST", GET_USER, "application/x-www-form-urlencoded", r#"{"id":1}"#), ["\"application/x-www-form-urlencoded\"", "Content-Type", JSON, "curl -H 'Content-Type: application/json'"]),
    slip("no body", Request("POST", GET_USER, JSON, ""), ["id", "id is required", "an integer", "is required"]),
];
