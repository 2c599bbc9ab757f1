//! Idempotency: a command with an idempotency key is executed command, however often it is sent.
//!
//! The key is looked up first in the command's own transaction and stored in the same one, so there is no moment at which
//! the order exists without the key. Commands are executed one after the other: a repeated request finds the stored
//! result of the first.

mod rules;

pub(crate) use rules::{fingerprint_bytes, run};

use crate::error::Error;
use crate::limits::IDEMPOTENCY_KEY_CHARS_MAX;
use crate::orders::OrderId;
use crate::time::Timestamp;

/// A key that a client chose for one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Parses a key: 1 to 255 visible ASCII characters.
    pub fn parse(text: &str) -> Result<IdempotencyKey, Error> {
        let fits = (1..=IDEMPOTENCY_KEY_CHARS_MAX as usize).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(IdempotencyKey(text.to_owned()));
        }
        let message =
            format!("has an idempotency key that is not 1 to {IDEMPOTENCY_KEY_CHARS_MAX} visible ASCII characters");
        Err(Error::invalid("", message))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A command with an idempotency key.
#[derive(Clone, Debug)]
pub struct IdempotentCommand {
    /// The key.
    pub key: IdempotencyKey,
    /// SHA-256 of the operation's name and the input.
    pub fingerprint: [u8; 32],
}

/// The stored result of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredResult {
    /// The fingerprint of the command.
    pub fingerprint: [u8; 32],
    /// The order that was created. It holds all of the first reply: its lines never change, and a new order has the status
    /// placed and version 1.
    pub order: OrderId,
    /// When the command was executed.
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
