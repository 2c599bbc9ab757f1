//! Authentication in every style, and locked sandboxes.

use super::callers::{locked, user, with_password, wrong};
use crate::trials::PerStyle;
use domain::access::{Credentials, Secret};
use domain::sandbox::Settings;
use serde_json::json;
use std::sync::Arc;
use tests::{Conversation, TestServer, ValueAccess};
use wire::{Adapter, Outcome};

pub const TESTS: &[PerStyle] = &[
    ("who_am_i returns the caller", who_am_i),
    ("wrong credentials are refused, also where none are required", wrong_credentials),
    ("another customer's order answers like one that does not exist", strangers_order),
    ("a sandbox is locked and opened while it is used", locked_live),
    ("locking a sandbox ends the streams of anonymous callers", locked_streams),
    ("a new user logs in with their password", new_user),
];

fn who_am_i(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut client = Conversation::over(server, style);
    let visitor = client.ok("who_am_i", json!({}));
    assert_eq!((visitor.words("role"), visitor.words("proof")), ("staff", "none"));
    assert!(visitor.get("user_id").is_none() && visitor.get("name").is_none());
    client.authenticate_as(user(1));
    let ada = client.ok("who_am_i", json!({}));
    assert_eq!((ada.number("user_id"), ada.words("name"), ada.words("role")), (1, "Ada Lovelace", "customer"));
    assert_eq!(ada.words("proof"), "api_key");
    client.authenticate_as(user(3));
    assert_eq!(client.ok("who_am_i", json!({})).words("role"), "admin");
    client.set_up(locked());
    client.authenticate_as(Credentials::None);
    let anonymous = client.ok("who_am_i", json!({}));
    assert!(anonymous.get("role").is_none() && anonymous.get("user_id").is_none());
}

fn wrong_credentials(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut client = Conversation::over(server, style);
    for credentials in [
        wrong(),
        Credentials::ApiKey(Secret::new("parlance")),
        Credentials::Token(Secret::new("a.b.c")),
        Credentials::Password { email: "ada@example.com".to_owned(), password: Secret::new("parlanceX") },
        Credentials::Password { email: "unknown@example.com".to_owned(), password: Secret::new("parlance") },
    ] {
        client.authenticate_as(credentials.clone());
        for (operation, input) in [("get_product", json!({"id": 1})), ("who_am_i", json!({}))] {
            match client.outcome(operation, input) {
                Outcome::Refused(refused) => {
                    assert_eq!(refused.reason.as_deref(), Some("credentials_wrong"), "{credentials:?}: {refused}");
                    assert!(!refused.message.contains("parlanceX"), "{refused}");
                }
                result => panic!("{operation} with {credentials:?}: {result:?}"),
            }
        }
    }
}

/// Reason, message, violations and code are the same except for the number that was requested.
fn strangers_order(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut client = Conversation::over(server, style);
    client.authenticate_as(user(20));
    for operation in ["get_order", "get_order_details", "cancel_order"] {
        let mut refusal = |id: i64| match client.outcome(operation, json!({"id": id})) {
            Outcome::Refused(refused) => format!("{refused:?}").replace(&id.to_string(), "N"),
            result => panic!("{result:?}"),
        };
        assert_eq!(refusal(111), refusal(999), "{operation}");
    }
}

fn locked_live(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut client = Conversation::over(server, style);
    client.ok("get_user", json!({"id": 4}));
    client.set_up(locked());
    client.refused("get_user", json!({"id": 4}), "credentials_missing");
    client.ok("get_product", json!({"id": 1}));
    client.authenticate_as(with_password("ada@example.com"));
    client.ok("get_user", json!({"id": 1}));
    client.refused("get_user", json!({"id": 4}), "not_allowed");
    client.authenticate_as(Credentials::None);
    client.set_up(Settings::default());
    client.ok("get_user", json!({"id": 4}));
}

fn locked_streams(server: &Arc<TestServer>, style: &'static Adapter) {
    if !style.streams {
        return;
    }
    let mut client = Conversation::over(server, style);
    let last = client.newest_event();
    assert!(matches!(client.watch(json!({"after": last - 1})), Ok(Outcome::Event(_))));
    client.set_up(locked());
    // Events from now on are not for anonymous callers.
    client.call_reference("place_order", json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}), user(1));
    match client.listen() {
        Outcome::Refused(refused) => assert_eq!(refused.reason.as_deref(), Some("credentials_missing"), "{refused}"),
        result => panic!("{result:?}"),
    }
}

fn new_user(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut client = Conversation::over(server, style);
    let input = json!({"name": "Mary", "email": "Mary@Example.com", "password": "böse & <gut>"});
    let mary = client.ok("create_user", input);
    assert_eq!(mary.words("role"), "customer");
    client.refused("create_user", json!({"name": "M", "email": "m@b", "role": "admin"}), "not_allowed");
    client.invalid("create_user", json!({"name": "M", "email": "m@b", "password": ""}), "/password");
    let token = client.ok("log_in", json!({"email": "mary@example.com", "password": "böse & <gut>"}));
    assert_eq!(token.words("expires_at"), "2026-11-20T20:30:00Z");
    client.refused("log_in", json!({"email": "mary@example.com", "password": "gut"}), "credentials_wrong");
    client.refused("log_in", json!({"email": "unknown@example.com", "password": "gut"}), "credentials_wrong");
    // A user without a password can't log in with any.
    client.ok("create_user", json!({"name": "N", "email": "n@b"}));
    client.refused("log_in", json!({"email": "n@b", "password": "parlance"}), "credentials_wrong");
    let email = "mary@example.com".to_owned();
    client.authenticate_as(Credentials::Password { email, password: Secret::new("böse & <gut>") });
    match client.outcome("who_am_i", json!({})) {
        Outcome::Reply(mary) => assert_eq!(mary.number("user_id"), 51),
        result => panic!("{result:?}"),
    }
}
