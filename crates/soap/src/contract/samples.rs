//! With which input does a question work in a new shop? Ids, statuses, the cart and the password are those of the standard
//! seed.

use domain::{Operation, Value};

/// The email and the password of user 1, as everybody may know them.
pub const ADA: (&str, &str) = ("ada@example.com", "parlance");

/// A sample input. Asked one after the other in a new shop, all of them are answered; but for those about a webhook, which
/// need one: there is none until it is made.
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
        "place_order" => Value::record([("user_id", 1.into()), ("lines", Value::List(vec![line(1, 1), line(2, 2)]))]),
        // Two of the last orders, which still wait.
        "set_order_status" => Value::record([("id", 200.into()), ("status", "paid".into())]),
        "cancel_order" => Value::record([("id", 199.into())]),
        "list_events" => Value::record([("after", 0.into()), ("limit", 3.into()), ("wait_seconds", 10.into())]),
        "log_in" => Value::record([("email", ADA.0.into()), ("password", ADA.1.into())]),
        "create_webhook" => Value::record([("url", "https://example.com/news".into())]),
        "list_deliveries" => Value::record([("webhook_id", 1.into()), ("limit", 3.into())]),
        "get_user" | "get_product" | "get_order" | "get_order_details" => Value::record([("id", 1.into())]),
        "get_webhook" | "delete_webhook" | "rotate_webhook_secret" | "test_webhook" => {
            Value::record([("id", 1.into())])
        }
        _ => Value::record([]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Call;
    use domain::operations::{OPERATIONS, OperationKind};

    #[test]
    fn every_operation_has_one_that_is_read() {
        for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
            let call = Call::parse(operation.name, input(operation));
            assert!(call.is_ok(), "{}: {:?}", operation.name, call.err());
        }
    }
}
