//! Who changes the order that is followed? One style, on connections of its own.

use super::follow::{Change, STATUSES};
use domain::Value;
use tokio::time::Instant;
use wire::client::CallOptions;
use wire::connection::{Connection, Failure, broken};
use wire::{Adapter, Address, CallRequest, Outcome};

/// The customer and the product of the order: a new sandbox has them.
const USER_ID: i64 = 1;
const PRODUCT_ID: i64 = 1;

/// Whoever changes the order.
pub(super) struct Maker<'a> {
    pub sandbox: &'a Address,
    pub style: &'static Adapter,
    pub options: &'a CallOptions,
    /// The order, once it is placed.
    pub order_id: i64,
}

impl Maker<'_> {
    /// Brings the order to that status; the first is that it is placed. The connection is open before, and is so for this change
    /// only: between two of them a server would close it.
    pub async fn make(&mut self, status: &str) -> Result<Change, Failure> {
        let ask = if status == STATUSES[0] {
            let line = Value::object([("product_id", PRODUCT_ID.into()), ("quantity", 1.into())]);
            let input = Value::object([("user_id", USER_ID.into()), ("lines", Value::List(vec![line]))]);
            CallRequest::new("place_order", input)
        } else {
            CallRequest::new(
                "set_order_status",
                Value::object([("id", self.order_id.into()), ("status", status.into())]),
            )
        };
        let ask = CallRequest { options: self.options.clone(), ..ask };
        let outgoing = self.style.client.encode(&ask);
        let mut line = Connection::open(self.sandbox, &outgoing).await?;
        let sent = Instant::now();
        let heard = line.call(self.style.client, &ask, &outgoing).await?;
        let answered = sent.elapsed();
        line.close().await;
        match heard {
            Outcome::Reply(order) => self.order_id = order.get("id").and_then(Value::int).unwrap_or(self.order_id),
            Outcome::Refused(refused) => return Err(Failure::Refused(Box::new(refused))),
            Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => {
                return Err(broken(format!("{} did not answer {}", self.style.title, ask.operation)));
            }
        }
        Ok(Change { sent, answered })
    }
}
