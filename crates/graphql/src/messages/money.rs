//! Money in the graph.

use async_graphql::{Enum, Object};
use domain::money;

/// The currency of an amount, by ISO 4217; only euros so far.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "money::Currency")]
pub enum Currency {
    /// Euro; its minor unit is the cent.
    Eur,
}

/// An amount of money.
pub struct Money(pub money::Money);

/// An amount of money.
#[Object]
impl Money {
    /// The amount in minor units (cents).
    async fn amount(&self) -> i32 {
        self.0.amount
    }

    /// The currency, by ISO 4217.
    async fn currency(&self) -> Currency {
        self.0.currency.into()
    }
}
