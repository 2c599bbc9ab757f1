//! The queries.

use crate::errors::Maybe;
use crate::messages::events::{Delivery, EventPage, Webhook};
use crate::messages::input::{Given, arguments};
use crate::messages::page::Connection;
use crate::messages::shop::{Caller, Cart, Order, OrderStatus, Product, User};
use async_graphql::{Context, Error, ID, Object, Value};
use domain::access::WhoAmI;
use domain::carts::GetCart;
use domain::events::ListEvents;
use domain::operations::Input;
use domain::orders::{GetOrder, GetOrderDetails, ListOrders};
use domain::products::{GetProduct, SearchProducts};
use domain::users::{GetUser, ListUsers};
use domain::webhooks::{GetWebhook, ListDeliveries, ListWebhooks};

/// The fields of a query.
pub struct Query;

/// The queries of the shop.
#[Object]
impl Query {
    /// Lists users.
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these users; unknown ids are ignored.")] ids: Option<Vec<ID>>,
        #[graphql(desc = "The maximum number of items; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only items after it.")] after: Option<String>,
    ) -> Maybe<Connection<User>> {
        let page = call::<ListUsers>(ctx, arguments!(ids, first, after)).await;
        Some(page.map(|page| Connection::new(page, after.is_some(), |user| user.id.0, User)))
    }

    /// Returns a user.
    async fn user(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the user.")] id: ID) -> Maybe<User> {
        Some(call::<GetUser>(ctx, arguments!(id)).await.map(User))
    }

    /// Lists products: all, or those with a text in their name or description.
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only products with this text in their name or description, in upper or lower case.")]
        query: Option<String>,
        #[graphql(desc = "Only these products; unknown ids are ignored.")] ids: Option<Vec<ID>>,
        #[graphql(desc = "The maximum number of items; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only items after it.")] after: Option<String>,
    ) -> Maybe<Connection<Product>> {
        let page = call::<SearchProducts>(ctx, arguments!(query, ids, first, after)).await;
        Some(page.map(|page| Connection::new(page, after.is_some(), |product| product.id.0, Product)))
    }

    /// Returns a product.
    async fn product(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the product.")] id: ID) -> Maybe<Product> {
        Some(call::<GetProduct>(ctx, arguments!(id)).await.map(Product))
    }

    /// Returns a user's cart at today's prices.
    async fn cart(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the user.")] user_id: ID) -> Maybe<Cart> {
        Some(call::<GetCart>(ctx, arguments!(user_id)).await.map(Cart))
    }

    /// Lists orders.
    #[allow(clippy::too_many_arguments)]
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only orders of this user.")] user_id: Option<ID>,
        #[graphql(desc = "Only orders with this status.")] status: Option<OrderStatus>,
        #[graphql(desc = "Only these orders; unknown ids are ignored.")] ids: Option<Vec<ID>>,
        #[graphql(desc = "The maximum number of items; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only items after it.")] after: Option<String>,
    ) -> Maybe<Connection<Order>> {
        let page = call::<ListOrders>(ctx, arguments!(user_id, status, ids, first, after)).await;
        Some(page.map(|page| Connection::new(page, after.is_some(), |order| order.id.0, Order::from)))
    }

    /// Returns an order, with its user and its products in one query if they are selected.
    async fn order(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the order.")] id: ID) -> Maybe<Order> {
        let selected = ctx.look_ahead();
        let whole = selected.field("user").exists() || selected.field("lines").field("product").exists();
        let input = arguments!(id);
        Some(if whole {
            call::<GetOrderDetails>(ctx, input).await.map(Order::from)
        } else {
            call::<GetOrder>(ctx, input).await.map(Order::from)
        })
    }

    /// Lists events, oldest first.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only events after this `seq`; from the oldest if absent.")] after: Option<i32>,
        #[graphql(desc = "The maximum number of items; 20 if absent.")] first: Option<i32>,
        #[graphql(
            desc = "How many seconds to wait for an event if there is none yet (long polling); 0 if absent. The response is sent at the first event."
        )]
        wait_seconds: Option<i32>,
    ) -> Maybe<EventPage> {
        Some(call::<ListEvents>(ctx, arguments!(after, first, wait_seconds)).await.map(EventPage))
    }

    /// Returns the authenticated caller.
    async fn me(&self, ctx: &Context<'_>) -> Maybe<Caller> {
        Some(call::<WhoAmI>(ctx, arguments!()).await.map(Caller))
    }

    /// Lists webhooks: the URLs that are called for each event.
    async fn webhooks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The maximum number of items; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only items after it.")] after: Option<String>,
    ) -> Maybe<Connection<Webhook>> {
        let page = call::<ListWebhooks>(ctx, arguments!(first, after)).await;
        Some(page.map(|page| Connection::new(page, after.is_some(), |webhook| webhook.id.0, Webhook)))
    }

    /// Returns a webhook.
    async fn webhook(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the webhook.")] id: ID) -> Maybe<Webhook> {
        Some(call::<GetWebhook>(ctx, arguments!(id)).await.map(Webhook))
    }

    /// Lists webhook deliveries and their outcomes.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only deliveries to this webhook.")] webhook_id: Option<ID>,
        #[graphql(desc = "The maximum number of items; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only items after it.")] after: Option<String>,
    ) -> Maybe<Connection<Delivery>> {
        let page = call::<ListDeliveries>(ctx, arguments!(webhook_id, first, after)).await;
        Some(page.map(|page| Connection::new(page, after.is_some(), |delivery| delivery.id.0, Delivery)))
    }
}

/// Calls the shop with the arguments of a field.
async fn call<I: Input>(ctx: &Context<'_>, arguments: Value) -> Result<I::Reply, Error> {
    Given::<I>::read(arguments).call(ctx).await
}
