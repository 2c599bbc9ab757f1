//! Carts: the products that a user wants to buy. A cart reserves no stock and has current prices.

mod rules;

pub use rules::{check_out, get, set_line};

use crate::limits::QUANTITY_MAX;
use crate::money::Money;
use crate::products::ProductId;
use crate::schema::Int;
use crate::users::UserId;
use crate::{input, output};

output! {
    /// A product and a quantity in a cart.
    pub struct CartLine {
        /// The id of the product.
        product_id: ProductId,
        /// The number of pieces.
        quantity: i32,
    }
}

output! {
    /// The products that a user wants to buy.
    pub struct Cart {
        /// The id of the user.
        user_id: UserId,
        /// The lines, by ascending product id; a product appears once.
        lines: Vec<CartLine>,
        /// The total at current prices.
        total: Money,
    }
}

input! {
    /// The user whose cart to return.
    pub struct GetCart {
        /// The id of the user.
        user_id: UserId,
    }
}

input! {
    /// The new quantity of a product in a cart.
    pub struct SetCartLine {
        /// The id of the user.
        user_id: UserId,
        /// The id of the product.
        product_id: ProductId,
        /// The number of pieces; 0 removes the line.
        quantity: Int<0, QUANTITY_MAX>,
    }
}

input! {
    /// The user whose cart becomes an order.
    pub struct CheckOut {
        /// The id of the user.
        user_id: UserId,
    }
}
