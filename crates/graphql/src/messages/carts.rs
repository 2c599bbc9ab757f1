//! Carts in the graph.

use super::money::Money;
use super::orders::Order;
use async_graphql::{ID, Object, SimpleObject};
use domain::carts;

/// The products that a user wants to buy.
pub struct Cart(pub carts::Cart);

/// The products that a user wants to buy.
#[Object]
impl Cart {
    /// The id of the user.
    async fn user_id(&self) -> ID {
        self.0.user_id.0.into()
    }

    /// The lines, by ascending product id; a product appears once.
    async fn lines(&self) -> Vec<CartLine> {
        self.0.lines.iter().cloned().map(CartLine).collect()
    }

    /// The total at current prices.
    async fn total(&self) -> Money {
        Money(self.0.total.clone())
    }
}

struct CartLine(carts::CartLine);

/// A product and a quantity in a cart.
#[Object]
impl CartLine {
    /// The id of the product.
    async fn product_id(&self) -> ID {
        self.0.product_id.0.into()
    }

    /// The number of pieces.
    async fn quantity(&self) -> i32 {
        self.0.quantity
    }
}

/// The result.
#[derive(SimpleObject)]
pub struct SetCartLinePayload {
    /// The updated cart.
    pub cart: Option<Cart>,
}

/// The result.
#[derive(SimpleObject)]
pub struct CheckOutPayload {
    /// The new order.
    pub order: Option<Order>,
}
