//! Refusals as SOAP faults: the code says whose mistake it was, the detail holds the shop's reason and kind.
#![deny(clippy::wildcard_enum_match_arm)]

use crate::NAMESPACE;
use crate::envelope::{CLOSING, Version};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use domain::schema::Violation;
use domain::value::shown;
use domain::{Error, Kind};
use wire::content::Unread;
use wire::xml::{self, Element};

/// Whose mistake: SOAP 1.1 section 4.4.1 and SOAP 1.2 part 1 section 5.4.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The message is wrong; sending it again as it is makes no sense. `Client` in 1.1.
    Sender,
    /// The message may be right; sending it again later may help. `Server` in 1.1.
    Receiver,
    /// A header block that must be understood is not.
    MustUnderstand,
    /// The envelope is of no version that is known here.
    VersionMismatch,
}

/// The code of each kind, and the HTTP status where HTTP has a word of its own for it.
///
/// Two words are missing on purpose. HTTP's 401 and 403 are about its own credentials, and a client of SOAP looks for faults
/// behind other statuses. And WS-Security has fault codes of its own (SOAP Message Security 1.1 section 12:
/// `wsse:FailedAuthentication`, `wsu:MessageExpired`), but wrong credentials get the same code here whether they came in
/// the envelope or outside it; the reason in the detail says which mistake it was.
fn code(kind: Kind) -> (Code, Option<StatusCode>) {
    match kind {
        Kind::Unreadable
        | Kind::UnknownOperation
        | Kind::Invalid
        | Kind::Unauthenticated
        | Kind::Forbidden
        | Kind::NotFound
        | Kind::Conflict
        | Kind::RuleBroken
        | Kind::Gone => (Code::Sender, None),
        Kind::TooLarge => (Code::Sender, Some(StatusCode::PAYLOAD_TOO_LARGE)),
        Kind::RateLimited | Kind::Unavailable | Kind::Internal => (Code::Receiver, None),
    }
}

impl Code {
    /// The code without its prefix.
    pub const fn name(self, version: Version) -> &'static str {
        match (self, version) {
            (Code::Sender, Version::V11) => "Client",
            (Code::Receiver, Version::V11) => "Server",
            (Code::Sender, Version::V12) => "Sender",
            (Code::Receiver, Version::V12) => "Receiver",
            (Code::MustUnderstand, _) => "MustUnderstand",
            (Code::VersionMismatch, _) => "VersionMismatch",
        }
    }

    /// The status that a fault travels with. A SOAP 1.1 client looks for faults behind 500 only (SOAP 1.1 section 6.2,
    /// WS-I BP 1.1 R1126); SOAP 1.2 part 2 table 20 has 400 for the sender's mistakes.
    const fn status(self, version: Version) -> StatusCode {
        match (self, version) {
            (Code::Sender, Version::V12) => StatusCode::BAD_REQUEST,
            (_, _) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A refusal: the shop's, or SOAP's own.
#[derive(Debug)]
pub struct Refusal {
    /// What went wrong, in a sentence.
    pub message: String,
    code: Code,
    /// The HTTP status, if it is not that of the code.
    status: Option<StatusCode>,
    /// What SOAP 1.2 tells in the header of a fault.
    header: String,
    /// The shop's own words. SOAP 1.1 section 4.4: a detail is about the body; a fault about a header has none.
    detail: String,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let (code, status) = code(error.kind());
        Refusal { code, status, header: String::new(), detail: shop_fault(&error), message: error.message }
    }
}

impl From<Unread> for Refusal {
    fn from(Unread { error, status }: Unread) -> Self {
        let refusal = Refusal::from(error);
        Refusal { status: status.or(refusal.status), ..refusal }
    }
}

impl Refusal {
    /// A refusal for which HTTP has a status of its own.
    pub fn with_status(error: Error, status: StatusCode) -> Self {
        Refusal { status: Some(status), ..error.into() }
    }

    /// These header blocks must be understood, and are not. SOAP 1.2 part 1 section 5.4.8 lists them.
    pub fn not_understood(blocks: &[&Element]) -> Self {
        let names: Vec<String> = blocks.iter().map(|block| shown(&block.full_name())).collect();
        let mut header = String::new();
        for Element { namespace, name, .. } in blocks {
            header.push_str(&format!("<soap:NotUnderstood qname=\"q:{name}\" xmlns:q=\""));
            xml::attribute(&mut header, namespace.as_deref().unwrap_or_default());
            header.push_str("\"/>");
        }
        let message = format!("not understood, though marked mustUnderstand: {}", names.join(", "));
        Refusal { message, code: Code::MustUnderstand, status: None, header, detail: String::new() }
    }

    /// This is no envelope of a version that is known here. SOAP 1.2 part 1 section 5.4.7 lists those that are.
    pub fn unknown_version(root: &Element) -> Self {
        let known = Version::ALL.map(|version| {
            format!("<soap:SupportedEnvelope qname=\"q:Envelope\" xmlns:q=\"{}\"/>", version.namespace())
        });
        let header = format!("<soap:Upgrade>{}</soap:Upgrade>", known.concat());
        let message = format!("{} is not an envelope of SOAP 1.1 or 1.2", shown(&root.full_name()));
        Refusal { message, code: Code::VersionMismatch, status: None, header, detail: String::new() }
    }

    /// The fault as a response.
    pub fn response(&self, version: Version) -> HttpResponse {
        let status = self.status.unwrap_or(self.code.status(version));
        HttpResponse::build(status).content_type(version.content_type()).body(self.envelope(version))
    }

    /// The fault in its envelope.
    pub fn envelope(&self, version: Version) -> String {
        let (code, message) = (self.code.name(version), xml::escaped(&self.message));
        let detail = |name: &str| match self.detail.as_str() {
            "" => String::new(),
            detail => format!("<{name}>{detail}</{name}>"),
        };
        let fault = match version {
            // WS-I BP 1.1 R1001: these are in no namespace.
            Version::V11 => {
                let detail = detail("detail");
                format!("<faultcode>soap:{code}</faultcode><faultstring>{message}</faultstring>{detail}")
            }
            Version::V12 => {
                let detail = detail("soap:Detail");
                format!(
                    "<soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code>\
                     <soap:Reason><soap:Text xml:lang=\"en\">{message}</soap:Text></soap:Reason>{detail}"
                )
            }
        };
        let header = if version == Version::V12 { self.header.as_str() } else { "" };
        format!("{}<soap:Fault>{fault}</soap:Fault>{CLOSING}", version.opening(header))
    }
}

/// The element `ShopFault` of the contract.
fn shop_fault(error: &Error) -> String {
    let (reason, kind, message) = (error.reason.word(), error.kind().word(), xml::escaped(&error.message));
    let violation = |violation: &Violation| {
        let (pointer, message) = (xml::escaped(&violation.pointer), xml::escaped(&violation.message));
        format!("<error><pointer>{pointer}</pointer><message>{message}</message></error>")
    };
    let errors: String = error.errors.iter().map(violation).collect();
    let retry = error.retry_after_ms.map(|ms| format!("<retryAfterMs>{ms}</retryAfterMs>")).unwrap_or_default();
    format!(
        "<ShopFault xmlns=\"{NAMESPACE}\"><reason>{reason}</reason><kind>{kind}</kind>\
         <message>{message}</message>{errors}{retry}</ShopFault>"
    )
}
