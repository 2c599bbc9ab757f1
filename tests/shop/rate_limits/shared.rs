//! A rate limit that is used up over one style is used up over all.

use crate::auth::user;
use crate::trials::PerPair;
use domain::sandbox::Settings;
use serde_json::json;
use std::sync::Arc;
use tests::{Conversation, TestServer};
use wire::{Adapter, Outcome};

pub const TESTS: &[PerPair] = &[("a used-up rate limit is used up in every style", used_up)];

/// Operations per minute. The clock of these limits stands still, so none comes back.
const RATE: u32 = 4;

fn used_up(server: &Arc<TestServer>, first: &'static Adapter, then: &'static Adapter) {
    let mut client = Conversation::over(server, first);
    client.set_up(Settings { rate_per_minute: Some(RATE), ..Settings::default() });
    client.authenticate_as(user(1));
    let mut done = 0;
    while let Outcome::Reply(_) = client.outcome("get_product", json!({"id": 1})) {
        done += 1;
        assert!(done <= RATE, "more than {RATE} were done");
    }
    client.go_over_to(then);
    match client.outcome("get_product", json!({"id": 1})) {
        Outcome::Refused(refused) => {
            assert_eq!(refused.reason.as_deref(), Some("rate_limited"), "{refused}");
            assert!(refused.retry_after_ms.is_some(), "{refused}");
        }
        result => panic!("{result:?}"),
    }
    // The limit is of this caller in this sandbox.
    client.authenticate_as(user(4));
    assert!(matches!(client.outcome("get_product", json!({"id": 1})), Outcome::Reply(_)));
    let mut elsewhere = Conversation::over(server, then);
    elsewhere.authenticate_as(user(1));
    assert!(matches!(elsewhere.outcome("get_product", json!({"id": 1})), Outcome::Reply(_)));
    // It can be switched off while the server runs.
    client.authenticate_as(user(1));
    client.set_up(Settings { rate_per_minute: Some(0), ..Settings::default() });
    assert!(matches!(client.outcome("get_product", json!({"id": 1})), Outcome::Reply(_)));
}
