//! Does the client have the answer already, or is the thing no longer what it has seen? Tags, and what they are compared with
//! (RFC 9110 sections 8.8.3 and 13).

use super::accept::{Coding, Form};
use crate::errors::Refusal;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use domain::Error;
use std::fmt::Write;
use twox_hash::XxHash3_64;

/// Tells a representation from others of the same address: what stands between the quotes of an `ETag`.
///
/// Of one thing told whole it is the thing's version, which grows with every visible change: `7` in JSON, `7-xml` in XML. What
/// is put together of several things has no version, so its bytes are hashed: `h` and 16 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    /// Of one thing that has a version, told whole.
    pub fn of_version(version: i32, form: Form) -> Tag {
        match form {
            Form::Json => Tag(version.to_string()),
            Form::Xml => Tag(format!("{version}-xml")),
            Form::Csv => Tag(format!("{version}-csv")),
        }
    }

    /// Of bytes: XXH3, 64 bits, without a seed. It is the same on every machine and in every version, and guards against slips:
    /// who can choose the bytes of two answers and make their tags alike has fooled nobody else.
    pub fn of_bytes(bytes: &[u8]) -> Tag {
        Tag(format!("h{:016x}", XxHash3_64::oneshot(bytes)))
    }

    /// The same packed: RFC 9110 section 8.8.3.3, what has other bytes has another tag.
    pub fn packed(mut self, coding: Option<Coding>) -> Tag {
        if let Some(coding) = coding {
            // Writing to a String does not fail.
            let _ = write!(self.0, "-{}", coding.name());
        }
        self
    }

    /// The value of an `ETag`.
    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("\"{}\"", self.0)).ok()
    }
}

/// Bytes of an `If-Match` or `If-None-Match`: some thirty tags of the longest kind, and nobody has seen more forms of a thing.
const TAGS_BYTES_MAX: usize = 1_000;
/// Bytes of one tag, with its quotes. Ours are below thirty, and whoever names a longer one has it from elsewhere.
pub const TAG_BYTES_MAX: usize = 100;

/// What an `If-Match` or `If-None-Match` names.
#[derive(Debug, PartialEq, Eq)]
pub enum Tags {
    /// `*`: whatever there is.
    Any,
    /// These.
    These(Vec<Named>),
}

/// A tag as a client names it.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    is_weak: bool,
    opaque: String,
}

impl Named {
    /// The version that it is about, if it is the tag of a thing that has one.
    fn version(&self) -> Option<i32> {
        let written = self.opaque.split('-').next()?;
        written.parse().ok().filter(|version: &i32| *version > 0 && version.to_string() == written)
    }
}

impl Tags {
    /// The tags of an `If-Match`; nothing if there is none. One that can't be read is refused: to pass it over would be to make
    /// a change that the client has forbidden.
    pub fn to_match(headers: &HeaderMap) -> Result<Option<Tags>, Refusal> {
        Tags::read(headers, &header::IF_MATCH)
    }

    /// The tags of an `If-None-Match`; nothing if there is none. One that can't be read is refused too: its client would wonder for
    /// ever why it gets all anew.
    pub fn not_to_match(headers: &HeaderMap) -> Result<Option<Tags>, Refusal> {
        Tags::read(headers, &header::IF_NONE_MATCH)
    }

    fn read(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Refusal> {
        let Some(value) = joined(headers, name) else { return Ok(None) };
        let too_large =
            |what, max| Err(Refusal::new(Error::too_large(what, max), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
        if value.len() > TAGS_BYTES_MAX {
            return too_large("bytes of tags", TAGS_BYTES_MAX);
        }
        if value.split(',').any(|tag| tag.trim().len() > TAG_BYTES_MAX) {
            return too_large("bytes of a tag", TAG_BYTES_MAX);
        }
        let tags = Tags::parse(&value).ok_or_else(|| {
            let shown = domain::value::shown(&value);
            Error::unreadable(format!("{name} must be * or tags between quotes, was {shown}"))
        })?;
        Ok(Some(tags))
    }

    /// RFC 9110 section 8.8.3: a list of tags, in which commas may stand too.
    fn parse(value: &str) -> Option<Tags> {
        if value.trim() == "*" {
            return Some(Tags::Any);
        }
        let mut named = Vec::new();
        let mut rest = value;
        loop {
            rest = rest.trim_start_matches([',', ' ', '\t']);
            if rest.is_empty() {
                return (!named.is_empty()).then_some(Tags::These(named));
            }
            let (is_weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |strong| (true, strong));
            let (opaque, after) = quoted.strip_prefix('"')?.split_once('"')?;
            named.push(Named { is_weak, opaque: opaque.to_owned() });
            rest = after.trim_start_matches([' ', '\t']);
            if !rest.is_empty() && !rest.starts_with(',') {
                return None;
            }
        }
    }

    /// The one version that is named, if it is one and nothing else is.
    pub fn only_version(&self) -> Option<i32> {
        match self {
            Tags::These(named) if named.len() == 1 => named[0].version().filter(|_| !named[0].is_weak),
            Tags::Any | Tags::These(_) => None,
        }
    }

    /// The strong comparison with a thing, in whatever form it was seen. A weak tag says only that something like it was seen
    /// (RFC 9110 section 8.8.3.2).
    pub fn name_version(&self, version: i32) -> bool {
        match self {
            Tags::Any => true,
            Tags::These(named) => named.iter().any(|tag| !tag.is_weak && tag.version() == Some(version)),
        }
    }

    /// The weak comparison with a thing, in whatever form it was seen.
    pub fn mean_version(&self, version: i32) -> bool {
        match self {
            Tags::Any => true,
            Tags::These(named) => named.iter().any(|tag| tag.version() == Some(version)),
        }
    }

    /// The strong comparison: both are the same, byte for byte.
    pub fn name(&self, tag: &Tag) -> bool {
        match self {
            Tags::Any => true,
            Tags::These(named) => named.iter().any(|named| !named.is_weak && named.opaque == tag.0),
        }
    }

    /// The weak comparison: both mean the same.
    pub fn mean(&self, tag: &Tag) -> bool {
        match self {
            Tags::Any => true,
            Tags::These(named) => named.iter().any(|named| named.opaque == tag.0),
        }
    }
}

/// The lines of a header as one (RFC 9110 section 5.3).
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Vec<&str> = headers.get_all(name).map(|line| line.to_str().unwrap_or("?")).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(value: &'static str) -> Option<Tags> {
        Tags::parse(value)
    }

    #[test]
    fn tags_are_read_with_what_may_stand_in_them() {
        let tag = |is_weak, opaque: &str| Named { is_weak, opaque: opaque.to_owned() };
        let all = vec![tag(false, "7"), tag(true, "8-gzip"), tag(false, "a,b"), tag(false, "")];
        assert_eq!(tags(r#""7", W/"8-gzip",, "a,b" ,"""#), Some(Tags::These(all)));
        assert_eq!(tags(" * "), Some(Tags::Any));
        for bad in ["7", "\"7", "\"7\" \"8\"", "w/\"7\"", "*, \"7\"", "7\"", "", ","] {
            assert_eq!(tags(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_version_is_named_by_every_form_of_the_thing() {
        let names = |value| tags(value).is_some_and(|tags| tags.name_version(7));
        assert!(names("*") && names("\"7\"") && names("\"7-xml\"") && names("\"3\", \"7-xml-gzip\""));
        assert!(!names("W/\"7\"") && !names("\"07\"") && !names("\"70\"") && !names("\"h7\"") && !names("\"+7\""));
        assert!(tags("W/\"7\"").unwrap().mean_version(7));
        assert_eq!(tags("\"7\"").unwrap().only_version(), Some(7));
        assert_eq!(tags("W/\"7\"").unwrap().only_version(), None);
        assert_eq!(tags("\"7\", \"8\"").unwrap().only_version(), None);
    }

    #[test]
    fn comparisons_are_strong_and_weak() {
        let tag = Tag::of_version(7, Form::Xml).packed(Some(Coding::Gzip));
        assert_eq!(tag.header().unwrap(), "\"7-xml-gzip\"");
        let weak = tags("W/\"7-xml-gzip\"").unwrap();
        assert!(weak.mean(&tag) && !weak.name(&tag));
        let other = tags("\"7-xml\"").unwrap();
        assert!(!other.mean(&tag) && !other.name(&tag));
        // The algorithm's own test vector, of nothing.
        assert_eq!(Tag::of_bytes(b""), Tag("h2d06800538d394c2".to_owned()));
    }
}
