//! How are carts said?

use super::Int;
use super::money::Money;
use super::orders::Order;
use async_graphql::{ID, InputObject, Object, SimpleObject};
use domain::carts;

/// What a user means to buy.
pub struct Cart(pub carts::Cart);

/// What a user means to buy.
#[Object]
impl Cart {
    /// The user.
    async fn user_id(&self) -> ID {
        self.0.user_id.0.into()
    }

    /// What is in it, in ascending product; every product once.
    async fn lines(&self) -> Vec<CartLine> {
        self.0.lines.iter().cloned().map(CartLine).collect()
    }

    /// What it would cost today.
    async fn total(&self) -> Money {
        Money(self.0.total.clone())
    }
}

struct CartLine(carts::CartLine);

/// So many pieces of a product.
#[Object]
impl CartLine {
    /// The product.
    async fn product_id(&self) -> ID {
        self.0.product_id.0.into()
    }

    /// How many pieces.
    async fn quantity(&self) -> i32 {
        self.0.quantity
    }
}

/// How many pieces of a product the cart is to hold.
#[derive(InputObject)]
pub struct SetCartLineInput {
    /// The user.
    user_id: ID,
    /// The product.
    product_id: ID,
    /// How many pieces; 0 removes the line.
    quantity: Int,
}

/// Whose cart becomes an order.
#[derive(InputObject)]
pub struct CheckOutInput {
    /// The user.
    user_id: ID,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct SetCartLinePayload {
    /// The cart as changed.
    pub cart: Option<Cart>,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct CheckOutPayload {
    /// The order that the cart became.
    pub order: Option<Order>,
}
