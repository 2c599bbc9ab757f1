//! How does a command happen once? Its key is looked up and kept in its own transaction.

use super::{Kept, Once};
use crate::context::Context;
use crate::error::{Error, Reason};
use crate::limits::IDEMPOTENCY_KEPT_SECONDS;
use crate::orders::{Order, OrderStatus};
use crate::shape::{Sink, Writable};
use crate::store::Changes;
use crate::time::Timestamp;

/// Runs a command's rule, unless it has run under this key already; tells whether it had.
pub(crate) fn run(
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
pub(crate) fn written(operation: &str, input: &impl Writable) -> Vec<u8> {
    let mut sink = Plain(Vec::with_capacity(128));
    sink.text(operation);
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
    use crate::orders::PlaceOrder;
    use crate::shape;
    use crate::value::Value;

    #[test]
    fn another_command_is_written_otherwise() {
        let order = |user: i64, lines: &[(i64, i64)]| {
            let line = |(product, quantity): &(i64, i64)| {
                Value::record([("product_id", (*product).into()), ("quantity", (*quantity).into())])
            };
            let lines = Value::List(lines.iter().map(line).collect());
            let input: PlaceOrder = shape::read(Value::record([("lines", lines), ("user_id", user.into())])).unwrap();
            written("place_order", &input)
        };
        assert_eq!(order(1, &[(1, 2)]), order(1, &[(1, 2)]));
        let others = [order(2, &[(1, 2)]), order(1, &[(2, 1)]), order(1, &[(1, 2), (3, 1)]), order(1, &[(1, 3)])];
        assert!(others.iter().all(|other| *other != order(1, &[(1, 2)])));
    }
}
