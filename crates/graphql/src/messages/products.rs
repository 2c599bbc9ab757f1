//! How are products said?

use super::money::Money;
use async_graphql::{ID, Object, SimpleObject};
use domain::products;

/// A thing for sale.
pub struct Product(pub products::Product);

/// A thing for sale.
#[Object]
impl Product {
    /// Counts from 1 in each sandbox and is never used again.
    async fn id(&self) -> ID {
        self.0.id.0.into()
    }

    /// What it is called.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// What it is.
    async fn description(&self) -> &str {
        self.0.description.as_str()
    }

    /// What one piece costs today.
    async fn price(&self) -> Money {
        Money(self.0.price.clone())
    }

    /// What one piece costs today, in cents.
    #[graphql(deprecation = "It can't say the currency: ask for `price { amount currency }`.")]
    async fn price_cents(&self) -> i32 {
        self.0.price.amount
    }

    /// How many pieces are left.
    async fn stock(&self) -> i32 {
        self.0.stock
    }

    /// Starts at 1 and grows with every visible change, also when an order takes stock.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// What came of it.
#[derive(SimpleObject)]
pub struct UpdateProductPayload {
    /// The product as changed.
    pub product: Option<Product>,
}
