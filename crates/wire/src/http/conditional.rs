//! Conditional requests: entity tags, and their comparison
//! (RFC 9110 sections 8.8.3 and 13).

use crate::compression::Coding;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use domain::Error;
use domain::access::Credentials;
use twox_hash::XxHash3_64;

/// Identifies a representation at an address: the value of an `ETag`.
///
/// It is made of the bytes: `h` and 16 hexadecimal digits. For a single resource it starts with its version, which every
/// visible change increments, so that a tag tells which version was read: `7-5f0c2a9b`. The version alone is not enough, because it
/// starts at 1 again in a sandbox that was reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// The tag of a resource with a version and these bytes: half of their hash is enough.
    pub fn of_version(version: i32, bytes: &[u8]) -> ETag {
        ETag(format!("\"{version}-{:08x}\"", hash(bytes) >> 32))
    }

    /// The tag of bytes.
    pub fn of_bytes(bytes: &[u8]) -> ETag {
        ETag(format!("\"h{:016x}\"", hash(bytes)))
    }

    /// The tag of the compressed bytes: RFC 9110 section 8.8.3.3, other bytes need another tag.
    pub fn with_coding(self, coding: Option<Coding>) -> ETag {
        match coding {
            Some(coding) => self.with(coding),
            None => self,
        }
    }

    /// The tag of another representation, with that suffix.
    pub fn with(self, word: &str) -> ETag {
        ETag(format!("\"{}-{word}\"", self.opaque()))
    }

    /// The text between the quotes.
    fn opaque(&self) -> &str {
        self.0.trim_matches('"')
    }

    /// The value of an `ETag`.
    pub fn header(self) -> Option<HeaderValue> {
        HeaderValue::try_from(self.0).ok()
    }
}

/// XXH3, 64 bits, without a seed. It is the same on every machine and in every version, and protects from mistakes: a client that can choose
/// the bytes of two responses with the same tag only fools themselves.
fn hash(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// Bytes of an `If-Match` or `If-None-Match`: some thirty tags of the longest kind, more than a resource has representations.
const TAGS_BYTES_MAX: usize = 1_000;
/// Bytes of one tag, with its quotes. Ours are below forty; a longer one is not ours.
pub const TAG_BYTES_MAX: usize = 100;

/// The condition of an `If-Match` or `If-None-Match`.
#[derive(Debug, PartialEq, Eq)]
pub enum ETagCondition {
    /// `*`: any representation.
    Any,
    /// These tags.
    These(Vec<Named>),
}

/// A tag that a client sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    is_weak: bool,
    opaque: String,
}

impl Named {
    /// The version in it, if it is the tag of a resource with one.
    fn version(&self) -> Option<i32> {
        let written = self.opaque.split('-').next()?;
        written.parse().ok().filter(|version: &i32| *version > 0 && version.to_string() == written)
    }
}

impl ETagCondition {
    /// The condition of `If-Match`; `None` without the header. A malformed one is refused: ignoring it would make
    /// a change that the client has forbidden.
    pub fn if_match(headers: &HeaderMap) -> Result<Option<ETagCondition>, Error> {
        ETagCondition::read(headers, &header::IF_MATCH)
    }

    /// The condition of `If-None-Match`; `None` without the header. A malformed one is refused too: its client would never
    /// get a 304.
    pub fn if_none_match(headers: &HeaderMap) -> Result<Option<ETagCondition>, Error> {
        ETagCondition::read(headers, &header::IF_NONE_MATCH)
    }

    fn read(headers: &HeaderMap, name: &HeaderName) -> Result<Option<ETagCondition>, Error> {
        let Some(value) = joined(headers, name) else { return Ok(None) };
        if value.len() > TAGS_BYTES_MAX {
            return Err(Error::too_large("bytes of tags", TAGS_BYTES_MAX));
        }
        if value.split(',').any(|tag| tag.trim().len() > TAG_BYTES_MAX) {
            return Err(Error::too_large("bytes of a tag", TAG_BYTES_MAX));
        }
        let tags = ETagCondition::parse(&value).ok_or_else(|| {
            let shown = domain::value::shown(&value);
            Error::unreadable(format!("{name} must be * or tags between quotes, got {shown}"))
        })?;
        Ok(Some(tags))
    }

    /// RFC 9110 section 8.8.3: a list of tags, which may contain commas.
    fn parse(value: &str) -> Option<ETagCondition> {
        if value.trim() == "*" {
            return Some(ETagCondition::Any);
        }
        let mut named = Vec::new();
        let mut rest = value;
        loop {
            rest = rest.trim_start_matches([',', ' ', '\t']);
            if rest.is_empty() {
                return (!named.is_empty()).then_some(ETagCondition::These(named));
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

    /// The version, if the condition is a single tag.
    pub fn only_version(&self) -> Option<i32> {
        match self {
            ETagCondition::These(named) if named.len() == 1 => named[0].version().filter(|_| !named[0].is_weak),
            ETagCondition::Any | ETagCondition::These(_) => None,
        }
    }

    /// The strong comparison with a resource in any representation. A weak tag only says that something like it was read
    /// (RFC 9110 section 8.8.3.2).
    pub fn matches_version(&self, version: i32) -> bool {
        self.has(|tag| !tag.is_weak && tag.version() == Some(version))
    }

    /// The weak comparison with a resource in any representation.
    pub fn matches_version_weakly(&self, version: i32) -> bool {
        self.has(|tag| tag.version() == Some(version))
    }

    /// The strong comparison: both are the same, byte for byte.
    pub fn name(&self, tag: &ETag) -> bool {
        self.has(|named| !named.is_weak && named.opaque == tag.opaque())
    }

    /// The weak comparison: both are equivalent.
    pub fn matches_weakly(&self, tag: &ETag) -> bool {
        self.has(|named| named.opaque == tag.opaque())
    }

    fn has(&self, is_it: impl Fn(&Named) -> bool) -> bool {
        match self {
            ETagCondition::Any => true,
            ETagCondition::These(named) => named.iter().any(is_it),
        }
    }
}

/// The `Cache-Control` of a response to a caller with these credentials (RFC 9111 section 5.2.2).
///
/// Resources change at any time, so a cached response must be revalidated: with its tag, that costs a 304. A response to
/// an authenticated caller must not be cached for others: no cache knows that our API key header is a credential.
pub fn caching(credentials: &Credentials) -> HeaderValue {
    HeaderValue::from_static(match credentials {
        Credentials::None => "no-cache",
        Credentials::ApiKey(_) | Credentials::Password { .. } | Credentials::Token(_) | Credentials::Unusable(_) => {
            "private, no-cache"
        }
    })
}

/// A header's lines as one (RFC 9110 section 5.3).
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Vec<&str> = headers.get_all(name).map(|line| line.to_str().unwrap_or("?")).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Kind;

    fn tags(value: &'static str) -> Option<ETagCondition> {
        ETagCondition::parse(value)
    }

    #[test]
    fn tags_are_read_with_what_may_stand_in_them() {
        let tag = |is_weak, opaque: &str| Named { is_weak, opaque: opaque.to_owned() };
        let all = vec![tag(false, "7"), tag(true, "8-gzip"), tag(false, "a,b"), tag(false, "")];
        assert_eq!(tags(r#""7", W/"8-gzip",, "a,b" ,"""#), Some(ETagCondition::These(all)));
        assert_eq!(tags(" * "), Some(ETagCondition::Any));
        for bad in ["7", "\"7", "\"7\" \"8\"", "w/\"7\"", "*, \"7\"", "7\"", "", ","] {
            assert_eq!(tags(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_version_is_named_by_every_form_of_the_thing() {
        let names = |value| tags(value).is_some_and(|tags| tags.matches_version(7));
        assert!(names("*") && names("\"7\"") && names("\"7-5f0c2a9b\"") && names("\"3\", \"7-5f0c2a9b-gzip\""));
        assert!(!names("W/\"7\"") && !names("\"07\"") && !names("\"70\"") && !names("\"h7\"") && !names("\"+7\""));
        assert!(tags("W/\"7\"").unwrap().matches_version_weakly(7));
        assert_eq!(tags("\"7\"").unwrap().only_version(), Some(7));
        assert_eq!(tags("W/\"7\"").unwrap().only_version(), None);
        assert_eq!(tags("\"7\", \"8\"").unwrap().only_version(), None);
    }

    #[test]
    fn comparisons_are_strong_and_weak() {
        // The algorithm's own test vector, of the empty input: 2d06800538d394c2.
        let tag = ETag::of_version(7, b"").with_coding(Some("gzip"));
        let weak = tags("W/\"7-2d068005-gzip\"").unwrap();
        assert!(weak.matches_weakly(&tag) && !weak.name(&tag));
        for other in ["\"7-2d068005\"", "\"7-2d068005-br\"", "\"7\"", "\"8-2d068005-gzip\""] {
            let other = tags(other).unwrap();
            assert!(!other.matches_weakly(&tag) && !other.name(&tag));
        }
        assert_eq!(tag.header().unwrap(), "\"7-2d068005-gzip\"");
        assert_eq!(ETag::of_bytes(b"").header().unwrap(), "\"h2d06800538d394c2\"");
        assert_ne!(
            ETag::of_version(7, b"Ada"),
            ETag::of_version(7, b"Bob"),
            "of two sandboxes, or of one that was reset"
        );
    }

    #[test]
    fn what_is_no_list_of_tags_is_refused() {
        let long = format!("\"{}\"", "x".repeat(TAG_BYTES_MAX));
        let many = "\"1\", ".repeat(TAGS_BYTES_MAX);
        for (value, kind) in [("7", Kind::Unreadable), (&long, Kind::TooLarge), (&many, Kind::TooLarge)] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, HeaderValue::from_str(value).unwrap());
            assert_eq!(ETagCondition::if_match(&headers).unwrap_err().kind(), kind, "{value}");
            assert_eq!(ETagCondition::if_none_match(&headers).unwrap(), None);
        }
    }
}
