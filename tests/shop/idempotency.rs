//! A command with an idempotency key is executed once, also when the repetition comes over another style.

use crate::auth::user;
use crate::trials::{Alone, PerPair, Trials};
use domain::Value;
use serde_json::json;
use std::sync::Arc;
use tests::{Conversation, TestServer, ValueAccess, runtime};
use wire::{Adapter, Outcome};

const TESTS: &[PerPair] = &[("place_order happens once", place), ("check_out happens once", check_out)];

/// Every test of the shop itself.
const ALONE: &[Alone] = &[("twenty clicks at once are one order", at_once)];

pub fn tests(trials: &mut Trials) {
    trials.per_pair(TESTS);
    trials.alone(ALONE);
}

fn order_of(result: Outcome) -> Value {
    match result {
        Outcome::Reply(order) => order,
        result => panic!("{result:?}"),
    }
}

fn reason(result: Outcome) -> String {
    match result {
        Outcome::Refused(refused) => refused.reason.unwrap_or_default(),
        result => panic!("{result:?}"),
    }
}

fn newest(client: &mut Conversation) -> i64 {
    client.newest_event()
}

fn place(server: &Arc<TestServer>, first: &'static Adapter, then: &'static Adapter) {
    let mut client = Conversation::over(server, first);
    let input = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 2}, {"product_id": 3, "quantity": 1}]});
    client.take_key("8e03978e-40d5-43dd-bc93-6894a57f9324");
    let order = order_of(client.outcome("place_order", input.clone()));
    assert!(!client.was_replayed(), "it is the first");
    // Later changes make no difference: the first reply is repeated.
    client.report_to("set_order_status", json!({"id": order.number("id"), "status": "paid"}));
    let (stock, events) = (client.report_to("get_product", json!({"id": 1})).number("stock"), newest(&mut client));
    client.go_over_to(then);
    assert_eq!(order_of(client.outcome("place_order", input.clone())), order);
    assert!(client.was_replayed(), "it is the second");
    assert_eq!(client.report_to("get_product", json!({"id": 1})).number("stock"), stock);
    assert_eq!(newest(&mut client), events);
    let other = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 3}]});
    assert_eq!(reason(client.outcome("place_order", other)), "idempotency_key_reused");
    assert_eq!(reason(client.outcome("check_out", json!({"user_id": 1}))), "idempotency_key_reused");
    // Another caller's key with the same text is another key; and a refusal is not stored.
    client.authenticate_as(user(1));
    let mine = order_of(client.outcome("place_order", input.clone()));
    assert_ne!(mine.number("id"), order.number("id"));
    assert!(!client.was_replayed());
    client.take_key("a-refusal");
    let too_many = json!({"user_id": 1, "lines": [{"product_id": 10, "quantity": 99}]});
    assert_eq!(reason(client.outcome("place_order", too_many)), "out_of_stock");
    assert!(order_of(client.outcome("place_order", input)).number("id") > mine.number("id"));
}

fn check_out(server: &Arc<TestServer>, first: &'static Adapter, then: &'static Adapter) {
    let mut client = Conversation::over(server, first);
    client.take_key("cart-1");
    let order = order_of(client.outcome("check_out", json!({"user_id": 1})));
    client.go_over_to(then);
    assert_eq!(
        order_of(client.outcome("check_out", json!({"user_id": 1}))),
        order,
        "the cart is empty, the answer is not"
    );
    assert!(client.was_replayed());
}

fn at_once(server: &Arc<TestServer>) {
    let sandbox = domain::Sandbox::parse(&server.new_name()).unwrap();
    let clicks = (0..20).map(|_| {
        let (shop, sandbox) = (server.shop.clone(), sandbox.clone());
        let input = tests::given(&json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}));
        async move {
            let mut context = domain::RequestContext::new("none", sandbox);
            context.idempotency_key = Some("one".to_owned());
            let reply =
                shop.execute(&context, domain::Operation::named("place_order"), input).await.unwrap().to_value();
            (reply.number("id"), context.response.is_replayed())
        }
    });
    let done = runtime().block_on(futures_util::future::join_all(clicks));
    assert!(done.iter().all(|(id, _)| *id == done[0].0), "{done:?}");
    assert_eq!(done.iter().filter(|(_, replayed)| !replayed).count(), 1, "{done:?}");
    runtime().block_on(server.shop.store().delete(&sandbox)).unwrap();
}
