//! Envelopes of both versions: reading them, and the header blocks that this server understands.

mod version;

pub use version::{CLOSING, Version};

use crate::NAMESPACE;
use crate::errors::Refusal;
use crate::messages::is_nil;
use actix_web::http::StatusCode;
use domain::Error;
use domain::value::shown;
use wire::xml::{self, Element};

/// The header block that holds the idempotency key; it is in our namespace.
pub const IDEMPOTENCY_KEY: &str = "IdempotencyKey";

/// The namespace of the block and of the token.
pub const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
/// The block's name.
pub const SECURITY: &str = "Security";

/// The header blocks that this server understands.
const UNDERSTOOD: &[(&str, &str)] = &[(NAMESPACE, IDEMPOTENCY_KEY), (WSSE, SECURITY)];

/// An envelope that was read.
#[derive(Debug)]
pub struct Envelope {
    /// The version of its namespace.
    pub version: Version,
    headers: Vec<Element>,
    body: Vec<Element>,
}

impl Envelope {
    /// Reads an envelope. `expected` is the version that its media type tells, for what is no envelope at all.
    pub fn read(document: &[u8], expected: Version) -> Result<Self, Refusal> {
        let root = xml::read(document)?;
        let version = Version::ALL.into_iter().find(|version| root.is(version.namespace(), "Envelope"));
        let Some(version) = version else {
            // SOAP 1.1 section 4.4.1 speaks of a wrong namespace only, SOAP 1.2 part 1 section 5.4.7 of a name too.
            return Err(if root.name == "Envelope" || expected == Version::V12 {
                Refusal::unknown_version(&root)
            } else {
                let (name, namespace) = (shown(&root.full_name()), expected.namespace());
                let message = format!("the document is {name}: put it into the Body of an Envelope of {namespace}");
                Error::unreadable(message).into()
            });
        };
        if root.has_text() {
            return Err(Error::unreadable("the envelope has text outside its header and body").into());
        }
        let mut parts = root.children.into_iter();
        let mut part = parts.next();
        let headers = match part {
            Some(header) if header.is(version.namespace(), "Header") => {
                part = parts.next();
                header.children
            }
            _ => Vec::new(),
        };
        // SOAP 1.2 part 1 section 5.1 and WS-I BP 1.1 R1011: a header if there is one, a body, and no more.
        match (part, parts.next()) {
            (Some(body), None) if body.is(version.namespace(), "Body") && !body.has_text() => {
                Ok(Envelope { version, headers, body: body.children })
            }
            _ => Err(Error::unreadable("an envelope has an optional header, and then one body of elements").into()),
        }
    }

    /// Refuses header blocks that must be understood and are not, before anything is done (SOAP 1.2 part 1 section 2.6).
    pub fn check_headers(&self) -> Result<(), Refusal> {
        let mut missed = Vec::new();
        for block in &self.headers {
            // SOAP 1.1 section 4.2 and SOAP 1.2 part 1 section 5.2.
            let Some(namespace) = block.namespace.as_deref() else {
                let message = format!("the header block {} is in no namespace", shown(&block.name));
                return Err(Error::unreadable(message).into());
            };
            let is_understood = UNDERSTOOD.contains(&(namespace, &block.name));
            if self.is_mandatory(block)? && self.is_for_us(block) && !is_understood {
                missed.push(block);
            }
        }
        if missed.is_empty() { Ok(()) } else { Err(Refusal::not_understood(&missed)) }
    }

    /// The header blocks of that name which are for us.
    pub fn blocks<'e>(&'e self, namespace: &'e str, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.headers.iter().filter(move |block| block.is(namespace, name) && self.is_for_us(block))
    }

    /// The idempotency key: from the header block, from the HTTP header, or from both if they are equal.
    pub fn idempotency_key(&self, in_http: Option<String>) -> Result<Option<String>, Error> {
        let blocks = self.blocks(NAMESPACE, IDEMPOTENCY_KEY).filter(|block| !is_nil(block));
        // The schema has it as an xs:token: white space around it is none of it.
        let mut keys = blocks.map(|block| block.text.trim().to_owned()).chain(in_http);
        let Some(key) = keys.next() else { return Ok(None) };
        match keys.find(|other| *other != key) {
            None => Ok(Some(key)),
            Some(other) => {
                let (key, other) = (shown(&key), shown(&other));
                Err(Error::invalid("", format!("has two idempotency keys, \"{key}\" and \"{other}\"")))
            }
        }
    }

    fn is_for_us(&self, block: &Element) -> bool {
        let role = block.attribute(Some(self.version.namespace()), self.version.role()).unwrap_or_default();
        self.version.roles_played().contains(&role.trim())
    }

    fn is_mandatory(&self, block: &Element) -> Result<bool, Error> {
        let Some(value) = block.attribute(Some(self.version.namespace()), "mustUnderstand") else {
            return Ok(false);
        };
        match (value.trim(), self.version) {
            ("1", _) | ("true", Version::V12) => Ok(true),
            ("0", _) | ("false", Version::V12) => Ok(false),
            // WS-I BP 1.1 R1013: in SOAP 1.1 it is 0 or 1.
            (other, _) => Err(Error::unreadable(format!("mustUnderstand can't be \"{}\"", shown(other)))),
        }
    }

    /// The one element of the body (WS-I BP 1.1 R2201, R9981: document/literal has one part).
    pub fn into_content(mut self) -> Result<Element, Error> {
        match (self.body.pop(), self.body.len()) {
            (Some(content), 0) => Ok(content),
            (None, _) => Err(Error::unreadable("the body is empty: the operation's element is missing")),
            (Some(_), others) => {
                Err(Error::unreadable(format!("the body must have one element, the operation's, got {}", others + 1)))
            }
        }
    }
}

/// The refusal of a request whose media type can't carry its envelope.
pub fn media_fault(message: String) -> Refusal {
    // WS-I BP 1.1 R1115: "415 Unsupported Media Type".
    Refusal::with_status(Error::unreadable(message), StatusCode::UNSUPPORTED_MEDIA_TYPE)
}

#[cfg(test)]
mod tests;
