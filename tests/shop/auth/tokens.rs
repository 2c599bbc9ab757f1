//! Tokens: valid for their user, their sandbox and an hour, over every style; a forged one is refused.

use super::callers::user;
use crate::trials::PerStyle;
use domain::access::{Credentials, Secret};
use serde_json::json;
use std::sync::Arc;
use tests::{Conversation, Look, TestServer};
use wire::{Adapter, Outcome};

pub const TESTS: &[PerStyle] =
    &[("a token is good for its user in its sandbox", good), ("a forged token is refused", forged)];

/// A token of user 1, from the style's own log_in.
fn token(talk: &mut Conversation) -> String {
    match talk.outcome("log_in", json!({"email": "ada@example.com", "password": "parlance"})) {
        Outcome::Reply(token) => token.words("token").to_owned(),
        heard => panic!("{heard:?}"),
    }
}

fn reason(heard: Outcome) -> String {
    match heard {
        Outcome::Refused(refused) => refused.reason.unwrap_or_default(),
        heard => panic!("{heard:?}"),
    }
}

fn good(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut talk = Conversation::over(server, style);
    let token = token(&mut talk);
    talk.become_caller(Credentials::Token(Secret::new(&*token)));
    match talk.outcome("who_am_i", json!({})) {
        Outcome::Reply(ada) => {
            assert_eq!((ada.number("user_id"), ada.words("role"), ada.words("proof")), (1, "customer", "token"));
        }
        heard => panic!("{heard:?}"),
    }
    assert_eq!(reason(talk.outcome("list_users", json!({}))), "not_allowed");
    let mut elsewhere = Conversation::over(server, style);
    elsewhere.become_caller(Credentials::Token(Secret::new(&*token)));
    assert_eq!(reason(elsewhere.outcome("who_am_i", json!({}))), "credentials_wrong");
    // After a reset the seed's users are the same people.
    talk.become_caller(user(3));
    talk.reset();
    talk.become_caller(Credentials::Token(Secret::new(&*token)));
    assert!(matches!(talk.outcome("who_am_i", json!({})), Outcome::Reply(_)));
}

fn forged(server: &Arc<TestServer>, style: &'static Adapter) {
    let mut talk = Conversation::over(server, style);
    let token = token(&mut talk);
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
        talk.become_caller(Credentials::Token(Secret::new(&*forged)));
        assert_eq!(reason(talk.outcome("who_am_i", json!({}))), "credentials_wrong", "{forged}");
    }
}
