//! The two versions of SOAP: their namespaces, media types and roles, and how an envelope opens and closes.

/// A version of SOAP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// SOAP 1.1, a W3C Note of 2000: what nearly every client speaks.
    V11,
    /// SOAP 1.2, a W3C Recommendation of 2007.
    V12,
}

impl Version {
    /// Both versions, the preferred one first.
    pub const ALL: [Version; 2] = [Version::V12, Version::V11];

    /// The namespace of the envelope, by which the versions differ.
    pub const fn namespace(self) -> &'static str {
        match self {
            Version::V11 => "http://schemas.xmlsoap.org/soap/envelope/",
            Version::V12 => "http://www.w3.org/2003/05/soap-envelope",
        }
    }

    /// The media type (SOAP 1.1 section 6; SOAP 1.2 part 2 section 7.1.4).
    pub const fn media_type(self) -> &'static str {
        match self {
            Version::V11 => "text/xml",
            Version::V12 => "application/soap+xml",
        }
    }

    /// The media type as we send it.
    pub const fn content_type(self) -> &'static str {
        match self {
            Version::V11 => "text/xml; charset=utf-8",
            Version::V12 => "application/soap+xml; charset=utf-8",
        }
    }

    /// The attribute that names the receiver of a header block.
    pub const fn role(self) -> &'static str {
        match self {
            Version::V11 => "actor",
            Version::V12 => "role",
        }
    }

    /// The roles that this server plays. A header block without a role is for the last receiver, which is this server.
    pub const fn roles_played(self) -> &'static [&'static str] {
        match self {
            // SOAP 1.1 section 4.2.2.
            Version::V11 => &["", "http://schemas.xmlsoap.org/soap/actor/next"],
            // SOAP 1.2 part 1 section 2.2.
            Version::V12 => &[
                "",
                "http://www.w3.org/2003/05/soap-envelope/role/next",
                "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
            ],
        }
    }

    /// What stands before the content of the body, with these header blocks. The prefix is `soap`, the usual one.
    pub fn opening(self, blocks: &str) -> String {
        let namespace = self.namespace();
        let header = if blocks.is_empty() { String::new() } else { format!("<soap:Header>{blocks}</soap:Header>") };
        format!("<soap:Envelope xmlns:soap=\"{namespace}\">{header}<soap:Body>")
    }
}

/// What stands after the content of the body, in both versions.
pub const CLOSING: &str = "</soap:Body></soap:Envelope>";
