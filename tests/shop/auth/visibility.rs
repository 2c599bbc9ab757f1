//! A customer sees their own data and no other, alike in every style.

use crate::trials::{Scenario, scenario};
use domain::access::Credentials;
use domain::users::UserId;
use serde_json::json;
use tests::{Conversation, ValueAccess};

pub const SCENARIOS: &[Scenario] = &[
    scenario("a customer's list of orders has only their own", orders),
    scenario("a customer's page goes on to the end of the own", pages),
    scenario("a customer's events are of the own orders", events),
    scenario("a customer does with the own what anybody may", own),
];

/// From now on the caller is user 1, who has orders in the seed.
fn become_ada(client: &mut Conversation) {
    client.authenticate_as(Credentials::ApiKey(auth::demo::api_key(UserId(1))));
}

/// The numbers of Ada's orders and of others' orders, as staff sees them.
fn orders_of_ada_and_others(client: &mut Conversation) -> (Vec<i64>, i64) {
    let all = client.ok("list_orders", json!({"limit": 100}));
    let theirs = all.value_at("items").items().iter().find(|order| order.number("user_id") != 1).unwrap().number("id");
    (client.ok("list_orders", json!({"user_id": 1, "limit": 100})).column("id"), theirs)
}

fn orders(client: &mut Conversation) {
    let (hers, theirs) = orders_of_ada_and_others(client);
    assert!(hers.len() > 1);
    become_ada(client);
    let seen = client.ok("list_orders", json!({"limit": 100}));
    assert_eq!(seen.column("id"), hers);
    assert_eq!(
        client.ok("list_orders", json!({"user_id": 1, "limit": 100})),
        seen,
        "to name oneself makes no difference"
    );
    assert_eq!(client.ok("list_orders", json!({"ids": [theirs, hers[0], 999]})).column("id"), [hers[0]]);
    assert_eq!(client.ok("list_orders", json!({"ids": [theirs]})).column("id"), [0; 0]);
    let placed = client.ok("list_orders", json!({"status": "placed", "limit": 100}));
    assert!(placed.column("id").iter().all(|id| hers.contains(id)));
    // The refusal doesn't tell whether the user exists.
    for user in [2, 51] {
        let message = client.refused("list_orders", json!({"user_id": user}), "not_allowed");
        assert_eq!(message, format!("user 1 may not act for user {user}: only user {user} or staff may"));
    }
}

fn pages(client: &mut Conversation) {
    let (hers, _) = orders_of_ada_and_others(client);
    let of_all = client.ok("list_orders", json!({"limit": 1})).words("next").to_owned();
    become_ada(client);
    let mut page = client.ok("list_orders", json!({"limit": 1}));
    let mut ids = page.column("id");
    while let Some(next) = page.get("next") {
        page = client.ok("list_orders", json!({"limit": 1, "after": next.as_text()}));
        ids.extend(page.column("id"));
    }
    assert_eq!(ids, hers);
    // A cursor belongs to one list, and the list of all orders is another one than hers.
    client.invalid("list_orders", json!({"after": of_all}), "/after");
}

fn events(client: &mut Conversation) {
    become_ada(client);
    let (mut seqs, mut page) = (Vec::new(), client.ok("list_events", json!({"limit": 3})));
    while !page.value_at("items").items().is_empty() {
        assert!(page.column("user_id").iter().all(|user| *user == 1));
        seqs.extend(page.column("seq"));
        assert_eq!(page.number("next"), *seqs.last().unwrap());
        page = client.ok("list_events", json!({"after": page.number("next"), "limit": 100}));
    }
    assert!(seqs.is_sorted() && seqs.len() > 3);
    let last = *seqs.last().unwrap();
    assert_eq!(page.number("next"), last, "`next` is there also at the end");
    let line = json!([{"product_id": 1, "quantity": 1}]);
    client.authenticate_as(Credentials::None);
    client.ok("place_order", json!({"user_id": 2, "lines": line}));
    let order = client.ok("place_order", json!({"user_id": 1, "lines": line})).number("id");
    become_ada(client);
    let new_events = client.ok("list_events", json!({"after": last}));
    assert_eq!((new_events.column("order_id"), new_events.column("user_id")), (vec![order], vec![1]));
    assert!(new_events.number("next") > last + 1, "the log is one for all: what she does not see has its numbers");
}

fn own(client: &mut Conversation) {
    let (_, theirs) = orders_of_ada_and_others(client);
    become_ada(client);
    client.ok("set_cart_line", json!({"user_id": 1, "product_id": 1, "quantity": 1}));
    let order = client.ok("check_out", json!({"user_id": 1}));
    assert_eq!(client.ok("get_order_details", json!({"id": order.number("id")})).number("user/id"), 1);
    client.refused("set_order_status", json!({"id": order.number("id"), "status": "paid"}), "not_allowed");
    assert_eq!(client.ok("cancel_order", json!({"id": order.number("id")})).words("status"), "cancelled");
    for operation in ["get_order", "get_order_details", "cancel_order"] {
        let message = client.refused(operation, json!({"id": theirs}), "order_not_found");
        assert!(message.starts_with(&format!("there is no order {theirs}; ")), "{message}");
    }
    assert_eq!(client.ok("get_user", json!({"id": 1})).words("email"), "ada@example.com");
    client.refused("delete_user", json!({"id": 1}), "user_has_orders");
}
