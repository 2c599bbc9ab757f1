//! Money: an amount in minor units and a currency; never a float.

use crate::limits::PRICE_MAX;
use crate::schema::Int;
use crate::{enumeration, input, output};

enumeration! {
    /// The currency of an amount, by ISO 4217; only euros so far.
    Currency {
        /// Euro; its minor unit is the cent.
        Eur = "EUR",
    }
}

output! {
    /// An amount of money.
    pub struct Money {
        /// The amount in minor units (cents).
        amount: i32,
        /// The currency, by ISO 4217.
        currency: Currency,
    }
}

impl Money {
    /// An amount in euro cents.
    pub fn cents(amount: i32) -> Self {
        Money { amount, currency: Currency::Eur }
    }

    /// This price times a quantity.
    pub fn times(&self, quantity: i32) -> Money {
        Money { amount: self.amount * quantity, currency: self.currency }
    }

    /// The sum of amounts.
    pub fn sum<'a>(amounts: impl IntoIterator<Item = &'a Money>) -> Money {
        Money::cents(amounts.into_iter().map(|money| money.amount).sum())
    }
}

input! {
    /// The price of one piece.
    pub struct Price {
        /// The amount in minor units (cents).
        amount: Int<1, PRICE_MAX>,
        /// The currency, by ISO 4217.
        currency: Currency,
    }
}

impl From<Price> for Money {
    fn from(price: Price) -> Self {
        Money { amount: price.amount.get(), currency: price.currency }
    }
}
