//! Refusals before the rule runs are alike in every style, for every operation.

use super::mistakes::refused;
use domain::access::{Credentials, Secret};
use domain::authenticator::TokenClaims;
use domain::operations::{OPERATIONS, OperationKind};
use domain::sandbox::{Access, Settings};
use domain::time::Timestamp;
use domain::users::UserId;
use domain::{Operation, Reason, Sandbox, Shop};
use serde_json::{Value, json};
use tests::test_server::NOW;
use tests::{Conversation, facts};
use wire::{Adapter, Outcome};

/// A reason of the pipeline, and a caller that is refused for it.
type Refusal = (Reason, fn(&mut Conversation));

/// Every refusal of the pipeline.
pub const REFUSALS: &[Refusal] = &[
    (Reason::CredentialsMissing, |client| client.set_up(Settings { access: Access::Locked, ..Settings::default() })),
    (Reason::CredentialsWrong, |client| client.authenticate_as(Credentials::ApiKey(Secret::new("parlance")))),
    (Reason::TokenExpired, |client| client.become_caller_in_each(old_token)),
    (Reason::RateLimited, |client| {
        client.set_up(Settings { rate_per_minute: Some(1), ..Settings::default() });
        client.ok("who_am_i", json!({}));
    }),
];

/// A token that was valid for an hour, and then for as long as clocks may differ.
fn old_token(shop: &Shop, sandbox: &Sandbox) -> Credentials {
    use auth::limits::{LEEWAY_SECONDS_MAX, TOKEN_SECONDS_MAX};
    let bearer = TokenClaims { sandbox: sandbox.clone(), user: UserId(1), since: NOW };
    let then = Timestamp(NOW.0 - TOKEN_SECONDS_MAX - LEEWAY_SECONDS_MAX);
    let (token, _) = shop.authenticator().issue(&bearer, then).expect("a token");
    Credentials::Token(Secret::new(token.as_str()))
}

/// A valid call for each operation.
fn question(operation: &Operation) -> Value {
    match operation.name {
        "list_users" | "search_products" | "list_orders" | "list_events" | "who_am_i" | "list_webhooks"
        | "list_deliveries" => json!({}),
        "get_user" | "delete_user" | "get_product" | "get_order" | "get_order_details" | "cancel_order" => {
            json!({"id": 1})
        }
        "get_webhook" | "delete_webhook" | "rotate_webhook_secret" | "test_webhook" => json!({"id": 1}),
        "create_webhook" => json!({"url": "https://example.com/"}),
        "get_cart" | "check_out" => json!({"user_id": 1}),
        // Everybody may, except for the role.
        "create_user" => json!({"name": "x", "email": "x@y", "role": "staff"}),
        "update_user" => json!({"id": 1, "name": "x"}),
        "update_product" => json!({"id": 1, "stock": 1}),
        "set_cart_line" => json!({"user_id": 1, "product_id": 1, "quantity": 1}),
        "place_order" => json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}),
        "set_order_status" => json!({"id": 1, "status": "paid"}),
        "log_in" => json!({"email": "ada@example.com", "password": "parlance"}),
        other => panic!("with what is {other} asked?"),
    }
}

/// Calls every operation that lists the reason, as a caller that is refused for it.
pub fn refuses(client: &mut Conversation, style: &'static Adapter, reason: Reason) {
    let Some((_, come)) = REFUSALS.iter().find(|(refused, _)| *refused == reason) else { return };
    come(client);
    let callable = OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream);
    for operation in callable.filter(|operation| operation.reasons().any(|listed| listed == reason)) {
        refused(client, style, operation.name, question(operation), reason);
    }
    // A caller that is refused here does not learn what else is wrong.
    match client.outcome("update_user", json!({"id": 0, "email": "nowhere"})) {
        Outcome::Refused(refused) => assert_eq!(refused.reason.as_deref(), Some(reason.word()), "{refused}"),
        result => panic!("{result:?}"),
    }
}

/// Injects every kind of error: the codes of those that no call causes are tested too.
pub fn preferences(client: &mut Conversation, style: &'static Adapter) {
    for reason in Reason::ALL {
        let kind = reason.kind();
        // The first of a kind stands for it.
        let plainest = Reason::ALL.iter().find(|other| other.kind() == kind).expect("at least the reason itself");
        client.fault(kind.word());
        client.refused("get_product", json!({"id": 1}), plainest.word());
        let refused = client.last_refusal().expect("a style was asked");
        assert_eq!(refused.code, facts(style.name).code(*plainest), "{}: {refused}", kind.word());
    }
}
