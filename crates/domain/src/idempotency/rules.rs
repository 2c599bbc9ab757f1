//! Executing a command command: its key is looked up and stored in its own transaction.

use super::{IdempotentCommand, StoredResult};
use crate::context::Context;
use crate::error::{Error, Reason};
use crate::limits::IDEMPOTENCY_KEPT_SECONDS;
use crate::orders::{Order, OrderStatus};
use crate::schema::{Encode, Encoder};
use crate::store::Transaction;
use crate::time::Timestamp;

/// Runs a command's rule unless it has run under this key; returns whether it had.
pub(crate) fn run(
    shop: &mut dyn Transaction,
    context: &Context,
    command: &IdempotentCommand,
    rule: impl FnOnce(&mut dyn Transaction) -> Result<Order, Error>,
) -> Result<(Order, bool), Error> {
    // 0 stands for an anonymous caller: user ids start at 1.
    let caller = context.caller.user_id.map_or(0, |user| user.0);
    let oldest = Timestamp(context.now.0 - IDEMPOTENCY_KEPT_SECONDS);
    shop.delete_idempotency_keys(oldest)?;
    match shop.stored_result(caller, &command.key)? {
        Some(stored_result) if stored_result.fingerprint != command.fingerprint => {
            let message = format!("the idempotency key \"{}\" was used for another command", command.key.as_str());
            Err(Error::new(Reason::IdempotencyKeyReused, message))
        }
        Some(stored_result) => {
            let order = shop.order(stored_result.order)?.ok_or_else(Error::internal)?;
            Ok((as_created(order), true))
        }
        None => {
            let order = rule(shop)?;
            let stored_result = StoredResult { fingerprint: command.fingerprint, order: order.id, at: context.now };
            shop.store_result(caller, &command.key, &stored_result)?;
            Ok((order, false))
        }
    }
}

/// The order as it was in the first reply.
fn as_created(order: Order) -> Order {
    Order { status: OrderStatus::Placed, updated_at: order.placed_at, version: 1, ..order }
}

/// The bytes of a command for its fingerprint: the operation's name, then the members in the order of the schema. Each
/// text is preceded by its length, so that no two commands have the same bytes.
pub(crate) fn fingerprint_bytes(operation: &str, input: &impl Encode) -> Vec<u8> {
    let mut encoder = FingerprintEncoder(Vec::with_capacity(128));
    encoder.text(operation);
    input.write(&mut encoder);
    encoder.0
}

struct FingerprintEncoder(Vec<u8>);

impl Encoder for FingerprintEncoder {
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
    fn begin_object(&mut self) {
        self.0.push(b'{');
    }
    fn field(&mut self, name: &'static str) {
        self.text(name);
    }
    fn end_object(&mut self) {
        self.0.push(b'}');
    }
    fn begin_list(&mut self) {
        self.0.push(b'[');
    }
    fn end_list(&mut self) {
        self.0.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::PlaceOrder;
    use crate::schema;
    use crate::value::Value;

    #[test]
    fn different_commands_have_different_bytes() {
        let order = |user: i64, lines: &[(i64, i64)]| {
            let line = |(product, quantity): &(i64, i64)| {
                Value::object([("product_id", (*product).into()), ("quantity", (*quantity).into())])
            };
            let lines = Value::List(lines.iter().map(line).collect());
            let input: PlaceOrder =
                schema::read(Value::object([("lines", lines), ("user_id", user.into())]), &schema::names::PLAIN)
                    .unwrap();
            fingerprint_bytes("place_order", &input)
        };
        assert_eq!(order(1, &[(1, 2)]), order(1, &[(1, 2)]));
        let others = [order(2, &[(1, 2)]), order(1, &[(2, 1)]), order(1, &[(1, 2), (3, 1)]), order(1, &[(1, 3)])];
        assert!(others.iter().all(|other| *other != order(1, &[(1, 2)])));
    }
}
