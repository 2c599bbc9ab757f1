//! Was this the second click? A command with an idempotency key happens once, however often it is sent.
//!
//! The key is looked up as the first step of the command's own transaction and kept in the same one, so there is no moment
//! at which the order is there and the key is not. Commands are written one after the other: a second arrival finds what
//! the first has left.

mod rules;

pub(crate) use rules::{run, written};

use crate::error::Error;
use crate::limits::IDEMPOTENCY_KEY_CHARS_MAX;
use crate::orders::OrderId;
use crate::time::Timestamp;

/// A key that a client has made up for one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key, or what is wrong with it: 1 to 255 visible characters of ASCII.
    pub fn parse(text: &str) -> Result<IdempotencyKey, Error> {
        let fits = (1..=IDEMPOTENCY_KEY_CHARS_MAX as usize).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(IdempotencyKey(text.to_owned()));
        }
        let message =
            format!("can't have this idempotency key: it is 1 to {IDEMPOTENCY_KEY_CHARS_MAX} visible characters");
        Err(Error::invalid("", message))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A command that is to happen once.
#[derive(Clone, Debug)]
pub struct Once {
    /// Under which key.
    pub key: IdempotencyKey,
    /// What the command is: SHA-256 of the operation's name and its input.
    pub fingerprint: [u8; 32],
}

/// What is kept of a command that has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredResult {
    /// What the command was.
    pub fingerprint: [u8; 32],
    /// The order that it made. All that a command of this kind answers is in the order: its lines never change, and a new
    /// one is placed, at version 1.
    pub order: OrderId,
    /// When it happened.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_and_short() {
        assert!(IdempotencyKey::parse("8e03978e-40d5-43dd-bc93-6894a57f9324").is_ok());
        assert!(IdempotencyKey::parse(&"k".repeat(255)).is_ok());
        for bad in ["", "a b", "ä", "a\u{7f}", &"k".repeat(256)] {
            assert!(IdempotencyKey::parse(bad).is_err(), "{bad}");
        }
    }
}
