//! The content of a request: its media type, its charset and its bytes, by one rule for every style.

use crate::decompression::{GZIP, decompress, is_gzip};
use crate::http::quoted::{split, unquoted};
use crate::http::received::ReceivedRequest;
pub use crate::http::received::Unread;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpMessage, HttpRequest};
use bytes::Bytes;
use domain::Error;
use domain::value::shown;
use std::cell::Cell;
use std::io;
use std::rc::Rc;

/// A media type (RFC 9110 section 8.3.1), read tolerantly: case, spaces and an extra semicolon are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaType {
    /// The type without its parameters, in lower case; empty if there is none.
    pub essence: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// The media type of these headers.
    pub fn of(headers: &HeaderMap) -> Self {
        let content_type = headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
        MediaType::read(&content_type.unwrap_or_default())
    }

    /// Parses a media type.
    pub fn read(text: &str) -> Self {
        let mut parts = split(text, ';').0.into_iter();
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let parameters = parts.filter_map(|part| part.split_once('='));
        let parameters = parameters.map(|(name, value)| (name.trim().to_ascii_lowercase(), unquoted(value.trim())));
        MediaType { essence, parameters: parameters.collect() }
    }

    /// Whether it has that name, ignoring parameters.
    pub fn is(&self, name: &str) -> bool {
        self.essence.eq_ignore_ascii_case(name)
    }

    /// A parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The media type of a request with these headers, which must be one of `readable`; the error names both.
pub fn media_type(headers: &HeaderMap, readable: &[&str]) -> Result<MediaType, Error> {
    let media_type = MediaType::of(headers);
    if readable.iter().any(|name| media_type.is(name)) {
        return Ok(media_type);
    }
    let given = headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let given = match given {
        None => "and is missing; add it".to_owned(),
        // Tools add it to a body that has no other.
        Some(given) if media_type.is(FORM) => {
            format!("got \"{}\"; use curl -H 'Content-Type: {}'", shown(&given), readable[0])
        }
        Some(given) => format!("got \"{}\"", shown(&given)),
    };
    Err(Error::unreadable(format!("Content-Type must be {}, {given}", readable.join(" or "))))
}

/// The same for JSON, which is always in UTF-8 (RFC 8259 section 8.1), whatever its charset parameter.
pub fn json_type(headers: &HeaderMap, readable: &[&str]) -> Result<MediaType, Error> {
    let media_type = media_type(headers, readable)?;
    match media_type.parameter("charset") {
        Some(charset) if !UTF_8.iter().any(|name| charset.eq_ignore_ascii_case(name)) => {
            Err(Error::unreadable(format!("the charset of JSON must be utf-8, got \"{}\"", shown(charset))))
        }
        _ => Ok(media_type),
    }
}

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// UTF-8 and its subset.
const UTF_8: [&str; 3] = ["utf-8", "utf8", "us-ascii"];

/// The content of the request, decompressed, or why it was not read.
pub fn body(request: &HttpRequest) -> Result<Bytes, Unread> {
    let extensions = request.extensions();
    let body = extensions.get::<ReceivedRequest>().map_or_else(|| Ok(Bytes::new()), |received| received.body.clone());
    if let (Some(head_only), Err(Unread { status: Some(StatusCode::CONTINUE), .. })) =
        (extensions.get::<HeadOnly>(), &body)
    {
        head_only.needs_body.set(true);
    }
    body
}

/// Marks a request of which only the head has arrived, because its client waits for `100 Continue` (RFC 9110 section 10.1.1): the
/// application answers it as far as it can, and reports whether it needs the content.
#[derive(Clone, Debug, Default)]
pub struct HeadOnly {
    needs_body: Rc<Cell<bool>>,
}

impl HeadOnly {
    /// Whether the response depends on the content.
    pub fn needs_body(&self) -> bool {
        self.needs_body.get()
    }
}

/// Whether the content of a request is compressed; an error if its coding is not supported. At most one coding is.
pub(crate) fn is_compressed(headers: &HeaderMap) -> Result<bool, Unread> {
    let lines = headers.get_all(header::CONTENT_ENCODING).map(|line| line.to_str().unwrap_or("?"));
    let names = lines.flat_map(|line| line.split(',')).map(str::trim);
    let names = names.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"));
    match names.collect::<Vec<_>>()[..] {
        [] => Ok(false),
        [name] if is_gzip(name) => Ok(true),
        ref others => Err(Unread::unknown_coding(&others.join(", "))),
    }
}

/// The decompressed content, up to a limit.
pub(crate) fn decompressed(body: &[u8], bytes_max: usize) -> Result<Bytes, Unread> {
    match decompress(GZIP, body, bytes_max) {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Err(Unread::too_large(bytes_max)),
        Err(error) => Err(Error::unreadable(format!("the body is not {GZIP}: {error}")).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn a_media_type_is_read_tolerantly() {
        let media_type = MediaType::read(" Text/XML ;Charset=\"UTF-8\" ; action=\"urn:a;b\\\"c\";");
        assert!(media_type.is("text/xml") && media_type.essence == "text/xml");
        assert_eq!(media_type.parameter("charset"), Some("UTF-8"));
        assert_eq!(media_type.parameter("action"), Some("urn:a;b\"c"));
        assert_eq!(MediaType::read(""), MediaType::default());
    }

    #[test]
    fn json_is_in_utf_8() {
        let fits = |content_type: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(content_type).expect("a header"));
            json_type(&headers, &["application/json", "application/json-rpc"]).is_ok()
        };
        for good in [
            "application/json",
            "Application/JSON; charset=\"UTF-8\"",
            "application/json-rpc;",
            "application/json;charset=utf8",
            "application/json; charset=US-ASCII; odata=verbose",
        ] {
            assert!(fits(good), "{good}");
        }
        for bad in ["", "text/plain", "application/jsonx", "application/json; charset=iso-8859-1", "*/*"] {
            assert!(!fits(bad), "{bad}");
        }
    }

    #[test]
    fn at_most_one_coding_is_known() {
        let is_compressed = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            lines.iter().for_each(|line| {
                headers.append(header::CONTENT_ENCODING, HeaderValue::from_str(line).expect("a header"));
            });
            is_compressed(&headers).map_err(|unread| unread.status)
        };
        for (lines, is) in [
            (&[][..], false),
            (&[""], false),
            (&["identity"], false),
            (&["GZIP"], true),
            (&["x-gzip"], true),
            (&["identity, gzip,"], true),
        ] {
            assert_eq!(is_compressed(lines), Ok(is), "{lines:?}");
        }
        for lines in [&["deflate"][..], &["gzip, gzip"], &["gzip", "br"], &["br"]] {
            assert_eq!(is_compressed(lines), Err(Some(StatusCode::UNSUPPORTED_MEDIA_TYPE)), "{lines:?}");
        }
    }
}
