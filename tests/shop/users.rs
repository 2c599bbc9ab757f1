//! Users are listed, created, changed and deleted alike in every style.

use crate::trials::{Scenario, scenario};
use serde_json::json;
use tests::{Conversation, ValueAccess};

pub const SCENARIOS: &[Scenario] = &[
    scenario("get_user tells one user", get),
    scenario("list_users is paged to its end", page),
    scenario("list_users ignores unknown ids", by_ids),
    scenario("create_user makes a customer", create),
    scenario("create_user takes an email once, in whatever case", email_is_taken),
    scenario("update_user changes what is given", update),
    scenario("update_user refuses a stale version", stale),
    scenario("delete_user takes the cart along, and the id is never used again", delete),
    scenario("delete_user refuses a user with orders", has_orders),
];

fn get(client: &mut Conversation) {
    let ada = client.ok("get_user", json!({"id": 1}));
    assert_eq!((ada.words("name"), ada.words("email")), ("Ada Lovelace", "ada@example.com"));
    assert_eq!((ada.words("role"), ada.number("version")), ("customer", 1));
    assert_eq!(client.ok("get_user", json!({"id": 3})).words("role"), "admin");
    client.refused("get_user", json!({"id": 51}), "user_not_found");
}

fn page(client: &mut Conversation) {
    let mut page = client.ok("list_users", json!({}));
    let mut ids = page.column("id");
    assert_eq!(ids.len(), 20, "without a limit it is 20");
    while let Some(next) = page.get("next") {
        page = client.ok("list_users", json!({"limit": 13, "after": next.as_text()}));
        ids.extend(page.column("id"));
    }
    assert_eq!(ids, (1..=50).collect::<Vec<_>>());
    assert_eq!(page.value_at("items").items().len(), 4);
    let exactly_all = client.ok("list_users", json!({"limit": 50}));
    assert!(exactly_all.get("next").is_none(), "nothing comes after the last");
}

fn by_ids(client: &mut Conversation) {
    assert_eq!(client.ok("list_users", json!({"ids": [3, 999, 1]})).column("id"), [1, 3]);
    assert_eq!(client.ok("list_users", json!({"ids": [7]})).column("id"), [7]);
    assert_eq!(client.ok("list_users", json!({"ids": [999]})).column("id"), [0; 0]);
    assert_eq!(client.ok("list_users", json!({"ids": [2, 2]})).column("id"), [2]);
    let page = client.ok("list_users", json!({"ids": [5, 4, 6], "limit": 2}));
    assert_eq!(page.column("id"), [4, 5]);
    let after = page.words("next");
    assert_eq!(client.ok("list_users", json!({"ids": [5, 4, 6], "after": after})).column("id"), [6]);
    // The cursor is valid for this list only.
    client.invalid("list_users", json!({"after": after}), "/after");
    client.invalid("list_users", json!({"ids": [4], "after": after}), "/after");
    client.invalid("list_orders", json!({"after": after}), "/after");
}

fn create(client: &mut Conversation) {
    let user = client.ok("create_user", json!({"name": "Mary", "email": "mary@example.com"}));
    assert_eq!((user.number("id"), user.number("version")), (51, 1));
    assert_eq!((user.words("role"), user.words("created_at")), ("customer", "2026-11-20T19:30:00Z"));
    assert_eq!(client.ok("get_user", json!({"id": 51})), user);
    assert_eq!(client.ok("get_cart", json!({"user_id": 51})).number("total/amount"), 0);
    client.invalid("create_user", json!({"name": "Mary", "email": "nowhere"}), "/email");
}

fn email_is_taken(client: &mut Conversation) {
    client.refused("create_user", json!({"name": "A", "email": "ada@example.com"}), "email_taken");
    client.refused("create_user", json!({"name": "A", "email": "ADA@Example.COM"}), "email_taken");
    client.refused("update_user", json!({"id": 2, "email": "aDa@example.com"}), "email_taken");
    client.ok("create_user", json!({"name": "Ö", "email": "ÖZ@example.com"}));
    client.refused("create_user", json!({"name": "ö", "email": "öz@EXAMPLE.com"}), "email_taken");
    let own = client.ok("update_user", json!({"id": 1, "email": "ADA@example.com"}));
    assert_eq!((own.words("email"), own.number("version")), ("ADA@example.com", 2), "one's own is not taken");
}

fn update(client: &mut Conversation) {
    let renamed = client.ok("update_user", json!({"id": 4, "name": "Zoë"}));
    assert_eq!((renamed.words("name"), renamed.number("version")), ("Zoë", 2));
    assert_eq!(renamed.words("email"), "zoe.vanderberg@example.com");
    let again = client.ok("update_user", json!({"id": 4, "name": "Zoë"}));
    assert_eq!(again.number("version"), 2, "nothing visible has changed");
    let both = client.ok("update_user", json!({"id": 4, "name": "Z", "email": "z@example.com"}));
    assert_eq!((both.words("email"), both.number("version")), ("z@example.com", 3));
    client.refused("update_user", json!({"id": 99, "name": "Z"}), "user_not_found");
}

fn stale(client: &mut Conversation) {
    let first = client.ok("update_user", json!({"id": 1, "name": "Ada King", "expected_version": 1}));
    assert_eq!(first.number("version"), 2);
    let message = client.refused("update_user", json!({"id": 1, "name": "A", "expected_version": 1}), "stale_version");
    assert_eq!(message, "user 1 has version 2, not the expected version 1");
    client.refused("delete_user", json!({"id": 10, "expected_version": 7}), "stale_version");
    assert_eq!(client.ok("get_user", json!({"id": 1})).words("name"), "Ada King");
}

fn delete(client: &mut Conversation) {
    client.ok("set_cart_line", json!({"user_id": 10, "product_id": 1, "quantity": 2}));
    let nothing = client.ok("delete_user", json!({"id": 10, "expected_version": 1}));
    assert_eq!(nothing, domain::Value::object([]));
    client.refused("get_user", json!({"id": 10}), "user_not_found");
    client.refused("get_cart", json!({"user_id": 10}), "user_not_found");
    client.refused("delete_user", json!({"id": 10}), "user_not_found");
    let made =
        |client: &mut Conversation| client.ok("create_user", json!({"name": "A", "email": "amina.diallo@example.com"}));
    assert_eq!(made(client).number("id"), 51, "the email is free again, the id is not");
    client.ok("delete_user", json!({"id": 51}));
    assert_eq!(made(client).number("id"), 52);
}

fn has_orders(client: &mut Conversation) {
    client.refused("delete_user", json!({"id": 1}), "user_has_orders");
    assert_eq!(client.ok("get_user", json!({"id": 1})).number("id"), 1);
}
