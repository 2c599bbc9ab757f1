//! Many buyers at once, in all styles.

use serde_json::json;
use server::protocols::PROTOCOLS;
use std::sync::Arc;
use tests::ValueAccess;
use tokio::task::JoinSet;
use wire::connection::{Connection, Failure};
use wire::{Adapter, Address, Outcome, Refused};

/// The outcome of an attempt to buy.
pub enum Purchase {
    /// An order with this id was acknowledged.
    Bought(i64),
    /// It was refused.
    Refused(Refused),
    /// There was no response.
    Lost,
}

/// The styles that the buyers use, one after the other.
pub fn styles() -> impl Iterator<Item = &'static Adapter> {
    PROTOCOLS.iter().cycle()
}

/// So many buyers, each on a connection of its own, buy one piece of product 1 at a time. Each checks `goes_on` before every
/// attempt, and stops when that is false or the connection is lost.
pub async fn buy(
    address: &Address,
    buyers: usize,
    goes_on: impl Fn() -> bool + Send + Sync + 'static,
    record: impl Fn(&Adapter, Purchase) + Send + Sync + 'static,
) {
    let (goes_on, record) = (Arc::new(goes_on), Arc::new(record));
    let mut all = JoinSet::new();
    for (buyer, style) in styles().enumerate().take(buyers) {
        let (address, goes_on, record) = (address.clone(), goes_on.clone(), record.clone());
        all.spawn(async move {
            let user = buyer as i64 % 40 + 1;
            let lines = json!([{"product_id": 1, "quantity": 1}]);
            let call_request = tests::call_request("place_order", &json!({"user_id": user, "lines": lines}));
            let outgoing = style.client.encode(&call_request);
            let Ok(mut line) = Connection::open(&address, &outgoing).await else { return };
            while goes_on() {
                let outcome = match line.call(style.client, &call_request, &outgoing).await {
                    Ok(Outcome::Reply(order)) => Purchase::Bought(order.number("id")),
                    Ok(Outcome::Refused(refused)) => Purchase::Refused(refused),
                    Err(Failure::DecodeError(error)) => panic!("{}: {error}", style.title),
                    Ok(_) | Err(Failure::Broken(_) | Failure::Closed(..) | Failure::Refused(_)) => Purchase::Lost,
                };
                let is_lost = matches!(outcome, Purchase::Lost);
                record(style, outcome);
                if is_lost {
                    return;
                }
            }
        });
    }
    while let Some(done) = all.join_next().await {
        done.expect("no buyer panics");
    }
}
