//! Products in the graph.

use super::money::Money;
use async_graphql::{ID, Object, SimpleObject};
use domain::products;

/// A product for sale.
pub struct Product(pub products::Product);

/// A product for sale.
#[Object]
impl Product {
    /// The id: 1, 2, 3, ... in each sandbox; never used again.
    async fn id(&self) -> ID {
        self.0.id.0.into()
    }

    /// The name.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// The description.
    async fn description(&self) -> &str {
        self.0.description.as_str()
    }

    /// The current price of one piece.
    async fn price(&self) -> Money {
        Money(self.0.price.clone())
    }

    /// The current price of one piece, in cents.
    #[graphql(deprecation = "It can't say the currency: ask for `price { amount currency }`.")]
    async fn price_cents(&self) -> i32 {
        self.0.price.amount
    }

    /// The number of pieces in stock.
    async fn stock(&self) -> i32 {
        self.0.stock
    }

    /// The version: 1 at first, incremented by every change, also when an order takes stock.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// The result.
#[derive(SimpleObject)]
pub struct UpdateProductPayload {
    /// The updated product.
    pub product: Option<Product>,
}
