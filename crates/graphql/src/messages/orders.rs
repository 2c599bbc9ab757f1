//! Orders in the graph.

use super::DateTime;
use super::money::Money;
use super::products::Product;
use super::users::User;
use crate::errors::Maybe;
use crate::schema::loaders;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::orders::{self, OrderDetails};

/// The processing status of an order.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "orders::OrderStatus")]
pub enum OrderStatus {
    /// Ordered; stock is reserved.
    Placed,
    /// Paid.
    Paid,
    /// Shipped.
    Shipped,
    /// Delivered to the buyer.
    Delivered,
    /// Cancelled; stock was returned.
    Cancelled,
}

/// An order of a user, with its user and its products if they are loaded.
pub struct Order {
    order: orders::Order,
    user: Option<domain::users::User>,
    products: Vec<domain::products::Product>,
}

impl From<orders::Order> for Order {
    fn from(order: orders::Order) -> Self {
        Order { order, user: None, products: Vec::new() }
    }
}

impl From<OrderDetails> for Order {
    fn from(details: OrderDetails) -> Self {
        Order { order: details.order, user: Some(details.user), products: details.products }
    }
}

/// An order of a user.
#[Object]
impl Order {
    /// The id: 1, 2, 3, ... in each sandbox; never used again.
    async fn id(&self) -> ID {
        self.order.id.0.into()
    }

    /// The id of the buyer.
    async fn user_id(&self) -> ID {
        self.order.user_id.0.into()
    }

    /// The processing status.
    async fn status(&self) -> OrderStatus {
        self.order.status.into()
    }

    /// The order lines, as they were ordered.
    async fn lines(&self) -> Vec<OrderLine<'_>> {
        self.order.lines.iter().map(|line| OrderLine { line, products: &self.products }).collect()
    }

    /// The total price: the sum of the lines.
    async fn total(&self) -> Money {
        Money(self.order.total.clone())
    }

    /// When the order was placed.
    async fn placed_at(&self) -> DateTime {
        DateTime(self.order.placed_at)
    }

    /// When the status last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.order.updated_at)
    }

    /// The version: 1 at first, incremented by every change.
    async fn version(&self) -> i32 {
        self.order.version
    }

    /// The buyer, as they are today.
    async fn user(&self, ctx: &Context<'_>) -> Maybe<User> {
        Some(match &self.user {
            Some(user) => Ok(User(user.clone())),
            None => loaders::user(ctx, self.order.user_id).await.map(User),
        })
    }
}

struct OrderLine<'a> {
    line: &'a orders::OrderLine,
    products: &'a [domain::products::Product],
}

/// A product, a quantity and the price when the order was placed.
#[Object]
impl OrderLine<'_> {
    /// The id of the product.
    async fn product_id(&self) -> ID {
        self.line.product_id.0.into()
    }

    /// The number of pieces.
    async fn quantity(&self) -> i32 {
        self.line.quantity
    }

    /// The price of one piece when the order was placed.
    async fn unit_price(&self) -> Money {
        Money(self.line.unit_price.clone())
    }

    /// The price of the line: quantity times unit price.
    async fn line_total(&self) -> Money {
        Money(self.line.line_total.clone())
    }

    /// The product, as it is today.
    async fn product(&self, ctx: &Context<'_>) -> Maybe<Product> {
        Some(match self.products.iter().find(|product| product.id == self.line.product_id) {
            Some(product) => Ok(Product(product.clone())),
            None => loaders::product(ctx, self.line.product_id).await.map(Product),
        })
    }
}

/// The result.
#[derive(SimpleObject)]
pub struct PlaceOrderPayload {
    /// The new order.
    pub order: Option<Order>,
}

/// The result.
#[derive(SimpleObject)]
pub struct SetOrderStatusPayload {
    /// The updated order.
    pub order: Option<Order>,
}

/// The result.
#[derive(SimpleObject)]
pub struct CancelOrderPayload {
    /// The cancelled order.
    pub order: Option<Order>,
}
