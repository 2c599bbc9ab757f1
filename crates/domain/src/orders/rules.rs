//! The rules of orders.

use super::{
    CancelOrder, GetOrder, GetOrderDetails, ListOrders, Order, OrderDetails, OrderFilter, OrderId, OrderLine,
    OrderStatus, PlaceOrder, SetOrderStatus,
};
use crate::context::Context;
use crate::error::{Error, Reason};
use crate::events::{self, EventKind};
use crate::money::Money;
use crate::page::{Ids, Page, PageRequest};
use crate::products::{self, ProductId};
use crate::schema::Violation;
use crate::store::{Records, Sequence, Transaction};
use crate::users::{self, UserId};
use crate::version::check_version;

/// The allowed changes of status. Every other change, also to the current status, is refused.
const ALLOWED: &[(OrderStatus, OrderStatus)] = &[
    (OrderStatus::Placed, OrderStatus::Paid),
    (OrderStatus::Paid, OrderStatus::Shipped),
    (OrderStatus::Shipped, OrderStatus::Delivered),
    (OrderStatus::Placed, OrderStatus::Cancelled),
    (OrderStatus::Paid, OrderStatus::Cancelled),
];

/// list_orders
pub fn list(shop: &dyn Records, context: &Context, input: ListOrders) -> Result<Page<Order>, Error> {
    input.user_id.map_or(Ok(()), |user| context.caller.require_owner_or_staff(user))?;
    let filter = OrderFilter {
        user_id: input.user_id.or(context.caller.only()),
        status: input.status,
        ids: input.ids.map(Ids::into_vec),
    };
    let slice = PageRequest::of(&format!("orders {filter:?}"), input.after, input.limit)?;
    if let Some(user_id) = filter.user_id {
        users::existing(shop, user_id)?;
    }
    Ok(Page::cut(shop.orders(&filter, &slice)?, &slice, |order| order.id.0))
}

/// get_order
pub fn get(shop: &dyn Records, context: &Context, input: GetOrder) -> Result<Order, Error> {
    existing(shop, context, input.id)
}

/// get_order_details
pub fn get_details(shop: &dyn Records, context: &Context, input: GetOrderDetails) -> Result<OrderDetails, Error> {
    let order = existing(shop, context, input.id)?;
    let user = users::existing(shop, order.user_id)?;
    let mut products = Vec::with_capacity(order.lines.len());
    for line in &order.lines {
        products.push(products::existing(shop, line.product_id)?);
    }
    products.sort_by_key(|product| product.id);
    Ok(OrderDetails { order, user, products })
}

/// place_order
pub fn place(shop: &mut dyn Transaction, context: &Context, input: PlaceOrder) -> Result<Order, Error> {
    context.caller.require_owner_or_staff(input.user_id)?;
    let lines = input.lines.into_vec();
    let wanted = lines.iter().map(|line| Wanted { product_id: line.product_id, quantity: line.quantity.get() });
    let wanted: Vec<Wanted> = wanted.collect();
    ensure_no_product_twice(&wanted)?;
    users::existing(shop, input.user_id)?;
    sell(shop, context, input.user_id, wanted)
}

/// set_order_status
pub fn set_status(shop: &mut dyn Transaction, context: &Context, input: SetOrderStatus) -> Result<Order, Error> {
    let mut order = existing(shop, context, input.id)?;
    check_version("order", order.id.0, order.version, input.expected_version)?;
    if !ALLOWED.contains(&(order.status, input.status)) {
        let (is, to) = (order.status.word(), input.status.word());
        let message = format!("order {} is {is} and can't become {to}", order.id.0);
        return Err(Error::new(Reason::StatusNotAllowed, message));
    }
    if input.status == OrderStatus::Cancelled {
        for line in &order.lines {
            shop.return_stock(line.product_id, line.quantity)?;
        }
    }
    order.status = input.status;
    order.updated_at = context.now;
    order.version += 1;
    shop.update_order(&order)?;
    events::append(shop, context, EventKind::of(order.status), &order)?;
    Ok(order)
}

/// cancel_order
pub fn cancel(shop: &mut dyn Transaction, context: &Context, input: CancelOrder) -> Result<Order, Error> {
    let input = SetOrderStatus { id: input.id, status: OrderStatus::Cancelled, expected_version: None };
    set_status(shop, context, input)
}

/// A product and a quantity, from an order or a cart.
pub struct Wanted {
    /// The product.
    pub product_id: ProductId,
    /// The number of pieces, at least 1.
    pub quantity: i32,
}

/// Takes stock, freezes current prices and appends the event: everything or nothing.
pub fn sell(
    shop: &mut dyn Transaction,
    context: &Context,
    user_id: UserId,
    wanted: Vec<Wanted>,
) -> Result<Order, Error> {
    let mut lines = Vec::with_capacity(wanted.len());
    for Wanted { product_id, quantity } in wanted {
        let product = products::existing(shop, product_id)?;
        if !shop.take_stock(product_id, quantity)? {
            let message =
                format!("product {} has {} pieces in stock, {quantity} were ordered", product_id.0, product.stock);
            return Err(Error::new(Reason::OutOfStock, message));
        }
        let line_total = product.price.times(quantity);
        lines.push(OrderLine { product_id, quantity, unit_price: product.price, line_total });
    }
    let order = Order {
        id: OrderId(shop.next(Sequence::Orders)?),
        user_id,
        status: OrderStatus::Placed,
        total: Money::sum(lines.iter().map(|line| &line.line_total)),
        lines,
        placed_at: context.now,
        updated_at: context.now,
        version: 1,
    };
    shop.insert_order(&order)?;
    events::append(shop, context, EventKind::OrderPlaced, &order)?;
    Ok(order)
}

/// The order, or `order_not_found`; an order of another customer gives exactly the same error as one that doesn't exist.
fn existing(shop: &dyn Records, context: &Context, id: OrderId) -> Result<Order, Error> {
    let seen = |order: &Order| context.caller.only().is_none_or(|user| order.user_id == user);
    let found = shop.order(id)?.filter(seen);
    found.ok_or_else(|| Error::new(Reason::OrderNotFound, format!("there is no order {}", id.0)))
}

fn ensure_no_product_twice(wanted: &[Wanted]) -> Result<(), Error> {
    let twice = |(position, line): (usize, &Wanted)| {
        let first = wanted[..position].iter().position(|earlier| earlier.product_id == line.product_id)?;
        let message = format!("must appear once per order; product {} is already in line {first}", line.product_id.0);
        Some(Violation { pointer: format!("/lines/{position}/product_id"), message })
    };
    let violations: Vec<Violation> = wanted.iter().enumerate().filter_map(twice).collect();
    if violations.is_empty() { Ok(()) } else { Err(Error::violations(violations)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_order_goes_back_or_stays() {
        for status in OrderStatus::ALL {
            assert!(!ALLOWED.contains(&(*status, *status)));
            assert!(!ALLOWED.contains(&(OrderStatus::Cancelled, *status)));
            assert!(!ALLOWED.contains(&(OrderStatus::Delivered, *status)));
        }
    }

    #[test]
    fn the_largest_order_still_fits_an_integer() {
        use crate::limits::{LINES_MAX, PRICE_MAX, QUANTITY_MAX};
        let line = i64::from(PRICE_MAX) * i64::from(QUANTITY_MAX);
        assert!(line * i64::from(LINES_MAX) <= i64::from(i32::MAX));
    }
}
