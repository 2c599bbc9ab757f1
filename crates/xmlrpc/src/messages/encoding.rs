//! In which encoding did a request come, and what is it in UTF-8?
//!
//! The specification says nothing of encodings, and its clients were written when UTF-8 was not yet everybody's: those of
//! XML itself (UTF-8, UTF-16) are read, and the two that old clients declare (ISO-8859-1, US-ASCII). Answers are UTF-8.

use domain::Error;
use std::borrow::Cow;
use std::ops::Range;

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
    Latin1,
    Ascii,
}

const BIG_ENDIAN: Encoding = Encoding::Utf16(u16::from_be_bytes);
const LITTLE_ENDIAN: Encoding = Encoding::Utf16(u16::from_le_bytes);

/// The document in UTF-8, declared as such if it declares an encoding; `charset` is what the media type says. Whether
/// UTF-8 is sound is left to the reader of XML, which looks at every character anyway.
pub fn to_utf8<'a>(document: &'a [u8], charset: Option<&str>) -> Result<Cow<'a, [u8]>, Error> {
    let (encoding, document) = find(document, charset)?;
    let mut utf8 = match encoding {
        Encoding::Utf8 => Cow::Borrowed(document),
        Encoding::Utf16(unit) => Cow::Owned(from_utf16(document, unit)?.into_bytes()),
        // The first 256 characters of Unicode are those of ISO-8859-1.
        Encoding::Latin1 => Cow::Owned(document.iter().copied().map(char::from).collect::<String>().into_bytes()),
        Encoding::Ascii if document.is_ascii() => Cow::Borrowed(document),
        Encoding::Ascii => return Err(bad("not US-ASCII")),
    };
    if let Some(label) = declared(&utf8).filter(|label| !utf8[label.clone()].eq_ignore_ascii_case(b"utf-8")) {
        utf8.to_mut().splice(label, *b"UTF-8");
    }
    Ok(utf8)
}

/// The encoding, and the document without a byte order mark. RFC 7303 section 3: the mark is believed first, then the
/// `charset`, then what the document says of itself.
fn find<'a>(document: &'a [u8], charset: Option<&str>) -> Result<(Encoding, &'a [u8]), Error> {
    match (document, charset) {
        ([0xEF, 0xBB, 0xBF, rest @ ..], _) => Ok((Encoding::Utf8, rest)),
        ([0xFE, 0xFF, rest @ ..], _) => Ok((BIG_ENDIAN, rest)),
        ([0xFF, 0xFE, rest @ ..], _) => Ok((LITTLE_ENDIAN, rest)),
        (_, Some(charset)) => Ok((of_label(charset, document)?, document)),
        // XML 1.0 appendix F.1: in what has no mark, the first character is "<".
        ([0, b'<', ..], None) => Ok((BIG_ENDIAN, document)),
        ([b'<', 0, ..], None) => Ok((LITTLE_ENDIAN, document)),
        (_, None) => match declared(document) {
            None => Ok((Encoding::Utf8, document)),
            Some(label) => Ok((of_label(&String::from_utf8_lossy(&document[label]), document)?, document)),
        },
    }
}

fn of_label(label: &str, document: &[u8]) -> Result<Encoding, Error> {
    match label.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Ok(Encoding::Utf8),
        "utf-16" if document.starts_with(b"<\0") => Ok(LITTLE_ENDIAN),
        // RFC 2781 section 4.3: without a mark it is big-endian.
        "utf-16" | "utf-16be" => Ok(BIG_ENDIAN),
        "utf-16le" => Ok(LITTLE_ENDIAN),
        "iso-8859-1" | "latin1" => Ok(Encoding::Latin1),
        "us-ascii" | "ascii" => Ok(Encoding::Ascii),
        _ => {
            let shown = domain::value::shown(label);
            Err(bad(format!("the encoding is none of UTF-8, UTF-16, ISO-8859-1 and US-ASCII, was \"{shown}\"")))
        }
    }
}

fn from_utf16(document: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Error> {
    let (pairs, []) = document.as_chunks::<2>() else {
        return Err(bad("not UTF-16: half a unit at the end"));
    };
    let text: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    text.map_err(|_| bad("not UTF-16: half a pair of surrogates"))
}

/// Where the XML declaration (XML 1.0 section 2.8) says the encoding, if it does.
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
    Error::unreadable(format!("not XML that we read: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::xml;

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
            let utf8 = to_utf8(&document, charset).unwrap();
            assert_eq!(xml::read(&utf8).unwrap().text, expected, "{document:?}");
        }
    }

    #[test]
    fn what_is_utf8_is_not_copied() {
        let document = b"<?xml version='1.0' encoding='utf-8'?><a/>";
        assert!(matches!(to_utf8(document, Some("utf-8")), Ok(Cow::Borrowed(_))));
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
            assert!(to_utf8(document, charset).and_then(|utf8| xml::read(&utf8)).is_err(), "{document:?}");
        }
    }
}
