//! How far the log goes back, and what a listener with an older cursor gets.

use domain::access::Caller;
use domain::events::{EventKind, append};
use domain::limits::{EVENTS_KEPT_MIN, EVENTS_KEPT_SECONDS, EVENTS_SWEEP_EVERY};
use domain::orders::OrderId;
use domain::shop::Context;
use domain::store::Seed;
use domain::time::Timestamp;
use serde_json::json;
use server::protocols::PROTOCOLS;
use std::sync::Arc;
use tests::events::{Follower, Received, Writer, newest, styles};
use tests::test_server::{NOW, standard_seed};
use tests::{TestServer, ValueAccess, runtime};
use wire::connection::Failure;
use wire::{Adapter, Address};

tests!(a_cursor_that_is_no_longer_in_the_log_has_expired,);

/// The events of two cleanups are too old and too many.
pub const FORGOTTEN: i64 = 2 * EVENTS_SWEEP_EVERY as i64;
/// Events of the log.
pub const EVENTS: i64 = EVENTS_KEPT_MIN as i64 + FORGOTTEN;
/// Cursors whose next event is deleted, and one that this log never issued.
const EXPIRED: [i64; 3] = [0, FORGOTTEN - 1, EVENTS + 1];

/// Seeds a sandbox, and fills its log up to that many events: those of the seed and as many as will be deleted happened
/// more than a day ago, the others now.
pub fn long_log() -> Seed {
    let usual = standard_seed();
    Arc::new(move |sandbox, shop| {
        usual(sandbox, shop)?;
        let order = shop.order(OrderId(1))?.expect("the seed has orders");
        for seq in i64::from(shop.last_seq()?) + 1..=EVENTS {
            let age = if seq <= FORGOTTEN { EVENTS_KEPT_SECONDS + 1 } else { 0 };
            let context = Context { caller: Caller::visitor(sandbox.clone()), now: Timestamp(NOW.0 - age) };
            append(shop, &context, EventKind::of(order.status), &order)?;
        }
        Ok(())
    })
}

fn a_cursor_that_is_no_longer_in_the_log_has_expired() {
    let server = TestServer::seeded(long_log());
    let address = server.address();
    runtime().block_on(async {
        assert_eq!(newest(&server.shop, "main").await, EVENTS);
        for style in PROTOCOLS.iter() {
            pages(&address, style).await;
        }
        for style in styles() {
            stream(&address, style).await;
        }
    });
}

async fn pages(address: &Address, style: &'static Adapter) {
    let mut reader = Writer::new(address, style);
    for expired in EXPIRED {
        let refused = reader.call("list_events", &json!({"after": expired})).await;
        let Err(Failure::Broken(refused)) = refused else { panic!("{}: {refused:?}", style.title) };
        assert!(refused.starts_with("cursor_expired"), "{}: {refused}", style.title);
    }
    for input in [json!({}), json!({"after": FORGOTTEN})] {
        let page = reader.call("list_events", &input).await.unwrap();
        assert_eq!(page.number("items/0/seq"), FORGOTTEN + 1, "{}: the oldest that is kept", style.title);
    }
    let page = reader.call("list_events", &json!({"after": EVENTS})).await.unwrap();
    assert_eq!(page.number("next"), EVENTS, "{}: the end of the log is a place in it", style.title);
}

async fn stream(address: &Address, style: &'static Adapter) {
    for expired in EXPIRED {
        let mut follower = Follower::new(address, style, expired);
        let refused = loop {
            match follower.next().await {
                Received::Sign => {}
                Received::Refused(refused) => break refused,
                other => panic!("{}: {other:?}", style.title),
            }
        };
        assert_eq!(refused.reason.as_deref(), Some("cursor_expired"), "{}: {refused}", style.title);
    }
    let mut follower = Follower::new(address, style, FORGOTTEN);
    follower.until(EVENTS).await;
    let result: Vec<i64> = follower.result.iter().map(|event| event.number("seq")).collect();
    assert!(result == (FORGOTTEN + 1..=EVENTS).collect::<Vec<_>>(), "{}: all that is kept", style.title);
}
