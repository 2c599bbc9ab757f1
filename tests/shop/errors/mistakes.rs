//! Each error is alike in every style: reason, kind, message and violations, and the style's own code.

use super::pipeline;
use domain::access::Credentials;
use domain::operations::{OPERATIONS, OperationKind};
use domain::users::UserId;
use domain::{Operation, Reason};
use serde_json::{Value, json};
use tests::{Conversation, ValueAccess, facts};
use wire::Adapter;

/// An error of a caller: what must happen before, and the call.
pub struct Mistake {
    pub reason: Reason,
    before: fn(&mut Conversation),
    call_request: fn() -> (&'static str, Value),
}

const fn mistake(reason: Reason, call_request: fn() -> (&'static str, Value)) -> Mistake {
    Mistake { reason, before: |_| (), call_request }
}

impl Mistake {
    const fn after(self, before: fn(&mut Conversation)) -> Mistake {
        Mistake { before, ..self }
    }
}

/// From now on the caller is a customer whom none of the calls is about.
fn as_a_customer(client: &mut Conversation) {
    client.authenticate_as(Credentials::ApiKey(auth::demo::api_key(UserId(20))));
}

/// From now on there is an idempotency key that was used.
fn with_a_used_key(client: &mut Conversation) {
    client.take_key("k");
    client.ok("place_order", json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}));
}

/// For every reason, each operation that can be refused for it, except reasons of the steps before the rule.
#[rustfmt::skip]
pub const MISTAKES: &[Mistake] = &[
    mistake(Reason::InvalidInput, || ("list_users", json!({"limit": 0}))),
    mistake(Reason::InvalidInput, || ("get_user", json!({"id": 0}))),
    mistake(Reason::InvalidInput, || ("create_user", json!({"name": "", "email": "nowhere"}))),
    mistake(Reason::InvalidInput, || ("create_user", json!({"email": "a@b"}))),
    mistake(Reason::InvalidInput, || ("create_user", json!({"name": "a", "email": "a@b", "nick_name": "x"}))),
    mistake(Reason::InvalidInput, || ("create_user", json!({"name": null, "email": null}))),
    mistake(Reason::InvalidInput, || ("create_user", json!({"name": {"a": "b"}, "email": {"a": "b"}}))),
    mistake(Reason::InvalidInput, || ("update_user", json!({"id": 1, "name": "x".repeat(101)}))),
    mistake(Reason::InvalidInput, || ("delete_user", json!({"id": 1, "expected_version": 0}))),
    mistake(Reason::InvalidInput, || ("search_products", json!({"query": "", "limit": 101}))),
    mistake(Reason::InvalidInput, || ("get_product", json!({"id": -1}))),
    mistake(Reason::InvalidInput, || ("update_product", json!({"id": 1, "stock": -1, "price": {"amount": 0, "currency": "EUR"}}))),
    mistake(Reason::InvalidInput, || ("get_cart", json!({"user_id": 0}))),
    mistake(Reason::InvalidInput, || ("set_cart_line", json!({"user_id": 1, "product_id": 1, "quantity": 100}))),
    mistake(Reason::InvalidInput, || ("check_out", json!({"user_id": 0}))),
    mistake(Reason::InvalidInput, || ("list_orders", json!({"user_id": 0, "limit": 0}))),
    mistake(Reason::InvalidInput, || ("get_order", json!({"id": 0}))),
    mistake(Reason::InvalidInput, || ("get_order_details", json!({"id": 0}))),
    mistake(Reason::InvalidInput, || ("place_order", json!({"user_id": 1, "lines": []}))),
    mistake(Reason::InvalidInput, || ("place_order", json!({"user_id": 1}))),
    mistake(Reason::InvalidInput, || ("place_order", json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1, "colour": "red"}]}))),
    mistake(Reason::InvalidInput, || ("place_order", json!({"user_id": 1, "lines": [{"quantity": 1}, {"product_id": 1}]}))),
    mistake(Reason::InvalidInput, || ("set_order_status", json!({"id": 1, "status": "lost"}))),
    mistake(Reason::InvalidInput, || ("set_order_status", json!({"id": 1}))),
    mistake(Reason::InvalidInput, || ("cancel_order", json!({"id": 0}))),
    mistake(Reason::InvalidInput, || ("list_events", json!({"after": -1, "limit": 101, "wait_seconds": 31}))),
    mistake(Reason::InvalidInput, || ("log_in", json!({"email": "nowhere", "password": ""}))),
    mistake(Reason::InvalidInput, || ("log_in", json!({"email": "ada@example.com"}))),
    mistake(Reason::InvalidInput, || ("who_am_i", json!({"name": "Ada"}))),
    mistake(Reason::InvalidInput, || ("list_webhooks", json!({"limit": 0}))),
    mistake(Reason::InvalidInput, || ("get_webhook", json!({"id": 0}))),
    mistake(Reason::InvalidInput, || ("create_webhook", json!({"url": "ftp://example.com/"}))),
    mistake(Reason::InvalidInput, || ("create_webhook", json!({"url": "x".repeat(501)}))),
    mistake(Reason::InvalidInput, || ("create_webhook", json!({}))),
    mistake(Reason::InvalidInput, || ("delete_webhook", json!({"id": 0}))),
    mistake(Reason::InvalidInput, || ("rotate_webhook_secret", json!({"id": 0}))),
    mistake(Reason::InvalidInput, || ("test_webhook", json!({"id": 0}))),
    mistake(Reason::InvalidInput, || ("list_deliveries", json!({"webhook_id": 0, "limit": 101}))),
    mistake(Reason::CredentialsWrong, || ("log_in", json!({"email": "ada@example.com", "password": "x"}))),
    mistake(Reason::NotAllowed, || ("list_users", json!({}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("get_user", json!({"id": 1}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("get_user", json!({"id": 51}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("create_user", json!({"name": "x", "email": "x@y", "role": "staff"}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("update_user", json!({"id": 1, "name": "x"}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("delete_user", json!({"id": 10}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("update_product", json!({"id": 1, "stock": 1}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("get_cart", json!({"user_id": 1}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("set_cart_line", json!({"user_id": 1, "product_id": 1, "quantity": 1}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("check_out", json!({"user_id": 1}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("list_orders", json!({"user_id": 1}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("place_order", json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("set_order_status", json!({"id": 1, "status": "paid"}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("list_webhooks", json!({}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("get_webhook", json!({"id": 1}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("create_webhook", json!({"url": "https://example.com/"}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("delete_webhook", json!({"id": 1}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("rotate_webhook_secret", json!({"id": 1}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("test_webhook", json!({"id": 1}))).after(as_a_customer),
    mistake(Reason::NotAllowed, || ("list_deliveries", json!({}))).after(as_a_customer),
    mistake(Reason::UserNotFound, || ("get_user", json!({"id": 51}))),
    mistake(Reason::UserNotFound, || ("update_user", json!({"id": 51, "name": "x"}))),
    mistake(Reason::UserNotFound, || ("delete_user", json!({"id": 51}))),
    mistake(Reason::UserNotFound, || ("get_cart", json!({"user_id": 51}))),
    mistake(Reason::UserNotFound, || ("set_cart_line", json!({"user_id": 51, "product_id": 1, "quantity": 1}))),
    mistake(Reason::UserNotFound, || ("check_out", json!({"user_id": 51}))),
    mistake(Reason::UserNotFound, || ("list_orders", json!({"user_id": 51}))),
    mistake(Reason::UserNotFound, || ("place_order", json!({"user_id": 51, "lines": [{"product_id": 1, "quantity": 1}]}))),
    mistake(Reason::ProductNotFound, || ("get_product", json!({"id": 101}))),
    mistake(Reason::ProductNotFound, || ("update_product", json!({"id": 101, "stock": 1}))),
    mistake(Reason::ProductNotFound, || ("set_cart_line", json!({"user_id": 1, "product_id": 101, "quantity": 1}))),
    mistake(Reason::ProductNotFound, || ("place_order", json!({"user_id": 1, "lines": [{"product_id": 101, "quantity": 1}]}))),
    mistake(Reason::OrderNotFound, || ("get_order", json!({"id": 201}))),
    mistake(Reason::OrderNotFound, || ("get_order_details", json!({"id": 201}))),
    mistake(Reason::OrderNotFound, || ("set_order_status", json!({"id": 201, "status": "paid"}))),
    mistake(Reason::OrderNotFound, || ("cancel_order", json!({"id": 201}))),
    mistake(Reason::WebhookNotFound, || ("get_webhook", json!({"id": 1}))),
    mistake(Reason::WebhookNotFound, || ("delete_webhook", json!({"id": 1}))),
    mistake(Reason::WebhookNotFound, || ("rotate_webhook_secret", json!({"id": 1}))),
    mistake(Reason::WebhookNotFound, || ("test_webhook", json!({"id": 1}))),
    mistake(Reason::WebhookNotFound, || ("list_deliveries", json!({"webhook_id": 1}))),
    mistake(Reason::EmailTaken, || ("create_user", json!({"name": "x", "email": "Ada@example.com"}))),
    mistake(Reason::EmailTaken, || ("update_user", json!({"id": 2, "email": "ada@example.com"}))),
    mistake(Reason::StaleVersion, || ("update_user", json!({"id": 1, "name": "x", "expected_version": 9}))),
    mistake(Reason::StaleVersion, || ("delete_user", json!({"id": 10, "expected_version": 9}))),
    mistake(Reason::StaleVersion, || ("update_product", json!({"id": 1, "stock": 1, "expected_version": 1}))),
    mistake(Reason::StaleVersion, || ("set_order_status", json!({"id": 200, "status": "paid", "expected_version": 9}))),
    mistake(Reason::IdempotencyKeyReused, || ("place_order", json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 2}]}))).after(with_a_used_key),
    mistake(Reason::IdempotencyKeyReused, || ("check_out", json!({"user_id": 1}))).after(with_a_used_key),
    mistake(Reason::OutOfStock, || ("place_order", json!({"user_id": 1, "lines": [{"product_id": 10, "quantity": 99}]}))),
    mistake(Reason::OutOfStock, || ("check_out", json!({"user_id": 5}))).after(|client| {
        client.ok("set_cart_line", json!({"user_id": 5, "product_id": 10, "quantity": 99}));
    }),
    mistake(Reason::StatusNotAllowed, || ("set_order_status", json!({"id": 1, "status": "delivered"}))),
    mistake(Reason::StatusNotAllowed, || ("cancel_order", json!({"id": 1}))),
    mistake(Reason::CartIsEmpty, || ("check_out", json!({"user_id": 5}))),
    mistake(Reason::UserHasOrders, || ("delete_user", json!({"id": 1}))),
    mistake(Reason::CursorExpired, || ("list_events", json!({"after": 2_147_483_647}))),
];

/// Reasons that no call alone can cause, and where they are tested.
#[rustfmt::skip]
pub const ELSEWHERE: &[Reason] = &[
    // In `bytes` and `frames`.
    Reason::Unreadable, Reason::UnknownOperation, Reason::TooLarge,
    // In `overload`.
    Reason::Overloaded,
    // Nothing is refused while the server drains: requests in progress are answered, new connections are not accepted.
    Reason::Draining,
    // Nothing from outside may cause it.
    Reason::Internal,
];

/// Causes every error of a reason in one style.
pub fn make(client: &mut Conversation, style: &'static Adapter, reason: Reason) {
    for mistake in MISTAKES.iter().filter(|mistake| mistake.reason == reason) {
        (mistake.before)(client);
        let (operation, input) = (mistake.call_request)();
        refused(client, style, operation, input, reason);
    }
}

/// Calls, and checks the refusal's reason and the style's code; and that the operation lists that reason.
pub fn refused(client: &mut Conversation, style: &'static Adapter, operation: &str, input: Value, reason: Reason) {
    client.refused(operation, input, reason.word());
    let row = Operation::find(operation).expect("an operation of the table");
    assert!(row.reasons().any(|listed| listed == reason), "{operation} does not list {}", reason.word());
    let refused = client.last_refusal().expect("a style was asked");
    assert_eq!(refused.code, facts(style.name).code(reason), "{operation}: {refused}");
}

/// Every reason is caused, or listed with the test that does; and every one that an operation lists, by that operation.
pub fn every_reason_is_caused() {
    let at_the_door = |reason: Reason| pipeline::REFUSALS.iter().any(|(refused, _)| *refused == reason);
    for reason in Reason::ALL {
        let here = MISTAKES.iter().any(|mistake| mistake.reason == *reason) || at_the_door(*reason);
        let elsewhere = ELSEWHERE.contains(reason);
        assert!(here != elsewhere, "{}", reason.word());
    }
    // The stream is tested in `events`, and in `pipeline`.
    for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
        for reason in operation.reasons().filter(|reason| !at_the_door(*reason) && !ELSEWHERE.contains(reason)) {
            let of_it = |mistake: &&Mistake| mistake.reason == reason && (mistake.call_request)().0 == operation.name;
            assert!(MISTAKES.iter().any(|mistake| of_it(&mistake)), "{} of {}", reason.word(), operation.name);
        }
    }
}

/// The message and the violations have the value and the member.
pub fn messages_contain_the_value(client: &mut Conversation) {
    let lines = json!([{"product_id": 1, "quantity": 0}]);
    let error = client.call("place_order", json!({"user_id": 1, "lines": lines})).expect_err("a refusal");
    assert_eq!(error.message, "lines/0/quantity must be 1 to 99, got 0");
    let stock = client.ok("get_product", json!({"id": 10})).number("stock");
    let lines = json!([{"product_id": 10, "quantity": 99}]);
    let message = client.refused("place_order", json!({"user_id": 1, "lines": lines}), "out_of_stock");
    assert!(message.contains("99") && message.contains(&stock.to_string()) && message.contains("10"), "{message}");
}
