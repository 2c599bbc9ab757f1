//! `list_events`, alike in every style.

use crate::trials::{Scenario, scenario};
use serde_json::json;
use tests::{Conversation, ValueAccess};

pub const SCENARIOS: &[Scenario] = &[
    scenario("list_events tells the whole log, page by page", whole),
    scenario("list_events goes on where it was left", new_events),
    scenario("list_events refuses a cursor that this log never issued", ahead),
    scenario("list_events answers at once what is there, and who does not wait", no_wait),
];

fn whole(client: &mut Conversation) {
    let mut seqs = Vec::new();
    let mut page = client.ok("list_events", json!({}));
    assert_eq!(page.value_at("items").items().len(), 20, "without a limit it is 20, without a place the oldest");
    while !page.value_at("items").items().is_empty() {
        seqs.extend(page.column("seq"));
        page = client.ok("list_events", json!({"after": page.number("next"), "limit": 100}));
    }
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>(), "dense and growing");
    assert_eq!(page.number("next"), seqs.len() as i64, "`next` is there also at the end");
    assert_eq!(client.ok("list_events", json!({"after": 0, "limit": 1})).column("seq"), [1]);
    client.invalid("list_events", json!({"after": -1}), "/after");
}

fn new_events(client: &mut Conversation) {
    let last = newest(client);
    let order = client.ok("place_order", json!({"user_id": 2, "lines": [{"product_id": 1, "quantity": 1}]}));
    client.ok("set_order_status", json!({"id": order.number("id"), "status": "paid"}));
    client.refused("set_order_status", json!({"id": order.number("id"), "status": "placed"}), "status_not_allowed");
    client.ok("cancel_order", json!({"id": order.number("id")}));
    let page = client.ok("list_events", json!({"after": last}));
    assert_eq!(page.column("seq"), [last + 1, last + 2, last + 3], "what was refused is no event");
    assert_eq!(page.column("order_id"), [order.number("id"); 3]);
    assert_eq!(page.column("user_id"), [2; 3]);
    for (position, status) in ["placed", "paid", "cancelled"].into_iter().enumerate() {
        let event = page.value_at(&format!("items/{position}"));
        assert_eq!((event.words("status"), event.words("kind")), (status, format!("order.{status}").as_str()));
        assert_eq!(event.words("at"), "2026-11-20T19:30:00Z");
    }
}

/// The newest position in the log.
pub fn newest(client: &mut Conversation) -> i64 {
    let mut last = 0;
    loop {
        match client.ok("list_events", json!({"after": last, "limit": 100})).number("next") {
            next if next == last => return last,
            next => last = next,
        }
    }
}

fn ahead(client: &mut Conversation) {
    let last = newest(client);
    assert_eq!(client.ok("list_events", json!({"after": last})).number("next"), last);
    for after in [last + 1, 2_147_483_647] {
        let message = client.refused("list_events", json!({"after": after}), "cursor_expired");
        assert_eq!(
            message,
            format!("the newest event is {last}, so {after} is no cursor of this log: the sandbox was reset")
        );
    }
    client.refused("list_events", json!({"after": last + 1, "wait_seconds": 30}), "cursor_expired");
}

fn no_wait(client: &mut Conversation) {
    let last = newest(client);
    for input in [json!({"after": last}), json!({"after": last, "wait_seconds": 0})] {
        let page = client.ok("list_events", input);
        assert_eq!((page.column("seq"), page.number("next")), (vec![], last));
    }
    let page = client.ok("list_events", json!({"after": last - 1, "wait_seconds": 30}));
    assert_eq!(page.column("seq"), [last], "what is there is not waited for");
    for wait in [-1, 31] {
        client.invalid("list_events", json!({"after": last, "wait_seconds": wait}), "/wait_seconds");
    }
}
