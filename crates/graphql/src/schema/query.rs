//! Which fields look and change nothing?

use super::{Maybe, ask};
use crate::messages::carts::Cart;
use crate::messages::events::EventPage;
use crate::messages::input::{arguments, given};
use crate::messages::logins::Caller;
use crate::messages::orders::{Order, OrderStatus};
use crate::messages::page::Connection;
use crate::messages::products::Product;
use crate::messages::users::User;
use crate::messages::webhooks::{Delivery, Webhook};
use async_graphql::{Context, ID, Object};
use domain::access::WhoAmI;
use domain::carts::GetCart;
use domain::events::ListEvents;
use domain::orders::{GetOrder, GetOrderDetails, ListOrders};
use domain::products::{GetProduct, SearchProducts};
use domain::users::{GetUser, ListUsers};
use domain::webhooks::{GetWebhook, ListDeliveries, ListWebhooks};

/// The fields of a query.
pub struct Query;

/// What can be looked at.
#[Object]
impl Query {
    /// Lists users.
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these users; ids of nobody are left out of the answer.")] ids: Option<Vec<ID>>,
        #[graphql(desc = "The most items of the page; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only what comes after it.")] after: Option<String>,
    ) -> Maybe<Connection<User>> {
        let resumed = after.is_some();
        let input = arguments([("ids", given(ids)), ("first", given(first)), ("after", given(after))]);
        let page = ask::<ListUsers>(ctx, input).await;
        Some(page.map(|page| Connection::new(page, resumed, |user| user.id.0, User)))
    }

    /// Returns a user.
    async fn user(&self, ctx: &Context<'_>, #[graphql(desc = "The user.")] id: ID) -> Maybe<User> {
        Some(ask::<GetUser>(ctx, arguments([("id", given(id))])).await.map(User))
    }

    /// Lists products: all, or those with a text in their name or description.
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only products with this in their name or description, in whatever case.")] query: Option<
            String,
        >,
        #[graphql(desc = "Only these products; ids of nothing are left out of the answer.")] ids: Option<Vec<ID>>,
        #[graphql(desc = "The most items of the page; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only what comes after it.")] after: Option<String>,
    ) -> Maybe<Connection<Product>> {
        let resumed = after.is_some();
        let input =
            arguments([("query", given(query)), ("ids", given(ids)), ("first", given(first)), ("after", given(after))]);
        let page = ask::<SearchProducts>(ctx, input).await;
        Some(page.map(|page| Connection::new(page, resumed, |product| product.id.0, Product)))
    }

    /// Returns a product.
    async fn product(&self, ctx: &Context<'_>, #[graphql(desc = "The product.")] id: ID) -> Maybe<Product> {
        Some(ask::<GetProduct>(ctx, arguments([("id", given(id))])).await.map(Product))
    }

    /// Returns a user's cart at today's prices.
    async fn cart(&self, ctx: &Context<'_>, #[graphql(desc = "The user.")] user_id: ID) -> Maybe<Cart> {
        Some(ask::<GetCart>(ctx, arguments([("userId", given(user_id))])).await.map(Cart))
    }

    /// Lists orders.
    #[allow(clippy::too_many_arguments)]
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this user's orders.")] user_id: Option<ID>,
        #[graphql(desc = "Only orders that have come just this far.")] status: Option<OrderStatus>,
        #[graphql(desc = "Only these orders; ids of nothing are left out of the answer.")] ids: Option<Vec<ID>>,
        #[graphql(desc = "The most items of the page; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only what comes after it.")] after: Option<String>,
    ) -> Maybe<Connection<Order>> {
        let resumed = after.is_some();
        let input = arguments([
            ("userId", given(user_id)),
            ("status", given(status)),
            ("ids", given(ids)),
            ("first", given(first)),
            ("after", given(after)),
        ]);
        let page = ask::<ListOrders>(ctx, input).await;
        Some(page.map(|page| Connection::new(page, resumed, |order| order.id.0, Order::from)))
    }

    /// Tells one order; with its user and its products in one look, if they are selected.
    async fn order(&self, ctx: &Context<'_>, #[graphql(desc = "The order.")] id: ID) -> Maybe<Order> {
        let selected = ctx.look_ahead();
        let whole = selected.field("user").exists() || selected.field("lines").field("product").exists();
        let input = arguments([("id", given(id))]);
        Some(if whole {
            ask::<GetOrderDetails>(ctx, input).await.map(Order::from)
        } else {
            ask::<GetOrder>(ctx, input).await.map(Order::from)
        })
    }

    /// Lists events, the oldest first.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only events after this `seq`; from the oldest if absent.")] after: Option<i32>,
        #[graphql(desc = "The most items of the page; 20 if absent.")] first: Option<i32>,
        #[graphql(
            desc = "How many seconds to wait for an event, if there is none yet; no time if absent. The answer comes with the first."
        )]
        wait_seconds: Option<i32>,
    ) -> Maybe<EventPage> {
        let input = arguments([("after", given(after)), ("first", given(first)), ("waitSeconds", given(wait_seconds))]);
        Some(ask::<ListEvents>(ctx, input).await.map(EventPage))
    }

    /// Returns the authenticated caller.
    async fn me(&self, ctx: &Context<'_>) -> Maybe<Caller> {
        Some(ask::<WhoAmI>(ctx, arguments([])).await.map(Caller))
    }

    /// Lists webhooks: the addresses that are called for each event.
    async fn webhooks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The most items of the page; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only what comes after it.")] after: Option<String>,
    ) -> Maybe<Connection<Webhook>> {
        let resumed = after.is_some();
        let input = arguments([("first", given(first)), ("after", given(after))]);
        let page = ask::<ListWebhooks>(ctx, input).await;
        Some(page.map(|page| Connection::new(page, resumed, |webhook| webhook.id.0, Webhook)))
    }

    /// Returns a webhook.
    async fn webhook(&self, ctx: &Context<'_>, #[graphql(desc = "The webhook.")] id: ID) -> Maybe<Webhook> {
        Some(ask::<GetWebhook>(ctx, arguments([("id", given(id))])).await.map(Webhook))
    }

    /// Lists deliveries to webhooks, and their outcomes.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those to this webhook.")] webhook_id: Option<ID>,
        #[graphql(desc = "The most items of the page; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only what comes after it.")] after: Option<String>,
    ) -> Maybe<Connection<Delivery>> {
        let resumed = after.is_some();
        let input = arguments([("webhookId", given(webhook_id)), ("first", given(first)), ("after", given(after))]);
        let page = ask::<ListDeliveries>(ctx, input).await;
        Some(page.map(|page| Connection::new(page, resumed, |delivery| delivery.id.0, Delivery)))
    }
}
