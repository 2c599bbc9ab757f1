//! Too little, just enough and too much are alike in every style.

use crate::trials::{Scenario, scenario};
use serde_json::{Value, json};
use tests::{Conversation, ValueAccess};

pub const SCENARIOS: &[Scenario] = &[
    scenario("strings have their limits", strings),
    scenario("numbers have their limits", numbers),
    scenario("lists have their limits", lists),
    scenario("all violations are reported together", together),
    Scenario {
        name: "an optional member that is null is absent",
        report_to: nulls,
        // A query has no null, and in a merge patch (RFC 7396) it would remove something.
        not_over: &["rest"],
    },
];

fn strings(client: &mut Conversation) {
    for text in ["x", "ü", "😀"] {
        let longest = text.repeat(100);
        assert_eq!(client.ok("update_user", json!({"id": 1, "name": longest})).words("name"), longest);
        client.invalid("update_user", json!({"id": 1, "name": text.repeat(101)}), "/name");
        assert_eq!(client.ok("search_products", json!({"query": longest})).column("id"), [0; 0]);
        client.invalid("search_products", json!({"query": text.repeat(101)}), "/query");
        let longest = text.repeat(2_000);
        assert_eq!(client.ok("update_product", json!({"id": 1, "description": longest})).words("description"), longest);
        client.invalid("update_product", json!({"id": 1, "description": text.repeat(2_001)}), "/description");
    }
    let email = |local: usize| format!("{}@example.com", "x".repeat(local));
    client.ok("update_user", json!({"id": 1, "email": email(88)}));
    client.invalid("update_user", json!({"id": 1, "email": email(89)}), "/email");
    client.invalid("update_user", json!({"id": 1, "name": ""}), "/name");
    client.invalid("update_product", json!({"id": 1, "description": ""}), "/description");
    client.invalid("search_products", json!({"query": ""}), "/query");
    client.invalid("list_users", json!({"after": ""}), "/after");
}

fn numbers(client: &mut Conversation) {
    let price = |amount: i64| json!({"id": 1, "price": {"amount": amount, "currency": "EUR"}});
    for amount in [1, 1_000_000] {
        assert_eq!(client.ok("update_product", price(amount)).number("price/amount"), amount);
    }
    for amount in [-1, 0, 1_000_001, 2_147_483_647, -2_147_483_648] {
        client.invalid("update_product", price(amount), "/price/amount");
    }
    for stock in [0, 1_000_000] {
        assert_eq!(client.ok("update_product", json!({"id": 1, "stock": stock})).number("stock"), stock);
    }
    for stock in [-1, 1_000_001] {
        client.invalid("update_product", json!({"id": 1, "stock": stock}), "/stock");
    }
    let order = |quantity: i64| json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": quantity}]});
    for quantity in [1, 99] {
        assert_eq!(client.ok("place_order", order(quantity)).number("lines/0/quantity"), quantity);
    }
    for quantity in [-1, 0, 100] {
        client.invalid("place_order", order(quantity), "/lines/0/quantity");
    }
    for quantity in [-1, 100] {
        let line = json!({"user_id": 1, "product_id": 1, "quantity": quantity});
        client.invalid("set_cart_line", line, "/quantity");
    }
    for id in [0_i64, -1, 2_147_483_648, 9_223_372_036_854_775_807] {
        client.invalid("get_user", json!({"id": id}), "/id");
    }
    client.refused("get_user", json!({"id": 2_147_483_647}), "user_not_found");
    for limit in [0, -1, 101] {
        client.invalid("list_users", json!({"limit": limit}), "/limit");
    }
    client.invalid("update_user", json!({"id": 1, "name": "x", "expected_version": 0}), "/expected_version");
}

fn lists(client: &mut Conversation) {
    let lines = |count: i64| -> Vec<Value> { (1..=count).map(|id| json!({"product_id": id, "quantity": 1})).collect() };
    for id in 1..=21 {
        client.ok("update_product", json!({"id": id, "stock": 100}));
    }
    let order = client.ok("place_order", json!({"user_id": 1, "lines": lines(20)}));
    assert_eq!(order.value_at("lines").items().len(), 20);
    client.invalid("place_order", json!({"user_id": 1, "lines": lines(21)}), "/lines");
    client.invalid("place_order", json!({"user_id": 1, "lines": []}), "/lines");
    for id in 1..=20 {
        client.ok("set_cart_line", json!({"user_id": 5, "product_id": id, "quantity": 1}));
    }
    client.invalid("set_cart_line", json!({"user_id": 5, "product_id": 21, "quantity": 1}), "/product_id");
    client.ok("set_cart_line", json!({"user_id": 5, "product_id": 20, "quantity": 2}));
    let ids = |count: i64| (1..=count).collect::<Vec<i64>>();
    let found = client.ok("search_products", json!({"ids": ids(100), "limit": 100}));
    assert_eq!(found.column("id"), ids(100));
    client.invalid("search_products", json!({"ids": ids(101)}), "/ids");
    assert_eq!(client.ok("list_users", json!({"ids": []})).column("id"), [0; 0], "of none there is nothing");
}

fn together(client: &mut Conversation) {
    let lines = json!([{"product_id": 1, "quantity": 0}, {"product_id": 0, "quantity": 100}]);
    let error = client.call("place_order", json!({"user_id": 0, "lines": lines})).unwrap_err();
    let pointers: Vec<&str> = error.errors.iter().map(|violation| violation.pointer.as_str()).collect();
    let expected = ["/user_id", "/lines/0/quantity", "/lines/1/product_id", "/lines/1/quantity"];
    assert_eq!(pointers, expected.map(|pointer| client.spelling().pointer(pointer)));
    assert_eq!(error.errors[1].message, "must be 1 to 99, got 0");
    client.call("create_user", json!({"name": "", "email": ""})).unwrap_err();
    // There is a maximum number of reported violations.
    let lines: Vec<Value> = (0..20).map(|_| json!({"product_id": 0, "quantity": 0})).collect();
    client.call("place_order", json!({"user_id": 1, "lines": lines})).unwrap_err();
}

fn nulls(client: &mut Conversation) {
    let all = client.ok("list_users", json!({}));
    assert_eq!(client.ok("list_users", json!({"ids": null, "limit": null, "after": null})), all);
    let user = client.ok("update_user", json!({"id": 1, "name": "x", "email": null, "expected_version": null}));
    assert_eq!(user.words("email"), "ada@example.com");
    let nulls = json!({"id": 1, "price": null, "stock": null, "description": null, "expected_version": null});
    let product = client.ok("update_product", nulls);
    assert_eq!(product, client.ok("get_product", json!({"id": 1})));
    client.ok("list_orders", json!({"user_id": null, "status": null, "ids": null, "limit": 1}));
    client.ok("list_events", json!({"after": null, "limit": null}));
    client.ok("search_products", json!({"query": null}));
}
