//! The rules of carts.

use super::{Cart, CartLine, CheckOut, GetCart, SetCartLine};
use crate::context::Context;
use crate::error::{Error, Reason};
use crate::limits::LINES_MAX;
use crate::money::Money;
use crate::orders::{self, Order, Wanted};
use crate::products;
use crate::store::{Records, Transaction};
use crate::users::{self, UserId};

/// get_cart
pub fn get(shop: &dyn Records, context: &Context, input: GetCart) -> Result<Cart, Error> {
    context.caller.require_owner_or_staff(input.user_id)?;
    users::existing(shop, input.user_id)?;
    of(shop, input.user_id)
}

/// set_cart_line
pub fn set_line(shop: &mut dyn Transaction, context: &Context, input: SetCartLine) -> Result<Cart, Error> {
    context.caller.require_owner_or_staff(input.user_id)?;
    users::existing(shop, input.user_id)?;
    products::existing(shop, input.product_id)?;
    let lines = shop.cart(input.user_id)?;
    let is_new = lines.iter().all(|(product, _)| *product != input.product_id);
    if is_new && input.quantity.get() > 0 && lines.len() >= LINES_MAX as usize {
        let message = format!("would be line {}, a cart has at most {LINES_MAX}", lines.len() + 1);
        return Err(Error::invalid("/product_id", message));
    }
    shop.set_cart_line(input.user_id, input.product_id, input.quantity.get())?;
    of(shop, input.user_id)
}

/// check_out
pub fn check_out(shop: &mut dyn Transaction, context: &Context, input: CheckOut) -> Result<Order, Error> {
    context.caller.require_owner_or_staff(input.user_id)?;
    users::existing(shop, input.user_id)?;
    let lines = shop.cart(input.user_id)?;
    if lines.is_empty() {
        let message = format!("the cart of user {} is empty", input.user_id.0);
        return Err(Error::new(Reason::CartIsEmpty, message));
    }
    let wanted = lines.into_iter().map(|(product_id, quantity)| Wanted { product_id, quantity });
    let order = orders::sell(shop, context, input.user_id, wanted.collect())?;
    shop.clear_cart(input.user_id)?;
    Ok(order)
}

fn of(shop: &dyn Records, user_id: UserId) -> Result<Cart, Error> {
    let mut total = Money::cents(0);
    let mut lines = Vec::new();
    for (product_id, quantity) in shop.cart(user_id)? {
        let product = products::existing(shop, product_id)?;
        total = Money::sum([&total, &product.price.times(quantity)]);
        lines.push(CartLine { product_id, quantity });
    }
    Ok(Cart { user_id, lines, total })
}
