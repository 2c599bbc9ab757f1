//! Carts: what a user means to buy. A cart reserves nothing and shows today's prices.

mod rules;

pub use rules::{check_out, get, set_line};

use crate::limits::QUANTITY_MAX;
use crate::money::Money;
use crate::products::ProductId;
use crate::schema::Int;
use crate::users::UserId;
use crate::{input, output};

output! {
    /// So many pieces of a product.
    pub struct CartLine {
        /// The product.
        product_id: ProductId,
        /// How many pieces.
        quantity: i32,
    }
}

output! {
    /// What a user means to buy.
    pub struct Cart {
        /// The user.
        user_id: UserId,
        /// What is in it, in ascending product; every product once.
        lines: Vec<CartLine>,
        /// What it would cost today.
        total: Money,
    }
}

input! {
    /// Whose cart.
    pub struct GetCart {
        /// The user.
        user_id: UserId,
    }
}

input! {
    /// How many pieces of a product the cart is to hold.
    pub struct SetCartLine {
        /// The user.
        user_id: UserId,
        /// The product.
        product_id: ProductId,
        /// How many pieces; 0 removes the line.
        quantity: Int<0, QUANTITY_MAX>,
    }
}

input! {
    /// Whose cart becomes an order.
    pub struct CheckOut {
        /// The user.
        user_id: UserId,
    }
}
