//! Which text do the bytes of a `<base64>` make?

/// The text, if it is base64 (RFC 4648 section 4) of UTF-8. White space is passed over: RFC 2045 breaks lines after 76.
pub fn text(encoded: &str) -> Option<String> {
    let digits: Vec<u8> = encoded.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    for (position, quad) in digits.chunks(4).enumerate() {
        let is_last = (position + 1) * 4 >= digits.len();
        let (count, quad) = match quad {
            [a, b, b'=', b'='] if is_last => (1, [*a, *b, b'A', b'A']),
            [a, b, c, b'='] if is_last => (2, [*a, *b, *c, b'A']),
            [a, b, c, d] => (3, [*a, *b, *c, *d]),
            _ => return None,
        };
        let bits = quad.iter().try_fold(0, |bits, digit| Some(bits << 6 | sextet(*digit)?))?;
        bytes.extend_from_slice(&bits.to_be_bytes()[1..=count]);
    }
    String::from_utf8(bytes).ok()
}

fn sextet(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
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
