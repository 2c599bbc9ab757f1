//! Which texts may be stored? Those that every grammar can say, and no longer than their member allows.

pub use crate::characters::is_xml_char;
use crate::characters::shown;
use crate::encoder::Encoder;
use crate::limits::TEXT_CHARS_MAX;
use crate::traits::{Decode, Encode, HasSchema};
use crate::types::Schema;
use crate::value::Value;
use crate::violations::{Path, Violations};

/// A text of 1 to `MAX` characters (Unicode scalar values), each of them sayable in every grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<const MAX: u32>(String);

impl<const MAX: u32> Text<MAX> {
    /// The text, or what is wrong with it.
    pub fn parse(raw: String) -> Result<Self, String> {
        let mut chars = 0;
        // One walk: every row that is read from the store passes here.
        for c in raw.chars() {
            chars += 1;
            if !is_xml_char(c) {
                return Err(format!("holds U+{:04X} at character {chars}, which XML can't say", c as u32));
            }
        }
        if chars == 0 || chars > MAX {
            return Err(format!("must be 1 to {MAX} characters, was {chars}"));
        }
        Ok(Text(raw))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: u32> HasSchema for Text<MAX> {
    const SCHEMA: Schema = Schema::Text { chars_max: MAX, email: false };
}

impl<const MAX: u32> Decode for Text<MAX> {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        read_text(value, at, found, Self::parse)
    }
}

impl<const MAX: u32> Encode for Text<MAX> {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.text(&self.0);
    }
}

/// An email address of 1 to 100 characters: something, an `@`, something, and no white space or control character. More is
/// for the mail server to judge (RFC 5321 leaves the local part to it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// The address, or what is wrong with it.
    pub fn parse(raw: String) -> Result<Self, String> {
        let Text(raw) = Text::<TEXT_CHARS_MAX>::parse(raw)?;
        let two_sides = raw.rsplit_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
        if !two_sides || raw.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(format!("must be an email address, was \"{}\"", shown(&raw)));
        }
        Ok(Email(raw))
    }

    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two addresses share that are the same but for upper and lower case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl HasSchema for Email {
    const SCHEMA: Schema = Schema::Text { chars_max: TEXT_CHARS_MAX, email: true };
}

impl Decode for Email {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        read_text(value, at, found, Self::parse)
    }
}

impl Encode for Email {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.text(&self.0);
    }
}

fn read_text<T>(
    value: Value,
    at: &Path,
    found: &mut Violations,
    parse: impl FnOnce(String) -> Result<T, String>,
) -> Option<T> {
    match value {
        Value::Text(raw) | Value::RawText(raw) => match parse(raw) {
            Ok(text) => Some(text),
            Err(problem) => found.add(at, problem),
        },
        other => found.add(at, format!("must be a text, was {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Name = Text<TEXT_CHARS_MAX>;

    #[test]
    fn texts_are_counted_in_characters() {
        assert!(Name::parse("ü".repeat(100)).is_ok());
        assert_eq!(Name::parse("ü".repeat(101)), Err("must be 1 to 100 characters, was 101".to_owned()));
        assert_eq!(Name::parse(String::new()), Err("must be 1 to 100 characters, was 0".to_owned()));
    }

    #[test]
    fn what_xml_cannot_say_is_refused() {
        for c in ['\0', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            assert!(Name::parse(format!("a{c}b")).is_err(), "{c:?}");
        }
        for c in ['\t', '\n', '\r', '\u{7F}', '\u{85}', '\u{FFFD}', '😀'] {
            assert!(Name::parse(format!("a{c}b")).is_ok(), "{c:?}");
        }
    }

    #[test]
    fn an_email_has_two_sides_and_no_space() {
        for good in ["ada@example.com", "a@b", "\"x@y\"@example.com", "ü@exämple.de"] {
            assert!(Email::parse(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["ada", "@example.com", "ada@", "a da@example.com", "ada@example.com\n"] {
            assert!(Email::parse(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
