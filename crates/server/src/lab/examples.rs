//! With which input does somebody ask first who has just found an operation? Ids, statuses and the password are those of a new shop.

use domain::{Operation, Value};

/// An input that is answered in a new shop; but for those about a webhook, of which it has none.
pub fn input(operation: &Operation) -> Value {
    let line = |product_id: i64, quantity: i64| {
        Value::record([("product_id", product_id.into()), ("quantity", quantity.into())])
    };
    match operation.name {
        "list_users" => Value::record([("limit", 3.into())]),
        "create_user" => Value::record([("name", "Mary Somerville".into()), ("email", "mary@example.com".into())]),
        "update_user" => Value::record([("id", 1.into()), ("name", "Ada King".into())]),
        // One of those who never bought anything.
        "delete_user" => Value::record([("id", 50.into())]),
        "search_products" => Value::record([("query", "laptop".into()), ("limit", 3.into())]),
        "update_product" => Value::record([("id", 1.into()), ("stock", 100.into())]),
        "get_cart" | "check_out" => Value::record([("user_id", 1.into())]),
        "set_cart_line" => Value::record([("user_id", 1.into()), ("product_id", 3.into()), ("quantity", 2.into())]),
        "list_orders" => Value::record([("user_id", 1.into()), ("limit", 3.into())]),
        "place_order" => Value::record([("user_id", 1.into()), ("lines", Value::List(vec![line(1, 1), line(3, 2)]))]),
        // Two of the last orders, which still wait.
        "set_order_status" => Value::record([("id", 200.into()), ("status", "paid".into())]),
        "cancel_order" => Value::record([("id", 199.into())]),
        "list_events" => Value::record([("after", 0.into()), ("limit", 3.into())]),
        "log_in" => Value::record([
            ("email", crate::seed::email_of(1).as_str().into()),
            ("password", auth::demo::PASSWORD.into()),
        ]),
        "create_webhook" => Value::record([("url", "http://127.0.0.1:9000/news".into())]),
        "get_user" | "get_product" | "get_order" | "get_order_details" => Value::record([("id", 1.into())]),
        "get_webhook" | "delete_webhook" | "rotate_webhook_secret" | "test_webhook" => {
            Value::record([("id", 1.into())])
        }
        _ => Value::record([]),
    }
}
