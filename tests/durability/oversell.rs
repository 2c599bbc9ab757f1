//! Exactly as many pieces are sold as there are, whatever the load.

use crate::buyers::{Purchase, buy};
use domain::{RequestContext, Sandbox, Value};
use serde_json::json;
use server::protocols::PROTOCOLS;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use tests::{TestServer, ValueAccess, given, runtime};

const PIECES: i64 = 100;
const ATTEMPTS: i64 = 2_000;
const CONNECTIONS: usize = 64;

/// The outcomes of all attempts.
#[derive(Default)]
struct Tally {
    bought: BTreeSet<i64>,
    attempts: BTreeMap<&'static str, u32>,
    refused: i64,
}

pub fn test() {
    let server = TestServer::open();
    let call = |operation: &str, input: serde_json::Value| -> Value {
        let context = RequestContext::new("none", Sandbox::main());
        runtime()
            .block_on(server.shop.execute(&context, domain::Operation::named(operation), given(&input)))
            .expect("an answer")
            .to_value()
    };
    call("update_product", json!({"id": 1, "stock": PIECES}));
    let last_event = newest(call);
    let tally = Arc::new(Mutex::new(Tally::default()));
    let (left, counted) = (AtomicI64::new(ATTEMPTS), tally.clone());
    let goes_on = move || left.fetch_sub(1, Ordering::SeqCst) > 0;
    let count = move |style: &wire::Adapter, outcome| {
        let mut tally = counted.lock().expect("no buyer panics");
        *tally.attempts.entry(style.name).or_default() += 1;
        match outcome {
            Purchase::Bought(order) => assert!(tally.bought.insert(order), "order {order} twice"),
            Purchase::Refused(refused) => {
                assert_eq!(refused.reason.as_deref(), Some("out_of_stock"), "{refused}");
                tally.refused += 1;
            }
            Purchase::Lost => panic!("no answer over {}", style.title),
        }
    };
    runtime().block_on(buy(&server.address(), CONNECTIONS, goes_on, count));
    let tally = tally.lock().expect("no buyer panics");
    assert_eq!((tally.bought.len() as i64, tally.refused), (PIECES, ATTEMPTS - PIECES));
    assert_eq!(tally.attempts.len(), PROTOCOLS.len(), "every style took part: {:?}", tally.attempts);
    assert_eq!(call("get_product", json!({"id": 1})).number("stock"), 0);
    // The log has these orders and no others, without a gap.
    let events = call("list_events", json!({"after": last_event, "limit": 100}));
    assert_eq!(events.column("seq"), (last_event + 1..=last_event + PIECES).collect::<Vec<_>>());
    assert_eq!(events.column("order_id").into_iter().collect::<BTreeSet<_>>(), tally.bought);
    assert_eq!(newest(call), last_event + PIECES);
}

/// The end of the log.
fn newest(call: impl Fn(&str, serde_json::Value) -> Value) -> i64 {
    let mut after = 0;
    loop {
        match call("list_events", json!({"after": after, "limit": 100})).number("next") {
            next if next == after => return after,
            next => after = next,
        }
    }
}
