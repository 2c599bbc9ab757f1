//! How does XML-RPC say each kind of error? By a fault: a number and a text, and no room for anything else.
#![deny(clippy::wildcard_enum_match_arm)]

use crate::values::{CLOSING, OPENING, ValueSink};
use domain::schema::Encoder;
use domain::{Error, Kind};

/// Well-formed XML, or a request, that is no XML-RPC.
const NOT_XML_RPC: i32 = -32600;

/// The code of a kind. Those up to -32603 are of the convention "Specification for Fault Code Interoperability" (Dan Libby,
/// 2001); those from -32001 on are ours. JSON-RPC took its numbers over from that convention, so both styles share them.
const fn code(kind: Kind) -> i32 {
    match kind {
        Kind::Unreadable => -32700,
        Kind::TooLarge => NOT_XML_RPC,
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

/// The code of a reason, for the contract.
pub fn code_of(reason: domain::Reason) -> i32 {
    code(reason.kind())
}

/// A refusal.
#[derive(Debug)]
pub struct Fault {
    /// The number.
    pub code: i32,
    /// What is refused, and why.
    pub error: Error,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault { code: code(error.kind()), error }
    }
}

impl Fault {
    /// What can be read and is not of the protocol.
    pub fn not_xml_rpc(error: Error) -> Self {
        Fault { code: NOT_XML_RPC, error }
    }

    /// The fault as a response.
    pub fn response(&self) -> String {
        let mut out = format!("{OPENING}<fault>");
        self.write(&mut out);
        out.push_str("</fault>");
        out.push_str(CLOSING);
        out
    }

    /// The struct of a fault: in a response, or among the results of a multicall. The specification ("Fault example"): it
    /// "may not contain members other than those shown", so the single violations of an input and the time to wait are
    /// left out; the message says the first violation, and how many more there are.
    pub fn write(&self, out: &mut String) {
        let mut encoder = ValueSink::new(out);
        encoder.begin_object();
        encoder.field("faultCode");
        encoder.int(self.code);
        encoder.end_field("faultCode");
        encoder.field("faultString");
        encoder.text(&self.error.to_string());
        encoder.end_field("faultString");
        encoder.end_object();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_two_members_and_no_more() {
        let fault = Fault::from(Error::invalid("/id", "must be a whole number, was \"<&>\""));
        assert_eq!(
            fault.response(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><fault><value><struct>\
             <member><name>faultCode</name><value><int>-32602</int></value></member>\
             <member><name>faultString</name><value><string>invalid_input: id must be a whole number, was \
             \"&lt;&amp;&gt;\"</string></value></member></struct></value></fault></methodResponse>"
        );
    }

    #[test]
    fn what_is_no_xml_and_what_is_no_xml_rpc_have_their_numbers() {
        assert_eq!(Fault::from(Error::unreadable("x")).code, -32700);
        assert_eq!(Fault::not_xml_rpc(Error::unreadable("x")).code, -32600);
        assert_eq!(Fault::from(Error::too_large("x", 1)).code, -32600);
    }
}
