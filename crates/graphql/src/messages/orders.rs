//! How are orders said?

use super::DateTime;
use super::money::Money;
use super::products::Product;
use super::users::User;
use crate::schema::{Maybe, loaders};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::orders::{self, OrderDetails};

/// How far an order has come.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "orders::OrderStatus")]
pub enum OrderStatus {
    /// Ordered; the stock is taken.
    Placed,
    /// Paid for.
    Paid,
    /// On its way.
    Shipped,
    /// There.
    Delivered,
    /// Called off; the stock is back.
    Cancelled,
}

/// What a user has bought; its user and its products too, where they came with it.
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

/// What a user has bought.
#[Object]
impl Order {
    /// Counts from 1 in each sandbox and is never used again.
    async fn id(&self) -> ID {
        self.order.id.0.into()
    }

    /// Who bought it.
    async fn user_id(&self) -> ID {
        self.order.user_id.0.into()
    }

    /// How far it has come.
    async fn status(&self) -> OrderStatus {
        self.order.status.into()
    }

    /// What was bought, in the order in which it was asked for.
    async fn lines(&self) -> Vec<OrderLine<'_>> {
        self.order.lines.iter().map(|line| OrderLine { line, products: &self.products }).collect()
    }

    /// What it cost: the sum of the lines.
    async fn total(&self) -> Money {
        Money(self.order.total.clone())
    }

    /// When it was placed.
    async fn placed_at(&self) -> DateTime {
        DateTime(self.order.placed_at)
    }

    /// When its status last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.order.updated_at)
    }

    /// Starts at 1 and grows with every visible change.
    async fn version(&self) -> i32 {
        self.order.version
    }

    /// Who bought it, as that person is today.
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

/// So many pieces of a product, at the price of that day.
#[Object]
impl OrderLine<'_> {
    /// The product.
    async fn product_id(&self) -> ID {
        self.line.product_id.0.into()
    }

    /// How many pieces.
    async fn quantity(&self) -> i32 {
        self.line.quantity
    }

    /// What one piece cost when the order was placed.
    async fn unit_price(&self) -> Money {
        Money(self.line.unit_price.clone())
    }

    /// What the line cost: quantity times unit price.
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

/// What came of it.
#[derive(SimpleObject)]
pub struct PlaceOrderPayload {
    /// The new order.
    pub order: Option<Order>,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct SetOrderStatusPayload {
    /// The order as changed.
    pub order: Option<Order>,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct CancelOrderPayload {
    /// The order as called off.
    pub order: Option<Order>,
}
