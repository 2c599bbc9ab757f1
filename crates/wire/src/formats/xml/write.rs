//! Writes characters as XML.

/// Text between tags. A carriage return is written as a reference, because readers turn a raw one into a line feed
/// (XML 1.0 section 2.11).
pub fn text(out: &mut String, text: &str) {
    escape(out, text, |byte| match byte {
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'&' => Some("&amp;"),
        b'\r' => Some("&#13;"),
        _ => None,
    });
}

/// The same as a text of its own.
pub fn escaped(unescaped: &str) -> String {
    let mut out = String::with_capacity(unescaped.len());
    text(&mut out, unescaped);
    out
}

/// An attribute's value in double quotes. White space except the space is written as references,
/// because readers turn raw ones into spaces (XML 1.0 section 3.3.3).
pub fn attribute(out: &mut String, value: &str) {
    escape(out, value, |byte| match byte {
        b'<' => Some("&lt;"),
        b'&' => Some("&amp;"),
        b'"' => Some("&quot;"),
        b'\r' => Some("&#13;"),
        b'\n' => Some("&#10;"),
        b'\t' => Some("&#9;"),
        _ => None,
    });
}

fn escape(out: &mut String, text: &str, reference: impl Fn(u8) -> Option<&'static str>) {
    let mut written = 0;
    for (position, byte) in text.bytes().enumerate() {
        if let Some(reference) = reference(byte) {
            out.push_str(&text[written..position]);
            out.push_str(reference);
            written = position + 1;
        }
    }
    out.push_str(&text[written..]);
}
