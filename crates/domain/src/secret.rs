//! Secrets, which are never shown.

use crate::schema::{Decode, Encode, Encoder, HasSchema, Path, Schema, Violations};
use crate::text::Name;
use crate::value::Value;
use std::fmt;

/// A secret text. It is never shown, not even by `{:?}`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Secret(secret.into())
    }

    /// The text, for code that compares or sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A password: 1 to 100 characters. No message repeats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password(Secret);

impl Password {
    /// The password, for the authenticator.
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

/// Passwords stand in no reply, and no command with a password accepts an idempotency key: nothing reads what is written here.
impl Encode for Password {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.text("…");
    }
}
