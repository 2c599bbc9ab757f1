//! Was this the second click? A command with an idempotency key happens once, however often it is sent.
//!
//! The key is looked up as the first step of the command's own transaction and kept in the same one, so there is no moment
//! at which the order is there and the key is not. Commands are written one after the other: a second arrival finds what
//! the first has left.

use crate::error::{Error, Reason};
use crate::limits::{IDEMPOTENCY_KEPT_SECONDS, IDEMPOTENCY_KEY_CHARS_MAX};
use crate::operations::Operation;
use crate::orders::{Order, OrderId, OrderStatus};
use crate::shape::{Sink, Writable};
use crate::shop::Context;
use crate::store::Changes;
use crate::time::Timestamp;

/// A key that a client has made up for one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The key, or what is wrong with it: 1 to 255 visible characters of ASCII.
    pub fn parse(text: &str) -> Result<Key, Error> {
        let fits = (1..=IDEMPOTENCY_KEY_CHARS_MAX as usize).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Key(text.to_owned()));
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
    pub key: Key,
    /// What the command is: SHA-256 of the operation's name and its input.
    pub fingerprint: [u8; 32],
}

/// What is kept of a command that has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What the command was.
    pub fingerprint: [u8; 32],
    /// The order that it made. All that a command of this kind answers is in the order: its lines never change, and a new
    /// one is placed, at version 1.
    pub order: OrderId,
    /// When it happened.
    pub at: Timestamp,
}

/// Runs a command's rule, unless it has run under this key already; tells whether it had.
pub fn run(
    shop: &mut dyn Changes,
    context: &Context,
    once: &Once,
    rule: impl FnOnce(&mut dyn Changes) -> Result<Order, Error>,
) -> Result<(Order, bool), Error> {
    // A visitor is nobody's user: user ids begin at 1.
    let caller = context.caller.user_id.map_or(0, |user| user.0);
    let oldest = Timestamp(context.now.0 - IDEMPOTENCY_KEPT_SECONDS);
    shop.forget_keys(oldest)?;
    match shop.kept(caller, &once.key)? {
        Some(kept) if kept.fingerprint != once.fingerprint => {
            let message = format!("the idempotency key \"{}\" was used for another command", once.key.as_str());
            Err(Error::new(Reason::IdempotencyKeyReused, message))
        }
        Some(kept) => {
            let order = shop.order(kept.order)?.ok_or_else(Error::internal)?;
            Ok((as_first_answered(order), true))
        }
        None => {
            let order = rule(shop)?;
            let kept = Kept { fingerprint: once.fingerprint, order: order.id, at: context.now };
            shop.keep(caller, &once.key, &kept)?;
            Ok((order, false))
        }
    }
}

/// The order as it was when it had just been made.
fn as_first_answered(order: Order) -> Order {
    Order { status: OrderStatus::Placed, updated_at: order.placed_at, version: 1, ..order }
}

/// What a command is, for its fingerprint: the operation's name, then the input's members in the order of the table. Every
/// text says its length first, so that no two commands are written alike.
pub fn written(operation: &Operation, input: &impl Writable) -> Vec<u8> {
    let mut sink = Plain(Vec::with_capacity(128));
    sink.text(operation.name);
    input.write(&mut sink);
    sink.0
}

struct Plain(Vec<u8>);

impl Sink for Plain {
    fn int(&mut self, number: i32) {
        self.0.push(b'i');
        self.0.extend(number.to_be_bytes());
    }
    fn text(&mut self, text: &str) {
        self.0.push(b't');
        self.0.extend((text.len() as u64).to_be_bytes());
        self.0.extend(text.as_bytes());
    }
    fn time(&mut self, time: Timestamp) {
        self.0.push(b'd');
        self.0.extend(time.0.to_be_bytes());
    }
    fn open_record(&mut self) {
        self.0.push(b'{');
    }
    fn member(&mut self, name: &'static str) {
        self.text(name);
    }
    fn close_record(&mut self) {
        self.0.push(b'}');
    }
    fn open_list(&mut self) {
        self.0.push(b'[');
    }
    fn close_list(&mut self) {
        self.0.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{Input, parse};
    use crate::orders::PlaceOrder;
    use crate::value::Value;

    #[test]
    fn a_key_is_visible_and_short() {
        assert!(Key::parse("8e03978e-40d5-43dd-bc93-6894a57f9324").is_ok());
        assert!(Key::parse(&"k".repeat(255)).is_ok());
        for bad in ["", "a b", "ä", "a\u{7f}", &"k".repeat(256)] {
            assert!(Key::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn another_command_is_written_otherwise() {
        let order = |user: i64, lines: &[(i64, i64)]| {
            let line = |(product, quantity): &(i64, i64)| {
                Value::record([("product_id", (*product).into()), ("quantity", (*quantity).into())])
            };
            let lines = Value::List(lines.iter().map(line).collect());
            let input: PlaceOrder = parse(Value::record([("lines", lines), ("user_id", user.into())])).unwrap();
            written(PlaceOrder::OPERATION, &input)
        };
        assert_eq!(order(1, &[(1, 2)]), order(1, &[(1, 2)]));
        let others = [order(2, &[(1, 2)]), order(1, &[(2, 1)]), order(1, &[(1, 2), (3, 1)]), order(1, &[(1, 3)])];
        assert!(others.iter().all(|other| *other != order(1, &[(1, 2)])));
    }
}
