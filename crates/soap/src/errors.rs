//! Refusals as SOAP faults: the code says whose mistake it was, the detail holds the shop's reason and kind.
#![deny(clippy::wildcard_enum_match_arm)]

use crate::NAMESPACE;
use crate::envelope::{CLOSING, Version, insert_header};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use domain::{Error, Kind};
use std::fmt::{self, Write};
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
    cause: Cause,
    status: Option<StatusCode>,
}

#[derive(Debug)]
enum Cause {
    Shop(Error),
    NotUnderstood(Vec<QName>),
    UnknownVersion(String),
}

/// The full name of an element, shown as James Clark wrote it: `{namespace}name`.
#[derive(Debug, PartialEq, Eq)]
pub struct QName {
    namespace: String,
    name: String,
}

impl QName {
    /// The name of an element.
    pub fn of(element: &Element) -> Self {
        let namespace = element.namespace.as_deref().unwrap_or_default().to_owned();
        QName { namespace, name: element.name.clone() }
    }
}

impl fmt::Display for QName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let QName { namespace, name } = self;
        f.write_str(&domain::value::shown(&format!("{{{namespace}}}{name}")))
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal { status: code(error.kind()).1, cause: Cause::Shop(error) }
    }
}

impl From<Unread> for Refusal {
    fn from(Unread { error, status }: Unread) -> Self {
        Refusal { status: status.or(code(error.kind()).1), cause: Cause::Shop(error) }
    }
}

impl Refusal {
    /// A refusal for which HTTP has a status of its own.
    pub fn with_status(error: Error, status: StatusCode) -> Self {
        Refusal { cause: Cause::Shop(error), status: Some(status) }
    }

    /// These header blocks must be understood, and are not.
    pub fn not_understood(blocks: Vec<QName>) -> Self {
        Refusal { cause: Cause::NotUnderstood(blocks), status: None }
    }

    /// This is no envelope of a version that is known here.
    pub fn unknown_version(root: &Element) -> Self {
        let message = format!("{} is not an envelope of SOAP 1.1 or 1.2", QName::of(root));
        Refusal { cause: Cause::UnknownVersion(message), status: None }
    }

    /// What went wrong, in a sentence.
    pub fn message(&self) -> String {
        match &self.cause {
            Cause::Shop(error) => error.message.clone(),
            Cause::UnknownVersion(message) => message.clone(),
            Cause::NotUnderstood(blocks) => {
                let names: Vec<String> = blocks.iter().map(QName::to_string).collect();
                format!("not understood, though marked mustUnderstand: {}", names.join(", "))
            }
        }
    }

    fn fault_code(&self) -> Code {
        match &self.cause {
            Cause::Shop(error) => code(error.kind()).0,
            Cause::NotUnderstood(_) => Code::MustUnderstand,
            Cause::UnknownVersion(_) => Code::VersionMismatch,
        }
    }

    /// The fault as a response.
    pub fn response(&self, version: Version) -> HttpResponse {
        let status = self.status.unwrap_or(self.fault_code().status(version));
        HttpResponse::build(status).content_type(version.content_type()).body(self.envelope(version))
    }

    /// The fault in its envelope.
    pub fn envelope(&self, version: Version) -> String {
        let mut out = version.opening().to_owned();
        if version == Version::V12 {
            self.tell_in_header(&mut out);
        }
        // Writing to a String does not fail, here and below.
        let code = self.fault_code().name(version);
        let _ = match version {
            // WS-I BP 1.1 R1001: these four are in no namespace.
            Version::V11 => write!(out, "<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>"),
            Version::V12 => write!(
                out,
                "<soap:Fault><soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code>\
                 <soap:Reason><soap:Text xml:lang=\"en\">"
            ),
        };
        xml::text(&mut out, &self.message());
        let (reason_ends, detail, detail_ends) = match version {
            Version::V11 => ("</faultstring>", "<detail>", "</detail>"),
            Version::V12 => ("</soap:Text></soap:Reason>", "<soap:Detail>", "</soap:Detail>"),
        };
        out.push_str(reason_ends);
        // SOAP 1.1 section 4.4: a detail is about the body; a fault about a header has none.
        if let Cause::Shop(error) = &self.cause {
            out.push_str(detail);
            write_detail(&mut out, error);
            out.push_str(detail_ends);
        }
        out.push_str("</soap:Fault>");
        out.push_str(CLOSING);
        out
    }

    /// SOAP 1.2 tells in the header of a fault what was not understood (part 1 section 5.4.8), or which envelopes would
    /// be (section 5.4.7).
    fn tell_in_header(&self, out: &mut String) {
        let mut header = String::new();
        match &self.cause {
            Cause::Shop(_) => return,
            Cause::NotUnderstood(blocks) => {
                for QName { namespace, name } in blocks {
                    let _ = write!(header, "<soap:NotUnderstood qname=\"q:{name}\" xmlns:q=\"");
                    xml::attribute(&mut header, namespace);
                    header.push_str("\"/>");
                }
            }
            Cause::UnknownVersion(_) => {
                header.push_str("<soap:Upgrade>");
                for version in Version::ALL {
                    let namespace = version.namespace();
                    let _ = write!(header, "<soap:SupportedEnvelope qname=\"q:Envelope\" xmlns:q=\"{namespace}\"/>");
                }
                header.push_str("</soap:Upgrade>");
            }
        }
        insert_header(out, &header);
    }
}

/// The shop's own words for it: the element `ShopFault` of the contract.
fn write_detail(out: &mut String, error: &Error) {
    let (reason, kind) = (error.reason.word(), error.kind().word());
    let _ = write!(out, "<ShopFault xmlns=\"{NAMESPACE}\"><reason>{reason}</reason><kind>{kind}</kind><message>");
    xml::text(out, &error.message);
    out.push_str("</message>");
    for violation in &error.errors {
        out.push_str("<error><pointer>");
        xml::text(out, &violation.pointer);
        out.push_str("</pointer><message>");
        xml::text(out, &violation.message);
        out.push_str("</message></error>");
    }
    if let Some(retry_after_ms) = error.retry_after_ms {
        let _ = write!(out, "<retryAfterMs>{retry_after_ms}</retryAfterMs>");
    }
    out.push_str("</ShopFault>");
}
