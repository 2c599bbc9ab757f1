//! A command with an idempotency key is executed once, also when the repetition comes over another style.

use crate::auth::user;
use crate::trials::{Alone, PerPair, Trials};
use domain::Value;
use serde_json::json;
use std::sync::Arc;
use tests::{Conversation, Look, TestServer, runtime};
use wire::{Adapter, Outcome};

const TESTS: &[PerPair] = &[("place_order happens once", place), ("check_out happens once", check_out)];

/// Every test of the shop itself.
const ALONE: &[Alone] = &[("twenty clicks at once are one order", at_once)];

pub fn tests(trials: &mut Trials) {
    trials.per_pair(TESTS);
    trials.alone(ALONE);
}

fn order_of(heard: Outcome) -> Value {
    match heard {
        Outcome::Reply(order) => order,
        heard => panic!("{heard:?}"),
    }
}

fn reason(heard: Outcome) -> String {
    match heard {
        Outcome::Refused(refused) => refused.reason.unwrap_or_default(),
        heard => panic!("{heard:?}"),
    }
}

fn newest(talk: &mut Conversation) -> i64 {
    talk.newest_event()
}

fn place(server: &Arc<TestServer>, first: &'static Adapter, then: &'static Adapter) {
    let mut talk = Conversation::over(server, first);
    let input = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 2}, {"product_id": 3, "quantity": 1}]});
    talk.take_key("8e03978e-40d5-43dd-bc93-6894a57f9324");
    let order = order_of(talk.outcome("place_order", input.clone()));
    assert!(!talk.was_replayed(), "it is the first");
    // Later changes make no difference: the first reply is repeated.
    talk.tell("set_order_status", json!({"id": order.number("id"), "status": "paid"}));
    let (stock, events) = (talk.tell("get_product", json!({"id": 1})).number("stock"), newest(&mut talk));
    talk.go_over_to(then);
    assert_eq!(order_of(talk.outcome("place_order", input.clone())), order);
    assert!(talk.was_replayed(), "it is the second");
    assert_eq!(talk.tell("get_product", json!({"id": 1})).number("stock"), stock);
    assert_eq!(newest(&mut talk), events);
    let other = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 3}]});
    assert_eq!(reason(talk.outcome("place_order", other)), "idempotency_key_reused");
    assert_eq!(reason(talk.outcome("check_out", json!({"user_id": 1}))), "idempotency_key_reused");
    // Another caller's key with the same text is another key; and a refusal is not stored.
    talk.become_caller(user(1));
    let mine = order_of(talk.outcome("place_order", input.clone()));
    assert_ne!(mine.number("id"), order.number("id"));
    assert!(!talk.was_replayed());
    talk.take_key("a-refusal");
    let too_many = json!({"user_id": 1, "lines": [{"product_id": 10, "quantity": 99}]});
    assert_eq!(reason(talk.outcome("place_order", too_many)), "out_of_stock");
    assert!(order_of(talk.outcome("place_order", input)).number("id") > mine.number("id"));
}

fn check_out(server: &Arc<TestServer>, first: &'static Adapter, then: &'static Adapter) {
    let mut talk = Conversation::over(server, first);
    talk.take_key("cart-1");
    let order = order_of(talk.outcome("check_out", json!({"user_id": 1})));
    talk.go_over_to(then);
    assert_eq!(
        order_of(talk.outcome("check_out", json!({"user_id": 1}))),
        order,
        "the cart is empty, the answer is not"
    );
    assert!(talk.was_replayed());
}

fn at_once(server: &Arc<TestServer>) {
    let sandbox = domain::Sandbox::parse(&server.new_name()).unwrap();
    let clicks = (0..20).map(|_| {
        let (shop, sandbox) = (server.shop.clone(), sandbox.clone());
        let input = tests::given(&json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}));
        async move {
            let mut meta = domain::RequestContext::new("none", sandbox);
            meta.idempotency_key = Some("one".to_owned());
            let reply = shop.execute(&meta, domain::Operation::named("place_order"), input).await.unwrap().to_value();
            (reply.number("id"), meta.response.is_replayed())
        }
    });
    let done = runtime().block_on(futures_util::future::join_all(clicks));
    assert!(done.iter().all(|(id, _)| *id == done[0].0), "{done:?}");
    assert_eq!(done.iter().filter(|(_, replayed)| !replayed).count(), 1, "{done:?}");
    runtime().block_on(server.shop.store().delete(&sandbox)).unwrap();
}
