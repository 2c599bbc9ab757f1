//! Which text do the bytes of a `<base64>` make?

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The text, if it is base64 (RFC 4648 section 4) of UTF-8. White space is passed over: RFC 2045 breaks lines after 76.
pub fn text(encoded: &str) -> Option<String> {
    let digits: Vec<u8> = encoded.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(digits).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_strictly() {
        // RFC 4648 section 10.
        for (encoded, decoded) in
            [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9v\r\nYmE=", "fooba"), ("w7w+Pw==", "ü>?")]
        {
            assert_eq!(text(encoded).as_deref(), Some(decoded), "{encoded}");
        }
        for bad in ["Z", "Zg", "Zg=", "Zg==Zg==", "====", "Z=g=", "Zg-_", "/w=="] {
            assert_eq!(text(bad), None, "{bad}");
        }
    }
}
