//! Orders are placed, listed and returned alike in every style.

mod statuses;

use crate::trials::{Scenario, Trials, scenario};
use serde_json::json;
use tests::{Conversation, ValueAccess};

const SCENARIOS: &[Scenario] = &[
    scenario("place_order takes stock", place),
    scenario("place_order refuses more than there is, and takes nothing", out_of_stock),
    scenario("place_order refuses who or what is not there", unknown),
    scenario("place_order refuses a product twice", twice),
    scenario("get_order_details tells the user and the products too", details),
    scenario("list_orders filters", filter),
    scenario("list_orders is paged to its end", page),
];

pub fn tests(trials: &mut Trials) {
    trials.scenarios(SCENARIOS);
    trials.scenarios(statuses::SCENARIOS);
}

fn place(client: &mut Conversation) {
    let before = client.ok("get_product", json!({"id": 1}));
    let lines = json!([{"product_id": 3, "quantity": 2}, {"product_id": 1, "quantity": 1}]);
    let order = client.ok("place_order", json!({"user_id": 1, "lines": lines}));
    assert_eq!((order.number("id"), order.number("user_id"), order.number("version")), (201, 1, 1));
    assert_eq!(order.words("status"), "placed");
    assert_eq!((order.words("placed_at"), order.words("updated_at")), ("2026-11-20T19:30:00Z", "2026-11-20T19:30:00Z"));
    assert_eq!((order.number("lines/0/product_id"), order.number("lines/1/product_id")), (3, 1), "as asked for");
    assert_eq!((order.number("lines/0/unit_price/amount"), order.number("lines/0/line_total/amount")), (8_900, 17_800));
    assert_eq!(order.number("total/amount"), 17_800 + 129_900);
    let after = client.ok("get_product", json!({"id": 1}));
    assert_eq!(after.number("stock"), before.number("stock") - 1);
    assert_eq!(after.number("version"), before.number("version") + 1);
    assert_eq!(client.ok("get_order", json!({"id": 201})), order);
    client.refused("get_order", json!({"id": 202}), "order_not_found");
}

fn out_of_stock(client: &mut Conversation) {
    client.ok("update_product", json!({"id": 6, "stock": 3}));
    let laptops = client.ok("get_product", json!({"id": 1}));
    let lines = |quantity: i32| json!([{"product_id": 1, "quantity": 1}, {"product_id": 6, "quantity": quantity}]);
    client.refused("place_order", json!({"user_id": 1, "lines": lines(4)}), "out_of_stock");
    assert_eq!(client.ok("get_product", json!({"id": 1})), laptops);
    assert_eq!(client.ok("place_order", json!({"user_id": 1, "lines": lines(3)})).number("id"), 201);
    client.refused("place_order", json!({"user_id": 1, "lines": lines(1)}), "out_of_stock");
    assert_eq!(client.ok("get_product", json!({"id": 6})).number("stock"), 0);
}

fn unknown(client: &mut Conversation) {
    let line = |product: i64| json!([{"product_id": product, "quantity": 1}]);
    client.refused("place_order", json!({"user_id": 51, "lines": line(1)}), "user_not_found");
    client.refused("place_order", json!({"user_id": 1, "lines": line(101)}), "product_not_found");
    client.refused("place_order", json!({"user_id": 2_147_483_647, "lines": line(1)}), "user_not_found");
    client.refused("place_order", json!({"user_id": 1, "lines": line(2_147_483_647)}), "product_not_found");
}

fn twice(client: &mut Conversation) {
    let line = json!({"product_id": 1, "quantity": 1});
    let other = json!({"product_id": 2, "quantity": 1});
    let error = client.call("place_order", json!({"user_id": 1, "lines": [line, other, line]})).unwrap_err();
    assert_eq!(error.reason, domain::Reason::InvalidInput);
    assert!(error.errors[0].pointer.starts_with("/lines/2"), "{error}");
}

fn details(client: &mut Conversation) {
    let order = client.ok("get_order", json!({"id": 1}));
    let details = client.ok("get_order_details", json!({"id": 1}));
    for member in ["id", "user_id", "status", "lines", "total", "placed_at", "updated_at", "version"] {
        assert_eq!(details.value_at(member), order.value_at(member));
    }
    assert_eq!(*details.value_at("user"), client.ok("get_user", json!({"id": order.number("user_id")})));
    let products = details.value_at("products").items().iter().map(|product| product.number("id"));
    assert_eq!(products.collect::<Vec<_>>(), [1, 2, 3], "in ascending id, though the lines are 1, 3, 2");
    client.refused("get_order_details", json!({"id": 201}), "order_not_found");
}

fn filter(client: &mut Conversation) {
    let of_ada = client.ok("list_orders", json!({"user_id": 1, "limit": 100}));
    assert!(of_ada.value_at("items").items().iter().all(|order| order.number("user_id") == 1));
    for status in ["placed", "paid", "shipped", "delivered", "cancelled"] {
        let found = client.ok("list_orders", json!({"status": status, "limit": 100}));
        assert!(!found.column("id").is_empty());
        assert!(found.value_at("items").items().iter().all(|order| order.words("status") == status));
    }
    assert_eq!(client.ok("list_orders", json!({"ids": [200, 1, 999]})).column("id"), [1, 200]);
    let both = client.ok("list_orders", json!({"user_id": 1, "status": "delivered", "ids": [1, 2]}));
    assert!(both.column("id").contains(&1));
    assert_eq!(client.ok("list_orders", json!({"user_id": 50})).column("id"), [0; 0]);
    client.refused("list_orders", json!({"user_id": 51}), "user_not_found");
}

fn page(client: &mut Conversation) {
    let mut page = client.ok("list_orders", json!({"limit": 100}));
    let mut ids = page.column("id");
    let first = page.words("next").to_owned();
    while let Some(next) = page.get("next") {
        page = client.ok("list_orders", json!({"limit": 30, "after": next.as_text()}));
        ids.extend(page.column("id"));
    }
    assert_eq!(ids, (1..=200).collect::<Vec<_>>());
    client.invalid("list_orders", json!({"status": "placed", "after": first}), "/after");
    client.invalid("list_users", json!({"after": first}), "/after");
    // The next page is not changed by orders that were added meanwhile.
    client.ok("place_order", json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}));
    let rest = client.ok("list_orders", json!({"limit": 100, "after": first}));
    assert_eq!(rest.column("id"), (101..=200).collect::<Vec<_>>());
    assert_eq!(client.ok("list_orders", json!({"after": rest.words("next")})).column("id"), [201]);
}
