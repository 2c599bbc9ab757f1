//! How are carts said?

use super::money::Money;
use super::orders::Order;
use async_graphql::{ID, Object, SimpleObject};
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
