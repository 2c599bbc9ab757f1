//! Orders: what was bought, and how it gets to the buyer.

mod rules;

pub use rules::{Wanted, cancel, get, get_details, list, place, sell, set_status};

use crate::limits::{LINES_MAX, QUANTITY_MAX};
use crate::money::Money;
use crate::page::{Cursor, Ids, Limit, Paged};
use crate::products::{Product, ProductId};
use crate::schema::{Encode, Encoder, Field, HasSchema, Int, Items, Object, Schema, encode_field};
use crate::time::Timestamp;
use crate::users::{User, UserId};
use crate::version::ExpectedVersion;
use crate::{enumeration, id, input, output};

id! {
    /// The id of an order.
    OrderId, "order"
}

enumeration! {
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
    pub const OBJECT: &'static Object = &Object {
        name: "OrderDetails",
        doc: "An order with its user and its products: the coarse answer that saves round trips.",
        members: &{
            let mut members = [ADDED[0]; Order::OBJECT.members.len() + ADDED.len()];
            let mut position = 0;
            while position < members.len() {
                let own = Order::OBJECT.members;
                members[position] = if position < own.len() { own[position] } else { ADDED[position - own.len()] };
                position += 1;
            }
            members
        },
    };
}

const ADDED: [Field; 2] = [
    Field { name: "user", doc: "Who bought it.", schema: User::SCHEMA, required: true },
    Field {
        name: "products",
        doc: "The products of its lines, in ascending id.",
        schema: <Vec<Product>>::SCHEMA,
        required: true,
    },
];

impl HasSchema for OrderDetails {
    const SCHEMA: Schema = Schema::Object(OrderDetails::OBJECT);
}

impl Encode for OrderDetails {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.begin_object();
        self.order.encode_fields(encoder);
        encode_field("user", &self.user, encoder);
        encode_field("products", &self.products, encoder);
        encoder.end_object();
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
