//! Webhooks are created, returned and deleted alike in every style, and every event is queued for them.
//!
//! No worker sends deliveries in these tests: they stay as they were created.

use crate::events::log::newest;
use crate::trials::{Alone, Scenario, Trials, scenario};
use domain::limits::WEBHOOKS_MAX;
use serde_json::json;
use server::protocols::PROTOCOLS;
use std::sync::Arc;
use tests::{Conversation, TestServer, ValueAccess};
use wire::Outcome;

const SCENARIOS: &[Scenario] = &[
    scenario("create_webhook returns its secret, and no other operation does", create),
    scenario("create_webhook refuses what is no address of the web", no_address),
    scenario("the webhook that is one too many is refused", one_too_many),
    scenario("rotate_webhook_secret gives another secret", rotate),
    scenario("test_webhook makes a delivery of no event", test),
    scenario("what happens is delivered to each webhook", deliver),
    scenario("list_deliveries is paged to its end", page),
    scenario("delete_webhook takes the deliveries along", delete),
];

/// Once, on a server of its own.
const ALONE: &[Alone] = &[("a server without --webhooks says so in every style", webhooks_are_off)];

pub fn tests(trials: &mut Trials) {
    trials.scenarios(SCENARIOS);
    trials.alone(ALONE);
}

const URL: &str = "https://example.com/news?for='shop'&of=%3C2%3E";

/// Creates a webhook, and returns its id.
fn new(client: &mut Conversation) -> i64 {
    client.ok("create_webhook", json!({"url": URL})).number("id")
}

fn order(client: &mut Conversation) -> i64 {
    client.ok("place_order", json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]})).number("id")
}

fn create(client: &mut Conversation) {
    assert_eq!(client.ok("list_webhooks", json!({})).column("id"), [0; 0]);
    let made = client.ok("create_webhook", json!({"url": URL}));
    assert_eq!((made.number("id"), made.words("url"), made.words("status")), (1, URL, "active"));
    assert_eq!(made.words("created_at"), "2026-11-20T19:30:00Z");
    assert!(made.words("secret").starts_with("whsec_"));
    let shown = client.ok("get_webhook", json!({"id": 1}));
    assert!(shown.get("secret").is_none(), "{shown}");
    assert_eq!((shown.number("id"), shown.words("url"), shown.words("status")), (1, URL, "active"));
    let another = client.ok("create_webhook", json!({"url": URL}));
    assert_eq!(another.number("id"), 2, "one address may be called twice");
    assert_ne!(another.words("secret"), made.words("secret"));
    let list = client.ok("list_webhooks", json!({"limit": 1}));
    assert_eq!(*list.value_at("items/0"), shown);
    assert_eq!(client.ok("list_webhooks", json!({"after": list.words("next")})).column("id"), [2]);
    client.refused("get_webhook", json!({"id": 3}), "webhook_not_found");
}

fn no_address(client: &mut Conversation) {
    for url in [
        "nowhere",
        "/news",
        "https://a b/",
        "ftp://example.com/",
        "javascript:alert(1)",
        "https://",
        "https://a:b@example.com/",
    ] {
        client.invalid("create_webhook", json!({"url": url}), "/url");
    }
    let long = |chars: usize| format!("https://example.com/{}", "x".repeat(chars - 20));
    client.invalid("create_webhook", json!({"url": long(501)}), "/url");
    client.invalid("create_webhook", json!({"url": ""}), "/url");
    assert_eq!(
        client.ok("create_webhook", json!({"url": long(500)})).number("id"),
        1,
        "what was refused took no number"
    );
}

fn one_too_many(client: &mut Conversation) {
    for _ in 0..WEBHOOKS_MAX {
        new(client);
    }
    let message = client.refused("create_webhook", json!({"url": URL}), "overloaded");
    assert_eq!(message, "a sandbox has at most 10 webhooks; try again in 1 s");
    client.ok("delete_webhook", json!({"id": 1}));
    assert_eq!(new(client), 11);
}

fn rotate(client: &mut Conversation) {
    let made = client.ok("create_webhook", json!({"url": URL}));
    let rotated = client.ok("rotate_webhook_secret", json!({"id": 1}));
    assert!(rotated.words("secret").starts_with("whsec_"));
    assert_ne!(rotated.words("secret"), made.words("secret"));
    for member in ["id", "url", "status", "created_at"] {
        assert_eq!(rotated.value_at(member), made.value_at(member));
    }
    assert!(client.ok("get_webhook", json!({"id": 1})).get("secret").is_none());
    client.refused("rotate_webhook_secret", json!({"id": 2}), "webhook_not_found");
}

fn test(client: &mut Conversation) {
    let webhook = new(client);
    let delivery = client.ok("test_webhook", json!({"id": webhook}));
    assert_eq!((delivery.number("id"), delivery.number("webhook_id")), (1, webhook));
    assert_eq!((delivery.words("status"), delivery.number("attempts")), ("pending", 0));
    let now = "2026-11-20T19:30:00Z";
    assert_eq!((delivery.words("created_at"), delivery.words("next_attempt_at")), (now, now));
    for absent in ["seq", "response_status", "problem"] {
        assert!(delivery.get(absent).is_none(), "{delivery}");
    }
    let deliveries = client.ok("list_deliveries", json!({}));
    assert_eq!(*deliveries.value_at("items/0"), delivery);
    client.refused("test_webhook", json!({"id": 2}), "webhook_not_found");
}

fn deliver(client: &mut Conversation) {
    order(client);
    let (one, other) = (new(client), new(client));
    let id = order(client);
    client.ok("set_order_status", json!({"id": id, "status": "paid"}));
    client.refused("set_order_status", json!({"id": id, "status": "placed"}), "status_not_allowed");
    let last = newest(client);
    let all = client.ok("list_deliveries", json!({}));
    assert_eq!(all.column("webhook_id"), [one, other, one, other], "what was before is not delivered");
    assert_eq!(all.column("seq"), [last - 1, last - 1, last, last]);
    assert!(all.value_at("items").items().iter().all(|delivery| delivery.words("status") == "pending"));
    let to_one = client.ok("list_deliveries", json!({"webhook_id": other}));
    assert_eq!((to_one.column("id"), to_one.column("seq")), (vec![2, 4], vec![last - 1, last]));
    client.refused("list_deliveries", json!({"webhook_id": 3}), "webhook_not_found");
}

fn page(client: &mut Conversation) {
    let (one, other) = (new(client), new(client));
    for webhook in [one, other, one, one] {
        client.ok("test_webhook", json!({"id": webhook}));
    }
    let first = client.ok("list_deliveries", json!({"webhook_id": one, "limit": 2}));
    assert_eq!(first.column("id"), [1, 3]);
    let next = first.words("next").to_owned();
    let rest = client.ok("list_deliveries", json!({"webhook_id": one, "limit": 2, "after": next}));
    assert_eq!(rest.column("id"), [4]);
    assert!(rest.get("next").is_none());
    // A cursor belongs to one list.
    client.invalid("list_deliveries", json!({"after": next}), "/after");
    client.invalid("list_deliveries", json!({"webhook_id": other, "after": next}), "/after");
    client.invalid("list_webhooks", json!({"after": next}), "/after");
}

fn delete(client: &mut Conversation) {
    let (one, other) = (new(client), new(client));
    order(client);
    client.ok("delete_webhook", json!({"id": one}));
    assert_eq!(client.ok("list_webhooks", json!({})).column("id"), [other]);
    assert_eq!(client.ok("list_deliveries", json!({})).column("webhook_id"), [other]);
    for operation in ["get_webhook", "delete_webhook", "rotate_webhook_secret", "test_webhook"] {
        let message = client.refused(operation, json!({"id": one}), "webhook_not_found");
        assert!(message.starts_with("there is no webhook 1; "), "{message}");
    }
    client.refused("list_deliveries", json!({"webhook_id": one}), "webhook_not_found");
    order(client);
    assert_eq!(client.ok("list_deliveries", json!({})).column("id"), [2, 3]);
    assert_eq!(new(client), 3, "a number is never used again");
}

fn webhooks_are_off(_: &Arc<TestServer>) {
    let server = Arc::new(TestServer::without_webhooks());
    for style in PROTOCOLS.iter() {
        let mut client = Conversation::over(&server, style);
        for (operation, input) in [
            ("create_webhook", json!({"url": URL})),
            ("rotate_webhook_secret", json!({"id": 1})),
            ("test_webhook", json!({"id": 1})),
        ] {
            match client.outcome(operation, input) {
                Outcome::Refused(refused) => {
                    assert_eq!(refused.reason.as_deref(), Some("not_allowed"), "{operation}: {refused}");
                    assert!(refused.message.ends_with("it was started without --webhooks"), "{operation}: {refused}");
                }
                result => panic!("{operation} over {}: {result:?}", style.title),
            }
        }
        // Reading is allowed: webhooks from before are still there.
        assert_eq!(client.ok("list_webhooks", json!({})).column("id"), [0; 0]);
    }
}
