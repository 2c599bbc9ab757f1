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

fn orders(talk: &mut Conversation) -> i64 {
    talk.newest_event()
}

fn kinds(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut talk = Conversation::over(server, style);
    let before = orders(&mut talk);
    for (wish, reason) in [
        ("unavailable", "overloaded"),
        ("rate_limited", "rate_limited"),
        ("internal", "internal"),
        ("unauthenticated", "credentials_missing"),
        ("conflict", "email_taken"),
    ] {
        talk.fault(wish);
        let input = order();
        match talk.outcome("place_order", input) {
            Outcome::Refused(refused) => assert_eq!(refused.reason.as_deref(), Some(reason), "{wish}: {refused}"),
            heard => panic!("{wish}: {heard:?}"),
        }
    }
    assert_eq!(orders(&mut talk), before);
}

fn dropped(server: &Arc<TestServer>, style: &'static Adapter) {
    executed_all_the_same(server, style, "drop");
}

fn cut(server: &Arc<TestServer>, style: &'static Adapter) {
    executed_all_the_same(server, style, "cut=40%");
}

fn executed_all_the_same(server: &Arc<TestServer>, style: &'static Adapter, wish: &str) {
    let mut talk = Conversation::over(server, style);
    let before = orders(&mut talk);
    talk.fault(wish);
    let heard = talk.try_hear("place_order", order());
    assert!(heard.is_err(), "{heard:?}");
    assert_eq!(orders(&mut talk), before + 1);
}

fn misunderstood(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut talk = Conversation::over(server, style);
    talk.fault("fire");
    match talk.outcome("get_product", json!({"id": 1})) {
        Outcome::Refused(refused) => assert_eq!(refused.reason.as_deref(), Some("invalid_input"), "{refused}"),
        heard => panic!("{heard:?}"),
    }
}

/// The lesson of the command that was sent twice.
fn lesson(server: &Arc<TestServer>, style: &'static Adapter) {
    for (key, made) in [(None, 3), (Some("click"), 1)] {
        let mut talk = Conversation::over(server, style);
        let before = orders(&mut talk);
        key.into_iter().for_each(|key| talk.take_key(key));
        for last in [false, false, true] {
            talk.fault(if last { "delay=1ms" } else { "drop" });
            let input = order();
            assert_eq!(talk.try_hear("place_order", input).is_ok(), last);
        }
        assert_eq!(orders(&mut talk) - before, made);
    }
}
