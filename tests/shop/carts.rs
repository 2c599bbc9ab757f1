//! Carts, alike in every style.

use crate::trials::{Scenario, scenario};
use serde_json::json;
use tests::{Conversation, ValueAccess};

pub const SCENARIOS: &[Scenario] = &[
    scenario("a cart is filled, changed and emptied", life),
    scenario("check_out makes an order and empties the cart", check_out),
    scenario("check_out that fails keeps the cart", failed_check_out),
    scenario("check_out refuses an empty cart", empty),
    scenario("a cart shows the prices of today", prices),
];

fn life(client: &mut Conversation) {
    let empty = client.ok("get_cart", json!({"user_id": 5}));
    assert_eq!((empty.value_at("lines").items().len(), empty.number("total/amount")), (0, 0));
    client.ok("set_cart_line", json!({"user_id": 5, "product_id": 3, "quantity": 2}));
    let two = client.ok("set_cart_line", json!({"user_id": 5, "product_id": 1, "quantity": 1}));
    assert_eq!((two.number("lines/0/product_id"), two.number("lines/1/product_id")), (1, 3), "in ascending product");
    assert_eq!((two.number("total/amount"), two.words("total/currency")), (129_900 + 2 * 8_900, "EUR"));
    let more = client.ok("set_cart_line", json!({"user_id": 5, "product_id": 3, "quantity": 99}));
    assert_eq!((more.number("lines/1/quantity"), more.value_at("lines").items().len()), (99, 2));
    let less = client.ok("set_cart_line", json!({"user_id": 5, "product_id": 1, "quantity": 0}));
    assert_eq!(less.value_at("lines").items().len(), 1);
    let none = client.ok("set_cart_line", json!({"user_id": 5, "product_id": 3, "quantity": 0}));
    assert_eq!(none, empty);
    assert_eq!(client.ok("set_cart_line", json!({"user_id": 5, "product_id": 9, "quantity": 0})), empty);
    client.refused("set_cart_line", json!({"user_id": 99, "product_id": 1, "quantity": 1}), "user_not_found");
    client.refused("set_cart_line", json!({"user_id": 5, "product_id": 101, "quantity": 1}), "product_not_found");
    client.refused("get_cart", json!({"user_id": 99}), "user_not_found");
}

fn check_out(client: &mut Conversation) {
    let stock = client.ok("get_product", json!({"id": 4})).number("stock");
    client.ok("set_cart_line", json!({"user_id": 5, "product_id": 4, "quantity": 3}));
    client.ok("set_cart_line", json!({"user_id": 5, "product_id": 2, "quantity": 1}));
    assert_eq!(client.ok("get_product", json!({"id": 4})).number("stock"), stock, "a cart reserves nothing");
    let order = client.ok("check_out", json!({"user_id": 5}));
    assert_eq!((order.number("id"), order.words("status"), order.number("version")), (201, "placed", 1));
    assert_eq!((order.number("lines/0/product_id"), order.number("lines/1/quantity")), (2, 3));
    assert_eq!(order.number("total/amount"), 2_490 + 3 * 219_900);
    assert_eq!(client.ok("get_product", json!({"id": 4})).number("stock"), stock - 3);
    assert_eq!(client.ok("get_cart", json!({"user_id": 5})).value_at("lines").items().len(), 0);
    assert_eq!(client.ok("get_order", json!({"id": 201})), order);
    client.refused("check_out", json!({"user_id": 5}), "cart_is_empty");
}

fn failed_check_out(client: &mut Conversation) {
    client.ok("update_product", json!({"id": 8, "stock": 1}));
    client.ok("set_cart_line", json!({"user_id": 5, "product_id": 1, "quantity": 1}));
    let cart = client.ok("set_cart_line", json!({"user_id": 5, "product_id": 8, "quantity": 2}));
    let laptops = client.ok("get_product", json!({"id": 1}));
    client.refused("check_out", json!({"user_id": 5}), "out_of_stock");
    assert_eq!(client.ok("get_cart", json!({"user_id": 5})), cart);
    assert_eq!(client.ok("get_product", json!({"id": 1})), laptops, "nothing was taken of what there was enough of");
    client.ok("update_product", json!({"id": 8, "stock": 2}));
    assert_eq!(client.ok("check_out", json!({"user_id": 5})).number("id"), 201, "the failed one took no number");
}

fn empty(client: &mut Conversation) {
    let message = client.refused("check_out", json!({"user_id": 5}), "cart_is_empty");
    assert_eq!(message, "the cart of user 5 is empty");
    client.refused("check_out", json!({"user_id": 51}), "user_not_found");
}

fn prices(client: &mut Conversation) {
    client.ok("set_cart_line", json!({"user_id": 5, "product_id": 1, "quantity": 2}));
    client.ok("update_product", json!({"id": 1, "price": {"amount": 100, "currency": "EUR"}}));
    assert_eq!(client.ok("get_cart", json!({"user_id": 5})).number("total/amount"), 200);
    let order = client.ok("check_out", json!({"user_id": 5}));
    client.ok("update_product", json!({"id": 1, "price": {"amount": 101, "currency": "EUR"}}));
    assert_eq!(client.ok("get_order", json!({"id": order.number("id")})), order, "an order keeps its own");
}
