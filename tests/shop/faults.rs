//! Injected faults, in every style's own way; the operation is executed all the same.

use crate::trials::PerStyle;
use serde_json::json;
use std::sync::Arc;
use tests::{Conversation, TestServer};
use wire::{Adapter, Outcome};

pub const TESTS: &[PerStyle] = &[
    ("an injected error is returned, and nothing is executed", kinds),
    ("a dropped response never comes, and the operation is executed", dropped),
    ("a response is cut, and the operation is executed", cut),
    ("an unknown fault is refused", misunderstood),
    ("dropped three times, it is three orders without a key and one with it", lesson),
];

fn order() -> serde_json::Value {
    json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]})
}

fn orders(client: &mut Conversation) -> i64 {
    client.newest_event()
}

fn kinds(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut client = Conversation::over(server, style);
    let before = orders(&mut client);
    for (fault, reason) in [
        ("unavailable", "overloaded"),
        ("rate_limited", "rate_limited"),
        ("internal", "internal"),
        ("unauthenticated", "credentials_missing"),
        ("conflict", "email_taken"),
    ] {
        client.fault(fault);
        let input = order();
        match client.outcome("place_order", input) {
            Outcome::Refused(refused) => assert_eq!(refused.reason.as_deref(), Some(reason), "{fault}: {refused}"),
            result => panic!("{fault}: {result:?}"),
        }
    }
    assert_eq!(orders(&mut client), before);
}

fn dropped(server: &Arc<TestServer>, style: &'static Adapter) {
    executed_all_the_same(server, style, "drop");
}

fn cut(server: &Arc<TestServer>, style: &'static Adapter) {
    executed_all_the_same(server, style, "cut=40%");
}

fn executed_all_the_same(server: &Arc<TestServer>, style: &'static Adapter, fault: &str) {
    let mut client = Conversation::over(server, style);
    let before = orders(&mut client);
    client.fault(fault);
    let result = client.try_outcome("place_order", order());
    assert!(result.is_err(), "{result:?}");
    assert_eq!(orders(&mut client), before + 1);
}

fn misunderstood(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut client = Conversation::over(server, style);
    client.fault("fire");
    match client.outcome("get_product", json!({"id": 1})) {
        Outcome::Refused(refused) => assert_eq!(refused.reason.as_deref(), Some("invalid_input"), "{refused}"),
        result => panic!("{result:?}"),
    }
}

/// The lesson of the command that was sent twice.
fn lesson(server: &Arc<TestServer>, style: &'static Adapter) {
    for (key, made) in [(None, 3), (Some("click"), 1)] {
        let mut client = Conversation::over(server, style);
        let before = orders(&mut client);
        key.into_iter().for_each(|key| client.take_key(key));
        for last in [false, false, true] {
            client.fault(if last { "delay=1ms" } else { "drop" });
            let input = order();
            assert_eq!(client.try_outcome("place_order", input).is_ok(), last);
        }
        assert_eq!(orders(&mut client) - before, made);
    }
}
