//! The status of an order, alike in every style. All twenty-five changes are tried.

use crate::trials::{Scenario, scenario};
use serde_json::json;
use tests::{Conversation, ValueAccess};

pub const SCENARIOS: &[Scenario] = &[
    scenario("set_order_status allows what the table allows", table),
    scenario("set_order_status refuses a stale version", stale),
    scenario("cancel_order returns the stock", cancel),
];

const STATUSES: [&str; 5] = ["placed", "paid", "shipped", "delivered", "cancelled"];

/// The path to each status from the first.
const WAYS: [&[&str]; 5] = [&[], &["paid"], &["paid", "shipped"], &["paid", "shipped", "delivered"], &["cancelled"]];

/// The allowed changes; written here again, so that the domain's own table is checked.
fn is_allowed(from: &str, to: &str) -> bool {
    matches!(
        (from, to),
        ("placed", "paid" | "cancelled") | ("paid", "shipped" | "cancelled") | ("shipped", "delivered")
    )
}

fn place(client: &mut Conversation) -> i64 {
    let order = client.ok("place_order", json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 2}]}));
    order.number("id")
}

fn table(client: &mut Conversation) {
    for (from, path) in STATUSES.into_iter().zip(WAYS) {
        for to in STATUSES {
            let id = place(client);
            for status in path {
                client.ok("set_order_status", json!({"id": id, "status": status}));
            }
            let step = json!({"id": id, "status": to});
            if is_allowed(from, to) {
                let order = client.ok("set_order_status", step);
                assert_eq!((order.words("status"), order.number("version")), (to, path.len() as i64 + 2));
            } else {
                client.refused("set_order_status", step, "status_not_allowed");
                assert_eq!(client.ok("get_order", json!({"id": id})).words("status"), from);
            }
        }
    }
    client.refused("set_order_status", json!({"id": 9_999, "status": "paid"}), "order_not_found");
}

fn stale(client: &mut Conversation) {
    let id = place(client);
    client.refused("set_order_status", json!({"id": id, "status": "paid", "expected_version": 2}), "stale_version");
    let paid = client.ok("set_order_status", json!({"id": id, "status": "paid", "expected_version": 1}));
    assert_eq!(paid.number("version"), 2);
    client.refused("set_order_status", json!({"id": id, "status": "shipped", "expected_version": 1}), "stale_version");
}

fn cancel(client: &mut Conversation) {
    let before = client.ok("get_product", json!({"id": 1}));
    let id = place(client);
    let cancelled = client.ok("cancel_order", json!({"id": id}));
    assert_eq!((cancelled.words("status"), cancelled.number("version")), ("cancelled", 2));
    let after = client.ok("get_product", json!({"id": 1}));
    assert_eq!(after.number("stock"), before.number("stock"));
    assert_eq!(after.number("version"), before.number("version") + 2);
    client.refused("cancel_order", json!({"id": id}), "status_not_allowed");
    assert_eq!(client.ok("get_product", json!({"id": 1})), after, "it returns once");
    // cancel_order is the same change.
    let id = place(client);
    client.ok("set_order_status", json!({"id": id, "status": "paid"}));
    client.ok("set_order_status", json!({"id": id, "status": "cancelled"}));
    assert_eq!(client.ok("get_product", json!({"id": 1})).number("stock"), before.number("stock"));
    let id = place(client);
    client.ok("set_order_status", json!({"id": id, "status": "paid"}));
    client.ok("set_order_status", json!({"id": id, "status": "shipped"}));
    client.refused("cancel_order", json!({"id": id}), "status_not_allowed");
    client.refused("cancel_order", json!({"id": 9_999}), "order_not_found");
}
