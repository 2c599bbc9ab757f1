//! What may never be shown?

use crate::schema::{Decode, Encode, Encoder, HasSchema, Path, Schema, Violations};
use crate::text::Name;
use crate::value::Value;
use std::fmt;

/// What nobody may read but who must: it is never shown, not even by `{:?}`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Keeps it.
    pub fn new(secret: impl Into<String>) -> Self {
        Secret(secret.into())
    }

    /// Says it, to who must compare it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A password, as it is typed in: 1 to 100 characters. No message repeats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password(Secret);

impl Password {
    /// The password, for the guard.
    pub fn into_secret(self) -> Secret {
        self.0
    }
}

impl HasSchema for Password {
    const SCHEMA: Schema = Name::SCHEMA;
}

impl Decode for Password {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        match value {
            Value::Text(text) | Value::RawText(text) => match Name::parse(text) {
                Ok(text) => Some(Password(Secret::new(text.as_str()))),
                Err(problem) => found.add(at, problem),
            },
            _ => found.add(at, "must be a text"),
        }
    }
}

/// What is written of a password is never read: it stands in no reply, and no key makes a command with one happen once.
impl Encode for Password {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.text("…");
    }
}
