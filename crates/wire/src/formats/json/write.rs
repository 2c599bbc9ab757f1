//! Writes replies and errors as JSON.

use domain::schema::Encoder;
use domain::time::Timestamp;
use domain::{Error, Reply};
use std::fmt::Write;

/// A reply as JSON.
pub fn reply(reply: &Reply) -> String {
    let mut encoder = JsonEncoder::new(String::with_capacity(256));
    reply.write(&mut encoder);
    encoder.finish()
}

/// An error as an object.
pub fn error_object(of: &Error, with_message: bool) -> String {
    let mut encoder = JsonEncoder::default();
    encoder.begin_object();
    error(&mut encoder, of, with_message);
    encoder.end_object();
    encoder.finish()
}

/// Adds an error's members to an open object: `reason`, `kind`, `message` (unless it stands elsewhere), `errors`,
/// `retry_after_ms`.
pub fn error(encoder: &mut JsonEncoder, error: &Error, with_message: bool) {
    encoder.text_member("reason", error.reason.word());
    encoder.text_member("kind", error.kind().word());
    if with_message {
        encoder.text_member("message", &error.message);
    }
    if !error.errors.is_empty() {
        encoder.field("errors");
        encoder.begin_list();
        for violation in &error.errors {
            encoder.item();
            encoder.begin_object();
            encoder.text_member("pointer", &violation.pointer);
            encoder.text_member("message", &violation.message);
            encoder.end_object();
        }
        encoder.end_list();
    }
    if let Some(retry_after_ms) = error.retry_after_ms {
        encoder.raw_member("retry_after_ms", &retry_after_ms.to_string());
    }
}

/// An encoder that writes JSON, without white space.
#[derive(Default)]
pub struct JsonEncoder {
    out: String,
    /// Whether the next member or item needs a comma.
    after_one: bool,
}

impl JsonEncoder {
    /// An encoder that appends to a text.
    pub fn new(out: String) -> Self {
        JsonEncoder { out, after_one: false }
    }

    /// The text.
    pub fn finish(self) -> String {
        self.out
    }

    /// A member that is a text.
    pub fn text_member(&mut self, name: &'static str, value: &str) {
        self.field(name);
        self.text(value);
    }

    /// A member that is JSON already.
    pub fn raw_member(&mut self, name: &'static str, json: &str) {
        self.field(name);
        self.out.push_str(json);
    }

    fn comma(&mut self) {
        if self.after_one {
            self.out.push(',');
        }
        self.after_one = true;
    }
}

impl Encoder for JsonEncoder {
    fn int(&mut self, number: i32) {
        self.out.push_str(itoa::Buffer::new().format(number));
    }
    fn text(&mut self, value: &str) {
        text(&mut self.out, value);
    }
    fn word(&mut self, word: &'static str) {
        // Enum values need no escape.
        self.out.push('"');
        self.out.push_str(word);
        self.out.push('"');
    }
    fn time(&mut self, time: Timestamp) {
        // Writing to a String can't fail.
        let _ = write!(self.out, "\"{time}\"");
    }
    fn begin_object(&mut self) {
        self.out.push('{');
        self.after_one = false;
    }
    fn field(&mut self, name: &'static str) {
        self.comma();
        self.word(name);
        self.out.push(':');
    }
    fn end_object(&mut self) {
        self.out.push('}');
        self.after_one = true;
    }
    fn begin_list(&mut self) {
        self.out.push('[');
        self.after_one = false;
    }
    fn item(&mut self) {
        self.comma();
    }
    fn end_list(&mut self) {
        self.out.push(']');
        self.after_one = true;
    }
}

/// A quoted text, with escapes (RFC 8259 section 7).
pub fn text(out: &mut String, text: &str) {
    out.push('"');
    let mut written = 0;
    for (position, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[written..position]);
        out.push_str(escape);
        if escape.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        }
        written = position + 1;
    }
    out.push_str(&text[written..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were() {
        let all: String = ('\0'..='\u{ff}').chain(['"', '\\', '😀', '\u{2028}']).collect();
        let mut out = String::new();
        text(&mut out, &all);
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), all);
    }
}
