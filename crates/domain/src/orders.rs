//! Orders: what was bought, and how it gets to the buyer.

use crate::error::{Error, Reason};
use crate::events::{self, EventKind};
use crate::limits::{LINES_MAX, QUANTITY_MAX};
use crate::money::Money;
use crate::page::{Cursor, Ids, Limit, Page, Paged, Slice};
use crate::products::{self, Product, ProductId};
use crate::shape::{Int, Items, Member, Record, Shape, Shaped, Sink, Violation, Writable, write_member};
use crate::shop::Context;
use crate::store::{Changes, Numbered, Records};
use crate::time::Timestamp;
use crate::users::{self, ExpectedVersion, User, UserId, check_version};
use crate::{id, input, output, words};

id! {
    /// The id of an order.
    OrderId, "order"
}

words! {
    /// How far an order has come.
    OrderStatus {
        /// Ordered; the stock is taken.
        Placed = "placed",
        /// Paid for.
        Paid = "paid",
        /// On its way.
        Shipped = "shipped",
        /// There.
        Delivered = "delivered",
        /// Called off; the stock is back.
        Cancelled = "cancelled",
    }
}

/// Every allowed change of status. All else, also to the present status, is refused.
const ALLOWED: &[(OrderStatus, OrderStatus)] = &[
    (OrderStatus::Placed, OrderStatus::Paid),
    (OrderStatus::Paid, OrderStatus::Shipped),
    (OrderStatus::Shipped, OrderStatus::Delivered),
    (OrderStatus::Placed, OrderStatus::Cancelled),
    (OrderStatus::Paid, OrderStatus::Cancelled),
];

output! {
    /// So many pieces of a product, at the price of that day.
    pub struct OrderLine {
        /// The product.
        product_id: ProductId,
        /// How many pieces.
        quantity: i32,
        /// What one piece cost when the order was placed.
        unit_price: Money,
        /// What the line cost: quantity times unit price.
        line_total: Money,
    }
}

output! {
    /// What a user has bought.
    pub struct Order {
        /// Counts from 1 in each sandbox and is never used again.
        id: OrderId,
        /// Who bought it.
        user_id: UserId,
        /// How far it has come.
        status: OrderStatus,
        /// What was bought, in the order in which it was asked for.
        lines: Vec<OrderLine>,
        /// What it cost: the sum of the lines.
        total: Money,
        /// When it was placed.
        placed_at: Timestamp,
        /// When its status last changed.
        updated_at: Timestamp,
        /// Starts at 1 and grows with every visible change.
        version: i32,
    }
}

impl Paged for Order {
    const PAGE: &'static str = "OrderPage";
}

/// An order with its user and its products: the coarse answer that saves round trips.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderDetails {
    /// The order.
    pub order: Order,
    /// Who bought it.
    pub user: User,
    /// The products of its lines, in ascending id.
    pub products: Vec<Product>,
}

impl OrderDetails {
    /// An order's members, then `user` and `products`.
    pub const RECORD: &'static Record = &Record {
        name: "OrderDetails",
        doc: "An order with its user and its products: the coarse answer that saves round trips.",
        members: &{
            let mut members = [ADDED[0]; Order::RECORD.members.len() + ADDED.len()];
            let mut position = 0;
            while position < members.len() {
                let own = Order::RECORD.members;
                members[position] = if position < own.len() { own[position] } else { ADDED[position - own.len()] };
                position += 1;
            }
            members
        },
    };
}

const ADDED: [Member; 2] = [
    Member { name: "user", doc: "Who bought it.", shape: User::SHAPE, required: true },
    Member {
        name: "products",
        doc: "The products of its lines, in ascending id.",
        shape: <Vec<Product>>::SHAPE,
        required: true,
    },
];

impl Shaped for OrderDetails {
    const SHAPE: Shape = Shape::Record(OrderDetails::RECORD);
}

impl Writable for OrderDetails {
    fn write(&self, sink: &mut impl Sink) {
        sink.open_record();
        self.order.write_members(sink);
        write_member("user", &self.user, sink);
        write_member("products", &self.products, sink);
        sink.close_record();
    }
}

/// Which orders of a list.
#[derive(Debug, Default)]
pub struct OrderFilter {
    /// Only this user's.
    pub user_id: Option<UserId>,
    /// Only those that have come this far.
    pub status: Option<OrderStatus>,
    /// Only these.
    pub ids: Option<Vec<OrderId>>,
}

input! {
    /// Which orders, and how many.
    pub struct ListOrders {
        /// Only this user's orders.
        user_id: Option<UserId>,
        /// Only orders that have come just this far.
        status: Option<OrderStatus>,
        /// Only these orders; ids of nothing are left out of the answer.
        ids: Option<Ids<OrderId>>,
        /// The most items of the page; 20 if absent.
        limit: Option<Limit>,
        /// The `next` of the page before.
        after: Option<Cursor>,
    }
}

input! {
    /// Which order.
    pub struct GetOrder {
        /// The order.
        id: OrderId,
    }
}

input! {
    /// Which order, to be told with its user and its products.
    pub struct GetOrderDetails {
        /// The order.
        id: OrderId,
    }
}

input! {
    /// So many pieces of a product.
    pub struct LineInput {
        /// The product; not twice in one order.
        product_id: ProductId,
        /// How many pieces.
        quantity: Int<1, QUANTITY_MAX>,
    }
}

input! {
    /// Who buys what.
    pub struct PlaceOrder {
        /// The user.
        user_id: UserId,
        /// What is bought.
        lines: Items<LineInput, 1, LINES_MAX>,
    }
}

input! {
    /// How far which order has come.
    pub struct SetOrderStatus {
        /// The order.
        id: OrderId,
        /// The new status.
        status: OrderStatus,
        /// The version that the caller has seen; another one is refused.
        expected_version: Option<ExpectedVersion>,
    }
}

input! {
    /// Which order is called off.
    pub struct CancelOrder {
        /// The order.
        id: OrderId,
    }
}

/// list_orders
pub fn list(shop: &dyn Records, context: &Context, input: ListOrders) -> Result<Page<Order>, Error> {
    input.user_id.map_or(Ok(()), |user| context.caller.must_be(user))?;
    let filter = OrderFilter {
        user_id: input.user_id.or(context.caller.only()),
        status: input.status,
        ids: input.ids.map(Ids::into_vec),
    };
    let slice = Slice::of(&format!("orders {filter:?}"), input.after, input.limit)?;
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
pub fn place(shop: &mut dyn Changes, context: &Context, input: PlaceOrder) -> Result<Order, Error> {
    context.caller.must_be(input.user_id)?;
    let lines = input.lines.into_vec();
    let wanted = lines.iter().map(|line| Wanted { product_id: line.product_id, quantity: line.quantity.get() });
    let wanted: Vec<Wanted> = wanted.collect();
    ensure_no_product_twice(&wanted)?;
    users::existing(shop, input.user_id)?;
    sell(shop, context, input.user_id, wanted)
}

/// set_order_status
pub fn set_status(shop: &mut dyn Changes, context: &Context, input: SetOrderStatus) -> Result<Order, Error> {
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
pub fn cancel(shop: &mut dyn Changes, context: &Context, input: CancelOrder) -> Result<Order, Error> {
    let input = SetOrderStatus { id: input.id, status: OrderStatus::Cancelled, expected_version: None };
    set_status(shop, context, input)
}

/// So many pieces of a product, whoever wants them.
pub struct Wanted {
    /// The product.
    pub product_id: ProductId,
    /// How many pieces, from 1.
    pub quantity: i32,
}

/// Takes the stock, keeps the prices of today, and tells the news: all of it or nothing.
pub fn sell(shop: &mut dyn Changes, context: &Context, user_id: UserId, wanted: Vec<Wanted>) -> Result<Order, Error> {
    let mut lines = Vec::with_capacity(wanted.len());
    for Wanted { product_id, quantity } in wanted {
        let product = products::existing(shop, product_id)?;
        if !shop.take_stock(product_id, quantity)? {
            let message = format!("product {} has {} in stock, {quantity} wanted", product_id.0, product.stock);
            return Err(Error::new(Reason::OutOfStock, message));
        }
        let line_total = product.price.times(quantity);
        lines.push(OrderLine { product_id, quantity, unit_price: product.price, line_total });
    }
    let order = Order {
        id: OrderId(shop.next(Numbered::Orders)?),
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

/// The order, or that there is none. A stranger's is told from one that is not there by nothing at all.
fn existing(shop: &dyn Records, context: &Context, id: OrderId) -> Result<Order, Error> {
    let seen = |order: &Order| context.caller.only().is_none_or(|user| order.user_id == user);
    let found = shop.order(id)?.filter(seen);
    found.ok_or_else(|| Error::new(Reason::OrderNotFound, format!("there is no order {}", id.0)))
}

fn ensure_no_product_twice(wanted: &[Wanted]) -> Result<(), Error> {
    let twice = |(position, line): (usize, &Wanted)| {
        let first = wanted[..position].iter().position(|earlier| earlier.product_id == line.product_id)?;
        let message = format!("must not be twice in one order, {} is in line {first} already", line.product_id.0);
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
        let line = i64::from(crate::limits::PRICE_MAX) * i64::from(QUANTITY_MAX);
        assert!(line * i64::from(LINES_MAX) <= i64::from(i32::MAX));
    }
}
