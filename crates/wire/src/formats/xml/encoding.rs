//! The encoding of an XML document, and its conversion to UTF-8.
//!
//! The encodings of XML itself (UTF-8, UTF-16) are supported, and two that old clients declare (ISO-8859-1, US-ASCII); each style
//! chooses which of them it reads. The XML reader gets UTF-8 only.

use domain::Error;
use encoding_rs::mem::decode_latin1;
use encoding_rs::{UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::ops::Range;

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, big-endian.
    Utf16Be,
    /// UTF-16, little-endian.
    Utf16Le,
    /// ISO-8859-1.
    Latin1,
    /// US-ASCII.
    Ascii,
}

impl Encoding {
    /// The encodings of every XML reader (XML 1.0 section 4.3.3).
    pub const OF_XML: &[Encoding] = &[Encoding::Utf8, Encoding::Utf16Be, Encoding::Utf16Le];
    /// All of them.
    pub const ALL: &[Encoding] =
        &[Encoding::Utf8, Encoding::Utf16Be, Encoding::Utf16Le, Encoding::Latin1, Encoding::Ascii];

    /// The label, without the byte order.
    const fn family(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Be | Encoding::Utf16Le => "UTF-16",
            Encoding::Latin1 => "ISO-8859-1",
            Encoding::Ascii => "US-ASCII",
        }
    }
}

/// The encoding of a document, one of `readable`; `charset` is the media type's parameter. RFC 7303 section 3: a
/// byte order mark takes precedence, then the `charset`, then the document's own declaration.
pub fn find(document: &[u8], charset: Option<&str>, readable: &[Encoding]) -> Result<Encoding, Error> {
    let of_label = |label: &str| {
        let known = of_label(label, document).filter(|encoding| readable.contains(encoding));
        known.ok_or_else(|| unknown(label, readable))
    };
    match (document, charset) {
        ([0xEF, 0xBB, 0xBF, ..], _) => Ok(Encoding::Utf8),
        ([0xFE, 0xFF, ..], _) => Ok(Encoding::Utf16Be),
        ([0xFF, 0xFE, ..], _) => Ok(Encoding::Utf16Le),
        (_, Some(charset)) => of_label(charset),
        // XML 1.0 appendix F.1: without a byte order mark, the first character is "<".
        ([0, b'<', ..], None) => Ok(Encoding::Utf16Be),
        ([b'<', 0, ..], None) => Ok(Encoding::Utf16Le),
        (_, None) => match declared(document) {
            None => Ok(Encoding::Utf8),
            Some(label) => of_label(&String::from_utf8_lossy(&document[label])),
        },
    }
}

/// The document in UTF-8, without a byte order mark, and declared as UTF-8 if it declares an encoding. Whether UTF-8 is
/// valid is checked by the XML reader, which looks at every character anyway.
pub fn to_utf8(document: &[u8], encoding: Encoding) -> Result<Cow<'_, [u8]>, Error> {
    let mut utf8 = match encoding {
        Encoding::Utf8 => Cow::Borrowed(document.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document)),
        Encoding::Utf16Be => Cow::Owned(from_utf16(document, UTF_16BE)?.into_bytes()),
        Encoding::Utf16Le => Cow::Owned(from_utf16(document, UTF_16LE)?.into_bytes()),
        // ISO-8859-1 itself, and not windows-1252, as browsers treat that label.
        Encoding::Latin1 => Cow::Owned(decode_latin1(document).into_owned().into_bytes()),
        Encoding::Ascii if document.is_ascii() => Cow::Borrowed(document),
        Encoding::Ascii => return Err(bad("not US-ASCII")),
    };
    if let Some(label) = declared(&utf8).filter(|label| !utf8[label.clone()].eq_ignore_ascii_case(b"utf-8")) {
        utf8.to_mut().splice(label, *b"UTF-8");
    }
    Ok(utf8)
}

fn of_label(label: &str, document: &[u8]) -> Option<Encoding> {
    match label.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Some(Encoding::Utf8),
        "utf-16" if document.starts_with(b"<\0") => Some(Encoding::Utf16Le),
        // RFC 2781 section 4.3: without a mark it is big-endian.
        "utf-16" | "utf-16be" => Some(Encoding::Utf16Be),
        "utf-16le" => Some(Encoding::Utf16Le),
        "iso-8859-1" | "latin1" => Some(Encoding::Latin1),
        "us-ascii" | "ascii" => Some(Encoding::Ascii),
        _ => None,
    }
}

fn unknown(label: &str, readable: &[Encoding]) -> Error {
    let mut families: Vec<&str> = readable.iter().map(|encoding| encoding.family()).collect();
    families.dedup();
    bad(format!("the encoding must be {}, got \"{}\"", families.join(" or "), domain::value::shown(label)))
}

fn from_utf16(document: &[u8], order: &'static encoding_rs::Encoding) -> Result<String, Error> {
    let (text, is_malformed) = order.decode_with_bom_removal(document);
    if is_malformed { Err(bad("not UTF-16: half a character")) } else { Ok(text.into_owned()) }
}

/// The position of the encoding in the XML declaration (XML 1.0 section 2.8).
fn declared(document: &[u8]) -> Option<Range<usize>> {
    let rest = document.strip_prefix(b"<?xml")?;
    let declaration = &document[..5 + rest.windows(2).position(|pair| pair == b"?>")?];
    let word = declaration.windows(8).position(|window| window == b"encoding")? + 8;
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
    let start = word + declaration[word..].iter().position(is_quote)? + 1;
    let length = declaration[start..].iter().position(|byte| *byte == declaration[start - 1])?;
    Some(start..start + length)
}

fn bad(problem: impl std::fmt::Display) -> Error {
    Error::unreadable(format!("can't read the XML: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml;

    fn read(document: &[u8], charset: Option<&str>, readable: &[Encoding]) -> Result<xml::Element, Error> {
        let encoding = find(document, charset, readable)?;
        to_utf8(document, encoding).and_then(|utf8| xml::read(&utf8))
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_is_read() {
        let (declared, plain) = ("<?xml version='1.0' encoding=\"UTF-16\"?><a>ü😀</a>", "<a>ü😀</a>");
        let latin1 = b"<?xml version=\"1.0\" encoding='ISO-8859-1' ?><a>\xfc\xa4</a>";
        for (document, charset, expected) in [
            (plain.as_bytes().to_vec(), None, "ü😀"),
            (format!("\u{FEFF}{plain}").into_bytes(), Some("iso-8859-1"), "ü😀"),
            (format!("<?xml version='1.0' encoding='latin1'?>{plain}").into_bytes(), Some("UTF-8"), "ü😀"),
            (utf16(&format!("\u{FEFF}{declared}"), u16::to_be_bytes), None, "ü😀"),
            (utf16(&format!("\u{FEFF}{declared}"), u16::to_le_bytes), Some("utf-16"), "ü😀"),
            (utf16(declared, u16::to_be_bytes), None, "ü😀"),
            (utf16(declared, u16::to_le_bytes), None, "ü😀"),
            (utf16(plain, u16::to_be_bytes), Some("UTF-16"), "ü😀"),
            (utf16(plain, u16::to_le_bytes), Some("UTF-16"), "ü😀"),
            (utf16(plain, u16::to_le_bytes), Some("utf-16le"), "ü😀"),
            (latin1.to_vec(), None, "ü¤"),
            (b"<a>\xfc</a>".to_vec(), Some("ISO-8859-1"), "ü"),
            (b"<?xml version='1.0' encoding='US-ASCII'?><a>&#252;</a>".to_vec(), None, "ü"),
        ] {
            assert_eq!(read(&document, charset, Encoding::ALL).unwrap().text, expected, "{document:?}");
        }
    }

    #[test]
    fn what_is_utf8_is_not_copied() {
        let document = b"<?xml version='1.0' encoding='utf-8'?><a/>";
        assert!(matches!(to_utf8(document, Encoding::Utf8), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn a_style_need_not_read_them_all() {
        let document = b"<?xml version='1.0' encoding='iso-8859-1'?><a/>";
        assert!(read(document, None, Encoding::ALL).is_ok() && read(document, Some("utf-8"), Encoding::OF_XML).is_ok());
        let message = find(document, None, Encoding::OF_XML).expect_err("Latin").message;
        assert_eq!(message, "can't read the XML: the encoding must be UTF-8 or UTF-16, got \"iso-8859-1\"");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (document, charset) in [
            (b"<?xml version='1.0' encoding='utf-7'?><a/>".as_slice(), None),
            (b"<a/>", Some("koi8-r")),
            (b"<a>\xfc</a>", Some("us-ascii")),
            (b"\xfe\xff\0<\0a\0/\0", None),
            (b"\xfe\xff\0<\0a\0>\xd8\0\0<\0/\0a\0>", None),
            (b"<?xml version='1.1' encoding='latin1'?><a/>", None),
            (b"<?xml version='1.0' encoding='utf-16'?><a/>", None),
            (b"<a>\xfc</a>", None),
        ] {
            assert!(read(document, charset, Encoding::ALL).is_err(), "{document:?}");
        }
    }
}
