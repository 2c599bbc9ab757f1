//! Orders: what was bought, and its way to the buyer.

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
    /// The processing status of an order.
    OrderStatus {
        /// Ordered; stock is reserved.
        Placed = "placed",
        /// Paid.
        Paid = "paid",
        /// Shipped.
        Shipped = "shipped",
        /// Delivered to the buyer.
        Delivered = "delivered",
        /// Cancelled; stock was returned.
        Cancelled = "cancelled",
    }
}

output! {
    /// A product, a quantity and the price when the order was placed.
    pub struct OrderLine {
        /// The id of the product.
        product_id: ProductId,
        /// The number of pieces.
        quantity: i32,
        /// The price of one piece when the order was placed.
        unit_price: Money,
        /// The price of the line: quantity times unit price.
        line_total: Money,
    }
}

output! {
    /// An order of a user.
    pub struct Order {
        /// The id: 1, 2, 3, ... in each sandbox; never used again.
        id: OrderId,
        /// The id of the buyer.
        user_id: UserId,
        /// The processing status.
        status: OrderStatus,
        /// The order lines, as they were ordered.
        lines: Vec<OrderLine>,
        /// The total price: the sum of the lines.
        total: Money,
        /// When the order was placed.
        placed_at: Timestamp,
        /// When the status last changed.
        updated_at: Timestamp,
        /// The version: 1 at first, incremented by every change.
        version: i32,
    }
}

impl Paged for Order {
    const PAGE: &'static str = "OrderPage";
}

/// An order with its user and its products, in one reply.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderDetails {
    /// The order.
    pub order: Order,
    /// The buyer.
    pub user: User,
    /// The products of the lines, by ascending id.
    pub products: Vec<Product>,
}

impl OrderDetails {
    /// The members of an order, then `user` and `products`.
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

/// A filter for orders.
#[derive(Debug, Default)]
pub struct OrderFilter {
    /// Only orders of this user.
    pub user_id: Option<UserId>,
    /// Only orders with this status.
    pub status: Option<OrderStatus>,
    /// Only these orders.
    pub ids: Option<Vec<OrderId>>,
}

input! {
    /// A page of orders, filtered.
    pub struct ListOrders {
        /// Only orders of this user.
        user_id: Option<UserId>,
        /// Only orders with this status.
        status: Option<OrderStatus>,
        /// Only these orders; unknown ids are ignored.
        ids: Option<Ids<OrderId>>,
        /// The maximum number of items; 20 if absent.
        limit: Option<Limit>,
        /// The `next` cursor of the previous page.
        after: Option<Cursor>,
    }
}

input! {
    /// The order to return.
    pub struct GetOrder {
        /// The id of the order.
        id: OrderId,
    }
}

input! {
    /// The order to return with its user and its products.
    pub struct GetOrderDetails {
        /// The id of the order.
        id: OrderId,
    }
}

input! {
    /// A product and a quantity.
    pub struct LineInput {
        /// The id of the product; a product may appear once per order.
        product_id: ProductId,
        /// The number of pieces.
        quantity: Int<1, QUANTITY_MAX>,
    }
}

input! {
    /// The buyer and the order lines.
    pub struct PlaceOrder {
        /// The id of the buyer.
        user_id: UserId,
        /// Between 1 and 20 lines; a product may appear once.
        lines: Items<LineInput, 1, LINES_MAX>,
    }
}

input! {
    /// The new status of an order.
    pub struct SetOrderStatus {
        /// The id of the order.
        id: OrderId,
        /// The new status.
        status: OrderStatus,
        /// The version that the caller has read; if the order has another one, the call is refused with `stale_version`.
        expected_version: Option<ExpectedVersion>,
    }
}

input! {
    /// The order to cancel.
    pub struct CancelOrder {
        /// The id of the order.
        id: OrderId,
    }
}
