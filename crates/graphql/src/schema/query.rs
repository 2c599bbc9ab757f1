//! The queries.

use crate::errors::Maybe;
use crate::messages::carts::Cart;
use crate::messages::events::EventPage;
use crate::messages::input::{Given, arguments, given};
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
        let resumed = after.is_some();
        let input = arguments([("ids", given(ids)), ("first", given(first)), ("after", given(after))]);
        let page = call_request::<ListUsers>(ctx, input).await;
        Some(page.map(|page| Connection::new(page, resumed, |user| user.id.0, User)))
    }

    /// Returns a user.
    async fn user(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the user.")] id: ID) -> Maybe<User> {
        Some(call_request::<GetUser>(ctx, arguments([("id", given(id))])).await.map(User))
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
        let resumed = after.is_some();
        let input =
            arguments([("query", given(query)), ("ids", given(ids)), ("first", given(first)), ("after", given(after))]);
        let page = call_request::<SearchProducts>(ctx, input).await;
        Some(page.map(|page| Connection::new(page, resumed, |product| product.id.0, Product)))
    }

    /// Returns a product.
    async fn product(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the product.")] id: ID) -> Maybe<Product> {
        Some(call_request::<GetProduct>(ctx, arguments([("id", given(id))])).await.map(Product))
    }

    /// Returns a user's cart at today's prices.
    async fn cart(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the user.")] user_id: ID) -> Maybe<Cart> {
        Some(call_request::<GetCart>(ctx, arguments([("userId", given(user_id))])).await.map(Cart))
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
        let resumed = after.is_some();
        let input = arguments([
            ("userId", given(user_id)),
            ("status", given(status)),
            ("ids", given(ids)),
            ("first", given(first)),
            ("after", given(after)),
        ]);
        let page = call_request::<ListOrders>(ctx, input).await;
        Some(page.map(|page| Connection::new(page, resumed, |order| order.id.0, Order::from)))
    }

    /// Returns an order, with its user and its products in one query if they are selected.
    async fn order(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the order.")] id: ID) -> Maybe<Order> {
        let selected = ctx.look_ahead();
        let whole = selected.field("user").exists() || selected.field("lines").field("product").exists();
        let input = arguments([("id", given(id))]);
        Some(if whole {
            call_request::<GetOrderDetails>(ctx, input).await.map(Order::from)
        } else {
            call_request::<GetOrder>(ctx, input).await.map(Order::from)
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
        let input = arguments([("after", given(after)), ("first", given(first)), ("waitSeconds", given(wait_seconds))]);
        Some(call_request::<ListEvents>(ctx, input).await.map(EventPage))
    }

    /// Returns the authenticated caller.
    async fn me(&self, ctx: &Context<'_>) -> Maybe<Caller> {
        Some(call_request::<WhoAmI>(ctx, arguments([])).await.map(Caller))
    }

    /// Lists webhooks: the URLs that are called for each event.
    async fn webhooks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The maximum number of items; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only items after it.")] after: Option<String>,
    ) -> Maybe<Connection<Webhook>> {
        let resumed = after.is_some();
        let input = arguments([("first", given(first)), ("after", given(after))]);
        let page = call_request::<ListWebhooks>(ctx, input).await;
        Some(page.map(|page| Connection::new(page, resumed, |webhook| webhook.id.0, Webhook)))
    }

    /// Returns a webhook.
    async fn webhook(&self, ctx: &Context<'_>, #[graphql(desc = "The id of the webhook.")] id: ID) -> Maybe<Webhook> {
        Some(call_request::<GetWebhook>(ctx, arguments([("id", given(id))])).await.map(Webhook))
    }

    /// Lists webhook deliveries and their outcomes.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only deliveries to this webhook.")] webhook_id: Option<ID>,
        #[graphql(desc = "The maximum number of items; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only items after it.")] after: Option<String>,
    ) -> Maybe<Connection<Delivery>> {
        let resumed = after.is_some();
        let input = arguments([("webhookId", given(webhook_id)), ("first", given(first)), ("after", given(after))]);
        let page = call_request::<ListDeliveries>(ctx, input).await;
        Some(page.map(|page| Connection::new(page, resumed, |delivery| delivery.id.0, Delivery)))
    }
}

/// Calls the shop with the arguments of a field.
async fn call_request<I: Input>(
    ctx: &Context<'_>,
    arguments: async_graphql::Value,
) -> Result<I::Reply, async_graphql::Error> {
    Given::<I>::read(arguments).call(ctx).await
}
