//! Ordinary mistakes in XML-RPC.

use super::Made::Request;
use super::{Slip, none, slip};

const XML: &str = "text/xml";
const WHO_AM_I: &str = "<methodCall><methodName>who_am_i</methodName></methodCall>";

/// A call with one struct.
macro_rules! call {
    ($method:literal, $struct:literal) => {
        concat!(
            "<methodCall><methodName>",
            $method,
            "</methodName><params><param><value><struct>",
            $struct,
            "</struct></value></param></params></methodCall>"
        )
    };
}

/// The mistakes, in the order of [`NAMES`](super::NAMES).
#[rustfmt::skip]
pub const SLIPS: &[Slip] = &[
    slip("an operation with a typo", Request("POST", "/xmlrpc", XML, call!("get_usr", "")), ["\"get_usr\"", "operation", "get_user", "did you mean get_user?"]),
    slip("an operation as another style spells it", Request("POST", "/xmlrpc", XML, call!("getUser", "")), ["\"getUser\"", "operation", "get_user", "did you mean get_user?"]),
    slip("a member as another style spells it", Request("POST", "/xmlrpc", XML, call!("place_order", "<member><name>userId</name><value><int>1</int></value></member><member><name>lines</name><value><array><data><value><struct><member><name>product_id</name><value><int>1</int></value></member><member><name>quantity</name><value><int>1</int></value></member></struct></value></data></array></value></member>")), ["userId is not", "userId", "PlaceOrder, which has user_id, lines", "did you mean user_id?"]),
    slip("the wrapper left out", Request("POST", "/xmlrpc", XML, "<methodCall><methodName>get_user</methodName><params><value><int>1</int></value></params></methodCall>"), ["got <value>", "<param>", "expected <param>", "expected"]),
    slip("the wrong namespace or version", Request("POST", "/xmlrpc", XML, "<methodCall xmlns='urn:x'><methodName>who_am_i</methodName></methodCall>"), ["\"urn:x\"", "<methodCall>", "no namespace", "must"]),
    none("no namespace or version", "it has none"),
    slip("an address with a typo", Request("POST", "/xmlrcp", XML, WHO_AM_I), ["/xmlrcp", "nothing at /xmlrcp", "/xmlrpc", "did you mean /xmlrpc?"]),
    slip("a slash after the address", Request("POST", "/xmlrpc/", XML, WHO_AM_I), ["slash", "308", "/xmlrpc", "Use "]),
    slip("another method", Request("PUT", "/xmlrpc", XML, WHO_AM_I), ["PUT", "/xmlrpc", "POST", "allowed"]),
    slip("a body of another style", Request("POST", "/xmlrpc", XML, r#"{"id":1}"#), ["\"{\"", "can't read the XML", "XML", "is it JSON?"]),
    slip("the Content-Type of another style", Request("POST", "/xmlrpc", "application/json", r#"{"id":1}"#), ["\"application/json\"", "Content-Type", XML, "must be"]),
    slip("no Content-Type", Request("POST", "/xmlrpc", "", WHO_AM_I), ["missing", "Content-Type", XML, "add"]),
    slip("the Content-Type of curl -d", Request("POST", "/xmlrpc", "application/x-www-form-urlencoded", WHO_AM_I), ["\"application/x-www-form-urlencoded\"", "Content-Type", XML, "curl -H 'Content-Type: text/xml'"]),
    slip("no body", Request("POST", "/xmlrpc", XML, ""), ["empty", "can't read the XML", "an element", "must be"]),
];
