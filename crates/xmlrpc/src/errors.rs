//! Errors in XML-RPC: a fault has a number and a text, and room for nothing else.
#![deny(clippy::wildcard_enum_match_arm)]

use crate::values::{ValueEncoder, document};
use domain::schema::{Encoder, Violation};
use domain::{Error, Kind};

/// What the line of a violation of the whole input begins with.
pub const WHOLE_INPUT: &str = "the input";

/// What the line with the time to wait begins with.
pub const RETRY_AFTER_MS: &str = "retry_after_ms";

/// Readable XML that is no XML-RPC request.
const INVALID_REQUEST: i32 = -32600;

/// The code of a kind. The first five are of a convention, "Specification for Fault Code Interoperability" (Dan Libby, 2001), from
/// which JSON-RPC took them; those from -32001 on are ours.
pub const fn code(kind: Kind) -> i32 {
    match kind {
        Kind::Unreadable => -32700,
        Kind::TooLarge => INVALID_REQUEST,
        Kind::UnknownOperation => -32601,
        Kind::Invalid => -32602,
        Kind::Internal => -32603,
        Kind::Unauthenticated => -32001,
        Kind::Forbidden => -32003,
        Kind::NotFound => -32004,
        Kind::RateLimited => -32005,
        Kind::Unavailable => -32006,
        Kind::Conflict => -32009,
        Kind::RuleBroken => -32010,
        Kind::Gone => -32011,
    }
}

/// An error with its code.
#[derive(Debug)]
pub struct Refusal {
    /// The number.
    pub code: i32,
    /// What is refused, and why.
    pub error: Error,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal { code: code(error.kind()), error }
    }
}

impl Refusal {
    /// Readable XML that is not a request.
    pub fn invalid_request(error: Error) -> Self {
        Refusal { code: INVALID_REQUEST, error }
    }

    /// The fault as a response.
    pub fn response(&self) -> String {
        document(format_args!("<fault>{}</fault>", self.value()))
    }

    /// The struct of a fault: in a response, or among the results of a multicall. The specification ("Fault example") allows no other
    /// members, so the text has a line for each violation, and one for the time to wait.
    pub fn value(&self) -> String {
        let mut out = String::new();
        let mut encoder = ValueEncoder(&mut out);
        encoder.begin_object();
        encoder.field("faultCode");
        encoder.int(self.code);
        encoder.end_field("faultCode");
        encoder.field("faultString");
        encoder.text(&fault_string(&self.error));
        encoder.end_field("faultString");
        encoder.end_object();
        out
    }
}

/// `reason: message`, then lines of `pointer: message` and one of `retry_after_ms: number`.
fn fault_string(error: &Error) -> String {
    let mut text = error.to_string();
    for Violation { pointer, message } in &error.errors {
        let pointer = if pointer.is_empty() { WHOLE_INPUT } else { pointer };
        text += &format!("\n{pointer}: {message}");
    }
    if let Some(ms) = error.retry_after_ms {
        text += &format!("\n{RETRY_AFTER_MS}: {ms}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_two_members_and_no_more() {
        let refusal = Refusal::from(Error::invalid("/id", "must be an integer, got \"<&>\""));
        assert_eq!(
            refusal.response(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><fault><value><struct>\
             <member><name>faultCode</name><value><int>-32602</int></value></member>\
             <member><name>faultString</name><value><string>invalid_input: id must be an integer, got \
             \"&lt;&amp;&gt;\"\n/id: must be an integer, got \"&lt;&amp;&gt;\"</string></value></member></struct></value></fault></methodResponse>"
        );
    }

    #[test]
    fn broken_xml_and_invalid_requests_have_different_codes() {
        assert_eq!(Refusal::from(Error::unreadable("x")).code, -32700);
        assert_eq!(Refusal::invalid_request(Error::unreadable("x")).code, -32600);
        assert_eq!(Refusal::from(Error::too_large("x", 1)).code, -32600);
    }
}
