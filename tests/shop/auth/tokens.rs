//! Tokens: valid for their user, their sandbox and an hour, over every style; a forged one is refused.

use super::callers::user;
use crate::trials::PerStyle;
use domain::access::{Credentials, Secret};
use serde_json::json;
use std::sync::Arc;
use tests::{Conversation, TestServer, ValueAccess};
use wire::{Adapter, Outcome};

pub const TESTS: &[PerStyle] =
    &[("a token is good for its user in its sandbox", good), ("a forged token is refused", forged)];

/// A token of user 1, from the style's own log_in.
fn token(client: &mut Conversation) -> String {
    match client.outcome("log_in", json!({"email": "ada@example.com", "password": "parlance"})) {
        Outcome::Reply(token) => token.words("token").to_owned(),
        result => panic!("{result:?}"),
    }
}

fn reason(result: Outcome) -> String {
    match result {
        Outcome::Refused(refused) => refused.reason.unwrap_or_default(),
        result => panic!("{result:?}"),
    }
}

fn good(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut client = Conversation::over(server, style);
    let token = token(&mut client);
    client.authenticate_as(Credentials::Token(Secret::new(&*token)));
    match client.outcome("who_am_i", json!({})) {
        Outcome::Reply(ada) => {
            assert_eq!((ada.number("user_id"), ada.words("role"), ada.words("proof")), (1, "customer", "token"));
        }
        result => panic!("{result:?}"),
    }
    assert_eq!(reason(client.outcome("list_users", json!({}))), "not_allowed");
    let mut elsewhere = Conversation::over(server, style);
    elsewhere.authenticate_as(Credentials::Token(Secret::new(&*token)));
    assert_eq!(reason(elsewhere.outcome("who_am_i", json!({}))), "credentials_wrong");
    // After a reset the seed's users are the same people.
    client.authenticate_as(user(3));
    client.reset();
    client.authenticate_as(Credentials::Token(Secret::new(&*token)));
    assert!(matches!(client.outcome("who_am_i", json!({})), Outcome::Reply(_)));
}

fn forged(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut client = Conversation::over(server, style);
    let token = token(&mut client);
    let [head, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts: {token}") };
    let none = "eyJhbGciOiJub25lIn0";
    for forged in [
        format!("{head}.{claims}"),
        format!("{head}.{claims}."),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{head}.{claims}.{}", &signature[..signature.len() - 4]),
        format!("{head}.{}.{signature}", &claims[..claims.len() - 4]),
        format!("{token}.{signature}"),
        token.to_lowercase(),
        "x".repeat(5_000),
        String::new(),
    ] {
        client.authenticate_as(Credentials::Token(Secret::new(&*forged)));
        assert_eq!(reason(client.outcome("who_am_i", json!({}))), "credentials_wrong", "{forged}");
    }
}
