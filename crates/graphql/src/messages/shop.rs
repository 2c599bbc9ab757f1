//! Users, products, carts and orders in the graph. They lead to each other, so they share a file.

use super::input::{Given, arguments};
use super::page::Connection;
use super::{DateTime, object};
use crate::errors::Maybe;
use crate::schema::loaders::{List, load};
use async_graphql::{Context, Enum, ID, Object};
use domain::orders::{ListOrders, OrderDetails};
use domain::{access, carts, logins, money, orders, products, users};

/// The role of a user. Each role includes the rights of the one before.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Role")]
pub enum Role {
    /// Buys.
    Customer,
    /// Works in the shop.
    Staff,
    /// Administers the shop.
    Admin,
}

/// How a caller was authenticated.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Proof")]
pub enum Proof {
    /// Not authenticated: the request had no credentials.
    #[graphql(name = "NONE")]
    Nothing,
    /// With an API key.
    ApiKey,
    /// With an email and a password.
    Password,
    /// With a token that `log_in` or OAuth issued.
    Token,
}

/// The currency of an amount, by ISO 4217; only euros so far.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "money::Currency")]
pub enum Currency {
    /// Euro; its minor unit is the cent.
    Eur,
}

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

object! {
    /// A person with an account.
    User(users::User) |user| {
        /// The id: 1, 2, 3, ... in each sandbox; never used again.
        id: ID = user.id.0.into(),
        /// The name of the person.
        name: &str = user.name.as_str(),
        /// The email address; unique in the sandbox, ignoring case.
        email: &str = user.email.as_str(),
        /// The role.
        role: Role = user.role.into(),
        /// When the account was created.
        created_at: DateTime = DateTime(user.created_at),
        /// The version: 1 at first, incremented by every change.
        version: i32 = user.version,
    }
    /// The orders of the user.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The maximum number of items; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only items after it.")] after: Option<String>,
        #[graphql(desc = "Only orders with this status.")] status: Option<OrderStatus>,
    ) -> Maybe<Connection<Order>> {
        let user_id = ID::from(self.0.id.0);
        let list = Given::<ListOrders>::read(arguments!(user_id, status, first, after)).decode();
        let page = match list {
            Ok(list) => load(ctx, List(list)).await,
            Err(error) => Err(error),
        };
        Some(page.map(|page| Connection::new(page, after.is_some(), |order| order.id.0, Order::from)))
    }
}

object! {
    /// The authenticated caller.
    Caller(access::Caller) |caller| {
        /// The id of the user; absent for an anonymous caller.
        user_id: Option<ID> = caller.user_id.map(|user| user.0.into()),
        /// The name of the user.
        name: Option<&str> = caller.name.as_ref().map(|name| name.as_str()),
        /// The caller's role; absent for an anonymous caller of a locked sandbox.
        role: Option<Role> = caller.role.map(Role::from),
        /// How the caller was authenticated.
        proof: Proof = caller.proof.into(),
        /// The sandbox that was called.
        sandbox: &str = caller.sandbox.as_str(),
    }
}

object! {
    /// A token that authenticates its user until it expires.
    Token(logins::Token) |token| {
        /// The token, to be sent as `Authorization: Bearer` or in the protocol's own field.
        token: &str = token.token.as_str(),
        /// When the token expires.
        expires_at: DateTime = DateTime(token.expires_at),
    }
}

object! {
    /// An amount of money.
    Money(money::Money) |money| {
        /// The amount in minor units (cents).
        amount: i32 = money.amount,
        /// The currency, by ISO 4217.
        currency: Currency = money.currency.into(),
    }
}

object! {
    /// A product for sale.
    Product(products::Product) |product| {
        /// The id: 1, 2, 3, ... in each sandbox; never used again.
        id: ID = product.id.0.into(),
        /// The name.
        name: &str = product.name.as_str(),
        /// The description.
        description: &str = product.description.as_str(),
        /// The current price of one piece.
        price: Money = Money(product.price.clone()),
        /// The current price of one piece, in cents.
        #[graphql(deprecation = "It can't say the currency: ask for `price { amount currency }`.")]
        price_cents: i32 = product.price.amount,
        /// The number of pieces in stock.
        stock: i32 = product.stock,
        /// The version: 1 at first, incremented by every change, also when an order takes stock.
        version: i32 = product.version,
    }
}

object! {
    /// The products that a user wants to buy.
    Cart(carts::Cart) |cart| {
        /// The id of the user.
        user_id: ID = cart.user_id.0.into(),
        /// The lines, by ascending product id; a product appears once.
        lines: Vec<CartLine> = cart.lines.iter().cloned().map(CartLine).collect(),
        /// The total at current prices.
        total: Money = Money(cart.total.clone()),
    }
}

object! {
    /// A product and a quantity in a cart.
    CartLine(carts::CartLine) |line| {
        /// The id of the product.
        product_id: ID = line.product_id.0.into(),
        /// The number of pieces.
        quantity: i32 = line.quantity,
    }
}

/// An order, with its user and its products if they were loaded together.
pub struct LoadedOrder {
    order: orders::Order,
    user: Option<users::User>,
    products: Vec<products::Product>,
}

impl From<orders::Order> for Order {
    fn from(order: orders::Order) -> Self {
        Order(LoadedOrder { order, user: None, products: Vec::new() })
    }
}

impl From<OrderDetails> for Order {
    fn from(OrderDetails { order, user, products }: OrderDetails) -> Self {
        Order(LoadedOrder { order, user: Some(user), products })
    }
}

impl LoadedOrder {
    fn line(&self, line: &orders::OrderLine) -> OrderLine {
        let product = self.products.iter().find(|product| product.id == line.product_id);
        OrderLine(LoadedLine { line: line.clone(), product: product.cloned() })
    }
}

object! {
    /// An order of a user.
    Order(LoadedOrder) |loaded| {
        /// The id: 1, 2, 3, ... in each sandbox; never used again.
        id: ID = loaded.order.id.0.into(),
        /// The id of the buyer.
        user_id: ID = loaded.order.user_id.0.into(),
        /// The processing status.
        status: OrderStatus = loaded.order.status.into(),
        /// The order lines, as they were ordered.
        lines: Vec<OrderLine> = loaded.order.lines.iter().map(|line| loaded.line(line)).collect(),
        /// The total price: the sum of the lines.
        total: Money = Money(loaded.order.total.clone()),
        /// When the order was placed.
        placed_at: DateTime = DateTime(loaded.order.placed_at),
        /// When the status last changed.
        updated_at: DateTime = DateTime(loaded.order.updated_at),
        /// The version: 1 at first, incremented by every change.
        version: i32 = loaded.order.version,
    }
    /// The buyer, as they are today.
    async fn user(&self, ctx: &Context<'_>) -> Maybe<User> {
        Some(match &self.0.user {
            Some(user) => Ok(User(user.clone())),
            None => load(ctx, self.0.order.user_id).await.map(User),
        })
    }
}

/// A line of an order, with its product if it was loaded together.
pub struct LoadedLine {
    line: orders::OrderLine,
    product: Option<products::Product>,
}

object! {
    /// A product, a quantity and the price when the order was placed.
    OrderLine(LoadedLine) |loaded| {
        /// The id of the product.
        product_id: ID = loaded.line.product_id.0.into(),
        /// The number of pieces.
        quantity: i32 = loaded.line.quantity,
        /// The price of one piece when the order was placed.
        unit_price: Money = Money(loaded.line.unit_price.clone()),
        /// The price of the line: quantity times unit price.
        line_total: Money = Money(loaded.line.line_total.clone()),
    }
    /// The product, as it is today.
    async fn product(&self, ctx: &Context<'_>) -> Maybe<Product> {
        Some(match &self.0.product {
            Some(product) => Ok(Product(product.clone())),
            None => load(ctx, self.0.line.product_id).await.map(Product),
        })
    }
}
