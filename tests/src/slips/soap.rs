//! Ordinary mistakes in SOAP.

use super::Made::Request;
use super::{Slip, slip};

const XML: &str = "text/xml";

/// An envelope of SOAP 1.1.
macro_rules! envelope {
    ($body:literal) => {
        concat!(
            "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>",
            $body,
            "</s:Body></s:Envelope>"
        )
    };
}

const GET_USER: &str = envelope!("<GetUser xmlns='urn:parlance:shop:v1'><id>1</id></GetUser>");

/// The mistakes, in the order of [`NAMES`](super::NAMES).
#[rustfmt::skip]
pub const SLIPS: &[Slip] = &[
    slip("an operation with a typo", Request("POST", "/soap", XML, envelope!("<GetUsr xmlns='urn:parlance:shop:v1'><id>1</id></GetUsr>")), ["\"GetUsr\"", "operation", "GetUser", "did you mean GetUser?"]),
    slip("an operation as another style spells it", Request("POST", "/soap", XML, envelope!("<get_user xmlns='urn:parlance:shop:v1'><id>1</id></get_user>")), ["\"get_user\"", "operation", "GetUser", "did you mean GetUser?"]),
    slip("a member as another style spells it", Request("POST", "/soap", XML, envelope!("<PlaceOrder xmlns='urn:parlance:shop:v1'><user_id>1</user_id><lines><line><productId>1</productId><quantity>1</quantity></line></lines></PlaceOrder>")), ["user_id is not", "<pointer>/user_id<", "PlaceOrder, which has userId, lines", "did you mean userId?"]),
    slip("the wrapper left out", Request("POST", "/soap", XML, "<GetUser xmlns='urn:parlance:shop:v1'><id>1</id></GetUser>"), ["GetUser", "the document", "http://schemas.xmlsoap.org/soap/envelope/", "put it into the Body of an Envelope"]),
    slip("the wrong namespace or version", Request("POST", "/soap", XML, envelope!("<GetUser xmlns='urn:x'><id>1</id></GetUser>")), ["\"urn:x\"", "namespace", "urn:parlance:shop:v1", "must be"]),
    slip("no namespace or version", Request("POST", "/soap", XML, envelope!("<getUser><id>1</id></getUser>")), ["\"getUser\"", "operation", "GetUser", "did you mean GetUser?"]),
    slip("an address with a typo", Request("POST", "/soup", XML, GET_USER), ["/soup", "nothing at /soup", "/soap", "did you mean /soap?"]),
    slip("a slash after the address", Request("POST", "/soap/", XML, GET_USER), ["slash", "308", "/soap", "Use "]),
    slip("another method", Request("PUT", "/soap", XML, GET_USER), ["PUT", "/soap", "GET, HEAD, POST", "allowed"]),
    slip("a body of another style", Request("POST", "/soap", XML, r#"{"id":1}"#), ["\"{\"", "can't read the XML", "XML", "is it JSON?"]),
    slip("the Content-Type of another style", Request("POST", "/soap", "application/json", r#"{"id":1}"#), ["\"application/json\"", "Content-Type", XML, "must be"]),
    slip("no Content-Type", Request("POST", "/soap", "", GET_USER), ["missing", "Content-Type", XML, "add"]),
    slip("the Content-Type of curl -d", Request("POST", "/soap", "application/x-www-form-urlencoded", GET_USER), ["\"application/x-www-form-urlencoded\"", "Content-Type", XML, "curl -H 'Content-Type: text/xml'"]),
    slip("no body", Request("POST", "/soap", XML, ""), ["empty", "can't read the XML", "an element", "must be"]),
];
