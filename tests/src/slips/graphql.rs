//! Ordinary mistakes in GraphQL.

use super::Made::Request;
use super::{Slip, none, slip};

const JSON: &str = "application/json";
const ME: &str = r#"{"query":"{ me { role } }"}"#;

/// The mistakes, in the order of [`NAMES`](super::NAMES).
#[rustfmt::skip]
pub const SLIPS: &[Slip] = &[
    slip("an operation with a typo", Request("POST", "/graphql", JSON, r#"{"query":"{ usr(id: 1) { name } }"}"#), ["`usr`", "type `Query`", "user", "did you mean user?"]),
    slip("an operation as another style spells it", Request("POST", "/graphql", JSON, r#"{"query":"{ get_user(id: 1) { name } }"}"#), ["`get_user`", "type `Query`", "user", "did you mean user?"]),
    slip("a member as another style spells it", Request("POST", "/graphql", JSON, r#"{"query":"mutation { placeOrder(input: {user_id: 1, lines: [{productId: 1, quantity: 1}]}) { order { id } } }"}"#), ["user_id is not", "\"/user_id\"", "PlaceOrder, which has userId, lines", "did you mean userId?"]),
    slip("the wrapper left out", Request("POST", "/graphql", JSON, r#"{"query":"mutation { deleteUser(id: 1) { deletedUserId } }"}"#), ["id", "deleteUser", "input", "put it into input"]),
    none("the wrong namespace or version", "it has neither"),
    none("no namespace or version", "it has neither"),
    slip("an address with a typo", Request("POST", "/graphq", JSON, ME), ["/graphq", "nothing at /graphq", "/graphql", "did you mean /graphql?"]),
    slip("a slash after the address", Request("POST", "/graphql/", JSON, ME), ["slash", "308", "/graphql", "Use "]),
    slip("another method", Request("PUT", "/graphql", JSON, ME), ["PUT", "/graphql", "GET, HEAD, POST", "allowed"]),
    slip("a body of another style", Request("POST", "/graphql", JSON, "<GetUser/>"), ["\"<\"", "can't read the JSON", "JSON", "is it XML?"]),
    slip("the Content-Type of another style", Request("POST", "/graphql", "text/xml", "<GetUser/>"), ["\"text/xml\"", "Content-Type", JSON, "must be"]),
    slip("no Content-Type", Request("POST", "/graphql", "", ME), ["missing", "Content-Type", JSON, "add"]),
    slip("the Content-Type of curl -d", Request("POST", "/graphql", "application/x-www-form-urlencoded", ME), ["\"application/x-www-form-urlencoded\"", "Content-Type", JSON, "curl -H 'Content-Type: application/json'"]),
    slip("no body", Request("POST", "/graphql", JSON, ""), ["empty", "can't read the JSON", "a value", "must be"]),
];
