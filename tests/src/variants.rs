//! How a protocol shows a property of HTTP or of an encoding: what is sent, and how the response is recognised.

use crate::protocols::{self, Expected, Refusal};
use crate::raw::Response;
use serde_json::Value;

/// The expected response.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// The style's success.
    Good,
    /// What a GET returns.
    Get,
    /// RFC 9110 section 15.2.1.
    Continue,
    /// A refusal in the style's grammar.
    Refused(Mistake),
    /// This status, with any content.
    Status(u16),
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug)]
pub enum Mistake {
    /// The body can't be read.
    Unreadable,
    /// RFC 9110 section 15.5.16: the media type, the charset or the coding.
    MediaType,
    /// RFC 9110 section 15.5.14.
    TooLarge,
    /// RFC 9110 section 15.5.6.
    Method,
    /// The address names no sandbox.
    Sandbox,
}

/// A style, or a version of it.
#[derive(Clone, Copy)]
pub struct Variant {
    /// Its name.
    pub name: &'static str,
    /// Reads a refusal, strictly.
    pub read_refusal: fn(&Response) -> Refusal,
    /// Its address.
    pub target: &'static str,
    /// The media types of its bodies; the first is used.
    pub media_types: &'static [&'static str],
    /// Further header lines of every request.
    pub headers: &'static str,
    /// A body of a successful call.
    pub body: &'static str,
    /// A text in its response.
    pub good: &'static str,
    /// The target of a GET, and a text in its response.
    pub get: (&'static str, &'static str),
    /// The refusal of a body that can't be read.
    pub unreadable: Expected,
    /// The refusal of another media type, charset or coding.
    pub media_type_refused: Expected,
    /// The refusal of a body that is too large.
    pub too_large: Expected,
    /// The refusal of another method.
    pub method: Expected,
    /// The refusal of an address that names no sandbox.
    pub sandbox: Expected,
    /// The refusal of an empty body.
    pub empty: Answer,
}

impl Variant {
    /// The media type that is used.
    pub fn media_type(&self) -> &'static str {
        self.media_types[0]
    }

    /// The expected refusal.
    pub fn refusal(&self, mistake: Mistake) -> Expected {
        match mistake {
            Mistake::Unreadable => self.unreadable,
            Mistake::MediaType => self.media_type_refused,
            Mistake::TooLarge => self.too_large,
            Mistake::Method => self.method,
            Mistake::Sandbox => self.sandbox,
        }
    }

    /// Whether a body is JSON.
    pub fn is_json(&self) -> bool {
        self.media_type() == "application/json"
    }

    /// Whether a body is XML.
    pub fn is_xml(&self) -> bool {
        self.media_type().ends_with("xml")
    }

    /// The body, padded with white space to that length; a form gets another parameter instead.
    pub fn padded(&self, bytes: usize) -> Vec<u8> {
        let mut body = self.body.as_bytes().to_vec();
        let filler = if self.is_json() || self.is_xml() {
            b' '
        } else {
            body.extend(b"&filler=");
            b'x'
        };
        body.resize(bytes, filler);
        body
    }
}

const OAUTH: Variant = Variant {
    name: "oauth",
    media_types: &["application/x-www-form-urlencoded"],
    read_refusal: oauth_error,
    target: "/oauth/token",
    headers: "",
    body: "grant_type=client_credentials&client_id=demo-service&client_secret=demo-service-secret",
    good: "\"access_token\"",
    get: ("/.well-known/oauth-authorization-server", "\"issuer\""),
    unreadable: (400, "400", "invalid_request"),
    media_type_refused: (415, "415", "invalid_request"),
    too_large: (413, "413", "invalid_request"),
    method: (405, "405", "invalid_request"),
    sandbox: (404, "404", "invalid_request"),
    // The client is missing in it.
    empty: Answer::Status(401),
};

/// Every variant of every protocol, and OAuth's token endpoint, which reads requests as they do.
pub fn all() -> impl Iterator<Item = &'static Variant> {
    protocols::ALL.iter().flat_map(|facts| facts.variants).chain([&OAUTH])
}

/// RFC 6749 section 5.2.
fn oauth_error(response: &Response) -> Refusal {
    assert_eq!(response.header("content-type"), "application/json");
    let refusal: Value = serde_json::from_slice(&response.body).expect("JSON");
    let error = refusal["error"].as_str().expect("an error").to_owned();
    Refusal { code: response.status.to_string(), reason: error }
}
