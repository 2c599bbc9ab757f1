//! Texts with a length limit, and email addresses. Every format can carry their characters.

pub use crate::characters::is_xml_char;
use crate::characters::shown;
use crate::encoder::Encoder;
use crate::limits::TEXT_CHARS_MAX;
use crate::traits::{Decode, Encode, HasSchema};
use crate::types::Schema;
use crate::value::Value;
use crate::violations::{Path, Violations};

/// A text of 1 to `MAX` characters (Unicode scalar values); every format can carry each of them ([`is_xml_char`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<const MAX: u32>(String);

impl<const MAX: u32> Text<MAX> {
    /// Checks a text. The error is the message of a [`Violation`](crate::Violation).
    pub fn parse(raw: String) -> Result<Self, String> {
        let mut chars = 0;
        // One pass counts and checks: the store parses every text that it reads.
        for c in raw.chars() {
            chars += 1;
            if !is_xml_char(c) {
                return Err(format!("holds U+{:04X} at character {chars}, which XML can't say", c as u32));
            }
        }
        if chars == 0 || chars > MAX {
            return Err(format!("must be 1 to {MAX} characters, got {chars}"));
        }
        Ok(Text(raw))
    }

    /// The text as the caller wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: u32> HasSchema for Text<MAX> {
    const SCHEMA: Schema = Schema::Text { chars_max: MAX, email: false };
}

impl<const MAX: u32> Decode for Text<MAX> {
    fn read(value: Value, path: &Path, violations: &mut Violations) -> Option<Self> {
        read_text(value, path, violations, Self::parse)
    }
}

impl<const MAX: u32> Encode for Text<MAX> {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.text(&self.0);
    }
}

/// An email address of 1 to 100 characters with text on both sides of an `@`, and without white space and control characters.
/// Only the mail server can check more: RFC 5321 leaves the meaning of the local part to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Checks an address. The error is the message of a [`Violation`](crate::Violation).
    pub fn parse(raw: String) -> Result<Self, String> {
        let Text(raw) = Text::<TEXT_CHARS_MAX>::parse(raw)?;
        let has_both_sides = raw.rsplit_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
        if !has_both_sides || raw.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(format!("must be an email address, got \"{}\"", shown(&raw)));
        }
        Ok(Email(raw))
    }

    /// The address as the caller wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address in lower case: equal for two addresses that differ only in case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl HasSchema for Email {
    const SCHEMA: Schema = Schema::Text { chars_max: TEXT_CHARS_MAX, email: true };
}

impl Decode for Email {
    fn read(value: Value, path: &Path, violations: &mut Violations) -> Option<Self> {
        read_text(value, path, violations, Self::parse)
    }
}

impl Encode for Email {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.text(&self.0);
    }
}

fn read_text<T>(
    value: Value,
    path: &Path,
    violations: &mut Violations,
    parse: impl FnOnce(String) -> Result<T, String>,
) -> Option<T> {
    match value {
        Value::Text(raw) | Value::RawText(raw) => match parse(raw) {
            Ok(text) => Some(text),
            Err(problem) => violations.add(path, problem),
        },
        other => violations.add(path, format!("must be a text, got {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Name = Text<TEXT_CHARS_MAX>;

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(Name::parse("ü".repeat(100)).is_ok());
        assert_eq!(Name::parse("ü".repeat(101)), Err("must be 1 to 100 characters, got 101".to_owned()));
        assert_eq!(Name::parse(String::new()), Err("must be 1 to 100 characters, got 0".to_owned()));
    }

    #[test]
    fn characters_that_xml_cannot_carry_are_refused() {
        for c in ['\0', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            assert!(Name::parse(format!("a{c}b")).is_err(), "{c:?}");
        }
        for c in ['\t', '\n', '\r', '\u{7F}', '\u{85}', '\u{FFFD}', '😀'] {
            assert!(Name::parse(format!("a{c}b")).is_ok(), "{c:?}");
        }
    }

    #[test]
    fn an_email_has_text_around_its_at_sign_and_no_space() {
        for good in ["ada@example.com", "a@b", "\"x@y\"@example.com", "ü@exämple.de"] {
            assert!(Email::parse(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["ada", "@example.com", "ada@", "a da@example.com", "ada@example.com\n"] {
            assert!(Email::parse(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
