//! Replies for the tests: one of each type, small enough to be compared with text.

use domain::access::{Caller, Role};
use domain::carts::{Cart, CartLine};
use domain::events::{Event, EventKind, EventPage};
use domain::logins::Token;
use domain::money::Money;
use domain::operations::Nothing;
use domain::orders::{Order, OrderDetails, OrderId, OrderLine, OrderStatus};
use domain::page::{List, Page};
use domain::products::{Product, ProductId};
use domain::text::{Email, Text};
use domain::time::Timestamp;
use domain::users::{User, UserId};
use domain::{Reply, Sandbox};

/// A reply for each reply name of the table.
pub fn reply(name: &str) -> Reply {
    let now = Timestamp(1_795_203_000);
    let user = User {
        id: UserId(1),
        name: Text::parse("Ada \"Lovelace\" ü".to_owned()).unwrap(),
        email: Email::parse("ada@example.com".to_owned()).unwrap(),
        role: Role::Customer,
        created_at: now,
        version: 1,
    };
    let product = |id| Product {
        id: ProductId(id),
        name: Text::parse(format!("Laptop {id}")).unwrap(),
        description: Text::parse("Thin.\nLight.".to_owned()).unwrap(),
        price: Money::cents(129_900),
        stock: 25,
        version: 3,
    };
    let line = |id, quantity| OrderLine {
        product_id: ProductId(id),
        quantity,
        unit_price: Money::cents(100),
        line_total: Money::cents(100 * quantity),
    };
    let order = Order {
        id: OrderId(7),
        user_id: UserId(1),
        status: OrderStatus::Placed,
        lines: vec![line(5, 2), line(2, 1)],
        total: Money::cents(300),
        placed_at: now,
        updated_at: now,
        version: 1,
    };
    let event = Event {
        seq: 42,
        kind: EventKind::OrderPlaced,
        order_id: OrderId(7),
        user_id: UserId(1),
        status: OrderStatus::Placed,
        at: now,
    };
    let list = List::of("these");
    match name {
        "user" => Reply::User(user),
        "users" => Reply::Users(Page { next: Some(list.cursor(1)), items: vec![user], list }),
        "product" => Reply::Product(product(5)),
        "products" => Reply::Products(Page { next: None, items: vec![product(2), product(5)], list }),
        "cart" => Reply::Cart(Cart {
            user_id: UserId(1),
            lines: vec![CartLine { product_id: ProductId(2), quantity: 3 }],
            total: Money::cents(300),
        }),
        "order" => Reply::Order(order),
        "orders" => Reply::Orders(Page { next: Some(list.cursor(7)), items: vec![order], list }),
        "order_details" => Reply::OrderDetails(OrderDetails { order, user, products: vec![product(2), product(5)] }),
        "events" | "event" => Reply::Events(EventPage { items: vec![event], next: 42 }),
        "token" => Reply::Token(Token { token: Text::parse("e30.e30.c2ln".to_owned()).unwrap(), expires_at: now }),
        // Only the pipeline knows the caller, so there is no other reply.
        "caller" => Reply::Caller(Caller::visitor(Sandbox::main())),
        "nothing" => Reply::Nothing(Nothing {}),
        "webhook" | "webhooks" | "delivery" | "deliveries" => testing::replies(name).swap_remove(0),
        other => panic!("no reply is called {other}"),
    }
}
